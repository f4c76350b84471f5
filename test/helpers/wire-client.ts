/**
 * A PostgreSQL client that can misbehave: sends any bytes, cut anywhere, and keeps every message that comes back.
 * For tests only; shares no code with `proxy/`.
 */
import net from 'node:net'
import tls from 'node:tls'
import { type Column, decodeColumns, decodeFields, decodeRow, describeMessage, type Fields, type Message, MessageReader } from './decode.ts'
import * as encode from './encode.ts'
import { startScram } from './scram.ts'

export interface WireTarget {
  readonly host?: string
  readonly port: number
  /** `request`: SSLRequest first. `direct`: TLS from the first byte with ALPN `postgresql`. */
  readonly tls?: 'off' | 'request' | 'direct'
}

export interface LoginOptions {
  readonly user?: string
  readonly database?: string
  readonly password: string
  readonly parameters?: Readonly<Record<string, string>>
  readonly version?: number
}

/** What one statement, or one whole exchange up to ReadyForQuery, brought. */
export interface Answer {
  readonly messages: readonly Message[]
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly (Buffer | null)[])[]
  /** Rows as UTF-8 text. */
  readonly text: readonly (readonly (string | null)[])[]
  readonly tags: readonly string[]
  readonly errors: readonly Fields[]
  readonly notices: readonly Fields[]
  readonly copied: Buffer
  /** Transaction status of the last ReadyForQuery: `I`, `T`, `E`; undefined if none came. */
  readonly status: string | undefined
}

const DEFAULT_WAIT_MS = 10_000

export class Wire {
  readonly messages: Message[] = []
  readonly #socket: net.Socket
  readonly #reader = new MessageReader()
  readonly #wakers = new Set<() => void>()
  #taken = 0
  #ended = false
  #sink: ((chunk: Buffer) => void) | undefined

