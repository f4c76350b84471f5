import { closeSync, fdatasync, fstatSync, openSync, rmSync, writeSync } from 'node:fs'

/** What the journal asks of the file system: the seam at which tests make a disk full. */
export interface JournalFiles {
  /** Creates a new file (0600). Throws if there is one already. */
  create(path: string): number
  /** Opens an existing file again for writing, without touching what is in it. */
  reopen(path: string): number
  /** Returns the bytes written, which can be fewer. */
  write(fd: number, bytes: Buffer, start: number, length: number, position: number): number
  /** False when the file has no name any more: somebody removed it under us. */
  exists(fd: number): boolean
  /** Forces it to the disk, off this thread, and closes it. */
  retire(fd: number): void
  close(fd: number): void
  /** Takes away a file that was begun and could not be. */
  remove(path: string): void
}

export const nodeJournalFiles: JournalFiles = {
  create: (path) => openSync(path, 'wx', 0o600),
  reopen: (path) => openSync(path, 'r+'),
  write: (fd, bytes, start, length, position) => writeSync(fd, bytes, start, length, position),
  exists: (fd) => fstatSync(fd).nlink > 0,
  retire: (fd) => {
    fdatasync(fd, () => closeSync(fd))
  },
  close: (fd) => closeSync(fd),
  remove: (path) => rmSync(path, { force: true }),
}
