import { join } from 'node:path'
import { GatewayError } from '../../proxy/errors.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import { sha256 } from './hash.ts'
import type { JournalFiles } from './journal-files.ts'
import { HASH_BYTES, HEADER_BYTES, LENGTH_BYTES, MAGIC, segmentName } from './journal-format.ts'

/** Where the payload begins in the buffer: behind the hash before it and the length. */
const PAYLOAD = HASH_BYTES + LENGTH_BYTES
const SEGMENT_MS = 86_400_000

export interface JournalOptions {
  readonly directory: string
  readonly files: JournalFiles
  readonly firstSegment: number
  /** Hash of the last batch there is, 32 latin1 characters. */
  readonly head: string
  /** A segment that has grown to this many bytes is followed by the next. */
  readonly segmentBytes: number
  /** Each batch is forced to the disk (fdatasync) before its commit returns. */
  readonly forceEachCommit: boolean
  readonly now: () => number
  /** A file was removed under us, and what became of what it held, as a sentence. */
  readonly onIncident: (sentence: string) => void
}

export interface JournalState {
  readonly segment: number
  /** Bytes in this segment. */
  readonly position: number
  readonly totalBytes: number
  /** Why nothing can be written; undefined when all is well. */
  readonly failure: string | undefined
  readonly slowestWriteMs: number
}

/**
 * The append-only file. Records are put into `buffer`; `commit` writes all of them as one batch with one system call. A batch that could
 * not be written stays in memory and is written at the same place by a later commit, together with what came since: nothing is lost or
 * doubled, and nothing needs a restart. A file that somebody removes is put back from the open handle, whole; where that is gone too, the
 * next segment begins and the chain goes on in it, so that the gap shows.
 * A process that dies, killed or crashed, loses nothing committed: the bytes are with the operating system. Power loss is another matter: unless
 * `forceEachCommit` is set, the disk is forced behind, by who fills the search database (each 0.1 s or so), when a segment is full and at close.
 */
export class JournalWriter {
  readonly buffer = new GrowingBuffer(1 << 20)
  /** Goes up when a new segment begins: references must then be defined again. */
  segment: number
  /** Goes up with every batch: what was remembered of the buffer's places is then past. */
  batches = 0
  readonly #options: JournalOptions
  #fd: number | undefined
  #position = 0
  #total = 0
  #head: string
  #failure: string | undefined
  #slowest = 0
  #slowestAt = 0
  #begunAt = 0
  /** The file has lost its name and could not be put back yet: nothing is written meanwhile. */
  #away = false

  constructor(options: JournalOptions) {
    this.#options = options
    this.segment = options.firstSegment
    this.#head = options.head
    this.#begin(options.firstSegment)
  }

  get pendingBytes(): number {
    return this.buffer.length - PAYLOAD
  }

  get failed(): boolean {
    return this.#failure !== undefined
  }

  /** One write with everything appended since the last. Throws `GatewayError` (`recorder`). */
  commit(): void {
    if (this.buffer.length === PAYLOAD) return
    const failure = this.#tryCommit()
    if (failure === undefined) return
    throw new GatewayError({
      code: 'recorder',
      sqlstate: '58030',
      message: 'no statement passes: the record cannot be written',
      detail: failure,
      hint: 'Try again later; whoever runs this Sallyport host sees the reason on its pages.',
    })
  }

  /** The same for those who only want to know: a timer, a close. Returns why it failed. */
  #tryCommit(): string | undefined {
    const { buffer, segment } = this
    const end = buffer.length
    buffer.u32At(HASH_BYTES, end - PAYLOAD)
    const hash = sha256(buffer.bytes.subarray(0, end))
    buffer.reserve(HASH_BYTES)
    buffer.latin1(hash)
    const problem = this.#write(buffer.bytes, HASH_BYTES, buffer.length - HASH_BYTES)
    if (problem !== undefined) {
      if (this.segment !== segment) return problem
      buffer.length = end
      this.#failure = problem
      return problem
    }
    this.#failure = undefined
    this.#head = hash
    this.#position += buffer.length - HASH_BYTES
    this.#total += buffer.length - HASH_BYTES
    this.#resetBuffer()
    if (this.#position >= this.#options.segmentBytes) this.#roll()
    return undefined
  }

  /** For a timer: writes what waits. Never throws; a failure shows in `state`. */
  flush(): void {
    if (this.buffer.length > PAYLOAD) this.#tryCommit()
  }

