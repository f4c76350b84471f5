import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** What the journal asks of the file system: the seam at which tests make a disk full. */
export interface JournalFiles {
  /** Creates a new file (0600). Throws if there is one already. */
  create(path: string): number
  /** Opens an existing file again for writing, without touching what is in it. */
  reopen(path: string): number
  /** Returns the bytes written, which can be fewer. */
  write(fd: number, bytes: Buffer, start: number, length: number, position: number): number
  /** Forces what was written to the disk, and waits for it. */
  force(fd: number): void
  /** False when the name leads to another file, or to none: somebody removed, moved or replaced it under us. */
  isAt(fd: number, path: string): boolean
  /** Copies the first `length` bytes of an open file to a new one at `path`, and returns that one. Another that stands there is moved aside. */
  putBack(fd: number, path: string, length: number): number
  /** Forces it to the disk, off this thread, and closes it. */
  retire(fd: number): void
  close(fd: number): void
  /** Takes away a file that was begun and could not be. */
  remove(path: string): void
}

const COPY_BYTES = 1024 * 1024

export const nodeJournalFiles: JournalFiles = {
  create: (path) => openSync(path, 'wx+', 0o600),
  reopen: (path) => openSync(path, 'r+'),
  write: (fd, bytes, start, length, position) => writeSync(fd, bytes, start, length, position),
  force: (fd) => fdatasyncSync(fd),
  isAt,
  putBack,
  retire: (fd) => {
    fdatasync(fd, () => closeSync(fd))
  },
  close: (fd) => closeSync(fd),
  remove: (path) => rmSync(path, { force: true }),
}

function isAt(fd: number, path: string): boolean {
  const named = statSync(path, { throwIfNoEntry: false })
  const open = fstatSync(fd)
  return named !== undefined && named.ino === open.ino && named.dev === open.dev
}

/** A file without a name is there for as long as it is open: what was removed can be read from it. */
function putBack(fd: number, path: string, length: number): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) renameSync(path, `${path}.not-ours-${Date.now()}`)
  const draft = `${path}.back`
  rmSync(draft, { force: true })
  const made = openSync(draft, 'wx+', 0o600)
  try {
    const part = Buffer.allocUnsafe(Math.min(COPY_BYTES, length))
    for (let done = 0; done < length; ) {
      const read = readSync(fd, part, 0, Math.min(part.length, length - done), done)
      if (read === 0) throw new Error('the removed file is shorter than what was written')
      for (let written = 0; written < read; ) written += writeSync(made, part, written, read - written, done + written)
      done += read
    }
    renameSync(draft, path)
    return made
  } catch (cause) {
    closeSync(made)
    rmSync(draft, { force: true })
    throw cause
  }
}
