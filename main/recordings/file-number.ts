import { statSync } from 'node:fs'

/** Tells one file from another of the same name (its inode); undefined when there is none. */
export function fileNumber(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino
}
