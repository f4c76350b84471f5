import { join } from 'node:path'

/** Where things are in a data directory. Two databases, so that the filler's transactions never make an approval wait. */
export const hostFile = (dataDir: string): string => join(dataDir, 'host.db')
export const recordingsFile = (dataDir: string): string => join(dataDir, 'recordings.db')
export const journalDirectory = (dataDir: string): string => join(dataDir, 'journal')