  constructor(socket: net.Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('error', () => this.#finish())
    socket.on('end', () => this.#finish())
    socket.on('close', () => this.#finish())
  }

  /** Opens a socket to the target, TLS included, and says nothing yet. */
  static async connect(target: WireTarget): Promise<Wire> {
    const plain = await open(target)
    if ((target.tls ?? 'off') === 'off') return new Wire(plain)
    if (target.tls === 'request') {
      plain.write(encode.sslRequest())
      const answer = await readByte(plain)
      if (answer !== 'S') throw new Error(`SSLRequest was answered ${JSON.stringify(answer)}`)
    }
    return new Wire(await upgrade(plain))
  }

  /** Opens a socket and logs in. Throws what the server said if it refuses. */
  static async login(target: WireTarget, options: LoginOptions): Promise<Wire> {
    const wire = await Wire.connect(target)
    const refused = await wire.login(options)
    if (refused) {
      wire.destroy()
      throw new Error(`${refused['C']}: ${refused['M']}`)
    }
    return wire
  }

  /** Startup, password or SCRAM, up to ReadyForQuery. Returns the refusal, or undefined. */
  async login(options: LoginOptions): Promise<Fields | undefined> {
    const { user = 'agent', database = 'shop', parameters = {} } = options
    this.send(encode.startup({ user, database, ...parameters }, options.version))
    return this.authenticate(options.password)
  }

  /** Answers whatever authentication the server asks for. */
  async authenticate(secret: string): Promise<Fields | undefined> {
    let scram: ReturnType<typeof startScram> | undefined
    for (;;) {
      const message = await this.next()
      if (message === undefined) return { C: 'closed', M: 'the server closed the connection' }
      if (message.tag === 'E') return decodeFields(message.body)
      if (message.tag === 'Z') return undefined
      if (message.tag !== 'R') continue
      const kind = message.body.readInt32BE(0)
      if (kind === 3) this.send(encode.password(secret))
      if (kind === 10) {
        scram = startScram(secret)
        this.send(encode.saslInitial('SCRAM-SHA-256', scram.first))
      }
      if (kind === 11 && scram) this.send(encode.saslResponse(scram.answer(message.body.subarray(4))))
    }
  }

  send(...parts: readonly Buffer[]): void {
    this.#socket.write(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts))
  }

  /** Sends in pieces of `size` bytes, each in a segment of its own. */
  async sendSplit(bytes: Buffer, size: number): Promise<void> {
    this.#socket.setNoDelay(true)
    for (let at = 0; at < bytes.length && !this.#ended; at += size) {
      await new Promise<void>((resolve) => this.#socket.write(bytes.subarray(at, at + size), () => resolve()))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** The next message, or undefined when the connection has ended. Throws after `waitMs`. */
  async next(waitMs = DEFAULT_WAIT_MS): Promise<Message | undefined> {
    const deadline = Date.now() + waitMs
    while (this.#taken >= this.messages.length) {
      if (this.#ended) return undefined
      if (!(await this.#wake(deadline)))
        throw new Error(`nothing came within ${waitMs} ms; so far: ${this.messages.slice(-5).map(describeMessage).join('; ')}`)
    }
    return this.messages[this.#taken++]
  }

  /** Messages up to and with the first that has one of the tags, or to the end. */
  async until(tags: string, waitMs = DEFAULT_WAIT_MS): Promise<Message[]> {
    const found: Message[] = []
    for (;;) {
      const message = await this.next(waitMs)
      if (message === undefined) return found
      found.push(message)
      if (tags.includes(message.tag)) return found
    }
  }

  /** Everything up to the n-th ReadyForQuery from here. */
  async answer(count = 1, waitMs = DEFAULT_WAIT_MS): Promise<Answer> {
    const found: Message[] = []
    for (let i = 0; i < count; i++) found.push(...(await this.until('Z', waitMs)))
    return summarise(found)
  }

  /** A simple query. */
  async query(sql: encode.Text, waitMs?: number): Promise<Answer> {
    this.send(encode.query(sql))
    return this.answer(1, waitMs)
  }

  /** Parse, Bind, Describe, Execute, Sync in one write. */
  async extended(
    sql: encode.Text,
    values: readonly encode.Value[] = [],
    options: encode.BindOptions & { readonly types?: readonly number[] } = {},
  ): Promise<Answer> {
    this.send(encode.parse(sql, '', options.types), encode.bind(values, options), encode.describePortal(), encode.execute(), encode.sync())
    return this.answer()
  }

  /** COPY … FROM STDIN with this data. */
  async copyIn(sql: string, data: readonly encode.Text[]): Promise<Answer> {
    this.send(encode.query(sql))
    const opening = await this.until('GEZ')
    if (opening.at(-1)?.tag === 'G') this.send(...data.map(encode.copyData), encode.copyDone())
    return summarise([...opening, ...(opening.at(-1)?.tag === 'Z' ? [] : await this.until('Z'))])
  }

  /** Process id and secret of BackendKeyData. */
  get key(): { readonly pid: number; readonly secret: Buffer } {
    const body = this.messages.find((message) => message.tag === 'K')?.body
    if (!body) throw new Error('no BackendKeyData came')
    return { pid: body.readInt32BE(0), secret: body.subarray(4) }
  }

  /** ParameterStatus as last told. */
  get parameters(): Readonly<Record<string, string>> {
    const pairs = this.messages.filter((message) => message.tag === 'S').map((message) => message.body.toString('utf8').split('\0'))
    return Object.fromEntries(pairs.map(([name, value]) => [name ?? '', value ?? '']))
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Resolves when the server has closed; false after `waitMs`. */
  async closed(waitMs = DEFAULT_WAIT_MS): Promise<boolean> {
    const deadline = Date.now() + waitMs
    while (!this.#ended) if (!(await this.#wake(deadline))) return false
    return true
  }

  /** Every byte from now on is kept as it came, not read as messages. */
  readRaw(): () => Buffer {
    const raw: Buffer[] = []
    this.#sink = (chunk) => raw.push(Buffer.from(chunk))
    return () => Buffer.concat(raw)
  }

  /** Sends, then throws away all that comes until the stream ends in `mark`; returns the last bytes. For bulk that no test looks into. */
  async discardUntil(mark: Buffer, send: () => void, waitMs = 60_000): Promise<Buffer> {
    let tail: Buffer = Buffer.alloc(0)
    let atEnd = false
    this.#sink = (chunk) => {
      tail = chunk.length >= 256 ? chunk.subarray(-256) : Buffer.concat([tail, chunk]).subarray(-256)
      atEnd = tail.subarray(-mark.length).equals(mark)
    }
    send()
    while (!atEnd && !this.#ended) await this.#wake(Date.now() + waitMs)
    this.#sink = undefined
    return tail
  }

  /** Bytes that were sent and that the other side has not taken yet, as far as this program knows. */
  get unsent(): number {
    return this.#socket.writableLength
  }

  /** Stops or resumes reading, as a slow client would. */
  pause(): void {
    this.#socket.pause()
  }
  resume(): void {
    this.#socket.resume()
  }

  /** Terminate, then close. */
  async end(): Promise<void> {
    if (!this.#ended) this.#socket.end(encode.terminate())
    await this.closed(2_000)
    this.#socket.destroy()
  }

  /** Gone without a word. */
  destroy(): void {
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    if (this.#sink) this.#sink(chunk)
    else this.messages.push(...this.#reader.read(chunk))
    this.#wakeAll()
  }

  #finish(): void {
    this.#ended = true
    this.#wakeAll()
  }

  #wakeAll(): void {
    for (const wake of [...this.#wakers]) wake()
  }

  async #wake(deadline: number): Promise<boolean> {
    const left = deadline - Date.now()
    if (left <= 0) return false
    return new Promise((resolve) => {
      const done = (came: boolean): void => {
        clearTimeout(timer)
        this.#wakers.delete(wake)
        resolve(came)
      }
      const wake = (): void => done(true)
      const timer = setTimeout(() => done(false), left)
      this.#wakers.add(wake)
    })
  }
}

/** Sends CancelRequest on a connection of its own. */
export async function cancel(target: WireTarget, key: { readonly pid: number; readonly secret: Buffer }): Promise<void> {
  const wire = await Wire.connect(target)
  wire.send(encode.cancelRequest(key.pid, key.secret))
  await wire.closed(5_000)
  wire.destroy()
}

export function summarise(messages: readonly Message[]): Answer {
  const of = (tag: string): Buffer[] => messages.filter((message) => message.tag === tag).map((message) => message.body)
  const rows = of('D').map(decodeRow)
  return {
    messages,
    columns: of('T').flatMap(decodeColumns),
    rows,
    text: rows.map((row) => row.map((value) => value?.toString('utf8') ?? null)),
    tags: of('C').map((body) => body.toString('utf8', 0, body.length - 1)),
    errors: of('E').map(decodeFields),
    notices: of('N').map(decodeFields),
    copied: Buffer.concat(of('d')),
    status: of('Z').at(-1)?.toString('latin1'),
  }
}

async function open(target: WireTarget): Promise<net.Socket> {
  const socket = net.connect({ host: target.host ?? '127.0.0.1', port: target.port })
  socket.setNoDelay(true)
  await settled(socket, 'connect')
  return socket
}

async function upgrade(plain: net.Socket): Promise<tls.TLSSocket> {
  // The tests' certificates are their own; what is tested here is the gateway's side.
  const socket = tls.connect({ socket: plain, rejectUnauthorized: false, ALPNProtocols: ['postgresql'] })
  await settled(socket, 'secureConnect')
  return socket
}

async function settled(socket: net.Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once(event, () => {
      socket.off('error', reject)
      resolve()
    })
    socket.once('error', reject)
  })
}

/** Exactly one byte, the rest left in the socket. */
async function readByte(socket: net.Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const read = (): void => {
      const byte: Buffer | null = socket.read(1)
      if (byte === null) return
      socket.off('readable', read)
      resolve(byte.toString('latin1'))
    }
    socket.on('readable', read)
    socket.once('error', reject)
    socket.once('end', () => reject(new Error('the server closed the connection')))
  })
}
