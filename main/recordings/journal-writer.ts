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
  readonly now: () => number
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
 * doubled, and nothing needs a restart.
 * A process that dies, killed or crashed, loses nothing committed: the bytes are with the operating system. Power loss is another matter: the
 * disk is only forced (fdatasync) when a segment is full and at close, since per statement that costs 0.6 ms; up to what the system had
 * not yet written back (30 s on Linux as it comes) can then be missing from the end, and the chain shows where it ends.
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
    const { buffer } = this
    const end = buffer.length
    buffer.u32At(HASH_BYTES, end - PAYLOAD)
    const hash = sha256(buffer.bytes.subarray(0, end))
    buffer.reserve(HASH_BYTES)
    buffer.latin1(hash)
    const problem = this.#write(buffer.bytes, HASH_BYTES, buffer.length - HASH_BYTES)
    if (problem !== undefined) {
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

  /** For a slower timer: is the file still there? Writing to a file without a name would succeed and record nothing. */
  checkFile(): void {
    if (this.#fd === undefined || this.#failure !== undefined) return
    try {
      if (this.#options.files.exists(this.#fd)) {
        this.#rollByAge()
        return
      }
      this.#failure = REASONS['ENOENT']
    } catch (cause) {
      this.#failure = words(cause)
    }
    this.#dropHandle()
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
    try {
      this.#fd ??= files.reopen(this.#path())
      const before = performance.now()
      this.#writeAll(this.#fd, bytes, start, length, this.#position)
      const took = performance.now() - before
      if (took > this.#slowest || now() - this.#slowestAt > 60_000) {
        this.#slowest = took
        this.#slowestAt = now()
      }
      return undefined
    } catch (cause) {
      this.#dropHandle()
      return words(cause)
    }
  }

  /** A handle that failed is opened anew by the next try: it may be the handle that is bad (EBADF), not the disk. */
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

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full.',
  EDQUOT: 'The disk quota is used up.',
  EIO: 'The disk reports an error.',
  EBADF: 'The journal file was closed under us.',
  EACCES: 'The journal file may not be written.',
  EPERM: 'The journal file may not be written.',
  EROFS: 'The disk is read-only.',
  ENOENT: 'The journal file was removed. Restart the host: it will begin a new file.',
  EFBIG: 'The journal file may not grow further.',
}

function words(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const known = REASONS[code]
  if (known !== undefined) return `${known} (${code})`
  return cause instanceof Error ? cause.message : String(cause)
}