  /** For a slower timer: is the file still there? Writing to a file without a name would succeed and record nothing that lasts. */
  checkFile(): void {
    const fd = this.#fd
    if (fd === undefined) return
    try {
      if (this.#options.files.isAt(fd, this.#path())) {
        if (this.#failure === undefined) this.#rollByAge()
        return
      }
      this.#away = true
      this.#putBack(fd)
    } catch (cause) {
      if (this.#away) this.#failure = `${REASONS['ENOENT']} It cannot be put back: ${words(cause)}`
      else this.#dropHandle()
    }
  }

  state(): JournalState {
    const recent = this.#options.now() - this.#slowestAt < 60_000
    return {
      segment: this.segment,
      position: this.#position,
      totalBytes: this.#total,
      failure: this.#failure,
      slowestWriteMs: recent ? this.#slowest : 0,
    }
  }

  /** Writes what waits and lets go of the file. Throws `GatewayError` (`recorder`) if it could not be written. */
  close(): void {
    this.checkFile()
    this.commit()
    if (this.#fd !== undefined) this.#options.files.retire(this.#fd)
    this.#fd = undefined
  }

  #resetBuffer(): void {
    this.batches += 1
    this.buffer.shrink(0)
    this.buffer.latin1(this.#head)
    this.buffer.u32(0)
  }

  #path(): string {
    return join(this.#options.directory, segmentName(this.segment))
  }

  /** The header is written before anything else can be appended, so a segment without one never holds a batch. Throws what the system says. */
  #begin(number: number): void {
    const { files, now, directory } = this.#options
    const path = join(directory, segmentName(number))
    const fd = files.create(path)
    const header = new GrowingBuffer(256)
    header.latin1(MAGIC)
    header.u32(number)
    header.f64(now())
    header.latin1(this.#head)
    const hash = sha256(header.bytes.subarray(0, header.length))
    header.latin1(hash)
    try {
      this.#writeAll(fd, header.bytes, 0, header.length, 0)
    } catch (cause) {
      files.close(fd)
      files.remove(path)
      throw cause
    }
    this.segment = number
    this.#begunAt = now()
    this.#fd = fd
    this.#failure = undefined
    this.#head = hash
    this.#position = header.length
    this.#total += header.length
    this.#resetBuffer()
  }

  /** A segment is removed whole, so none may hold more than a day: else what is due would wait for what is not. */
  #rollByAge(): void {
    if (this.#options.now() - this.#begunAt < SEGMENT_MS || this.#position <= HEADER_BYTES) return
    this.flush()
    if (this.#failure === undefined) this.#roll()
  }

  #roll(): void {
    const old = this.#fd
    try {
      this.#begin(this.segment + 1)
    } catch {
      // The disk is full just now: this segment goes on, and the next commit tries again.
      return
    }
    if (old !== undefined) this.#options.files.retire(old)
  }

  #writeAll(fd: number, bytes: Buffer, start: number, length: number, position: number): void {
    let done = 0
    while (done < length) {
      const written = this.#options.files.write(fd, bytes, start + done, length - done, position + done)
      if (written <= 0) throw new Error('the disk took no bytes')
      done += written
    }
  }

  #write(bytes: Buffer, start: number, length: number): string | undefined {
    const { files, now } = this.#options
    if (this.#away) return this.#failure ?? REASONS['ENOENT']
    try {
      this.#fd ??= files.reopen(this.#path())
      const before = performance.now()
      this.#writeAll(this.#fd, bytes, start, length, this.#position)
      if (this.#options.forceEachCommit) files.force(this.#fd)
      const took = performance.now() - before
      if (took > this.#slowest || now() - this.#slowestAt > 60_000) {
        this.#slowest = took
        this.#slowestAt = now()
      }
      return undefined
    } catch (cause) {
      if (this.#fd === undefined && codeOf(cause) === 'ENOENT') return this.#goOnWithout()
      // Perhaps it is the handle that is bad: the next try opens another. Of a full disk it is not, and it may be the file's last name.
      if (!KEEPS_HANDLE.has(codeOf(cause))) this.#dropHandle()
      return words(cause)
    }
  }

  #putBack(fd: number): void {
    const { files, onIncident } = this.#options
    const made = files.putBack(fd, this.#path(), this.#position)
    this.#fd = made
    this.#away = false
    this.#failure = undefined
    files.close(fd)
    onIncident(
      `Journal file ${segmentName(this.segment)} was removed or replaced under the running host. It was put back, with all that was written.`,
    )
  }

  /**
   * The file is gone, and no handle is left to put it back from. What waits names what was defined in it and cannot be read without, so it
   * goes with it: of statements that were not sent, and the ends of answers. Returns why the commit at hand failed all the same.
   */
  #goOnWithout(): string | undefined {
    const gone = segmentName(this.segment)
    const waited = this.pendingBytes
    try {
      this.#begin(this.segment + 1)
    } catch (cause) {
      return words(cause)
    }
    const sentence = `Journal file ${gone} was removed and could not be put back: what search had not taken in of it is lost, and ${waited} bytes that waited. The record goes on in ${segmentName(this.segment)}.`
    this.#options.onIncident(sentence)
    return sentence
  }

  #dropHandle(): void {
    if (this.#fd === undefined) return
    try {
      this.#options.files.close(this.#fd)
    } catch {
      // It was not open any more, which is why we let go of it.
    }
    this.#fd = undefined
  }
}

/** Errors that say nothing against the handle. */
const KEEPS_HANDLE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EAGAIN'])

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full.',
  EDQUOT: 'The disk quota is used up.',
  EIO: 'The disk reports an error.',
  EBADF: 'The journal file was closed under us.',
  EACCES: 'The journal file may not be written.',
  EPERM: 'The journal file may not be written.',
  EROFS: 'The disk is read-only.',
  ENOENT: 'The journal file was removed.',
  EFBIG: 'The journal file may not grow further.',
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}

function words(cause: unknown): string {
  const code = codeOf(cause)
  const known = REASONS[code]
  if (known !== undefined) return `${known} (${code})`
  return cause instanceof Error ? cause.message : String(cause)
}
