import { createHash } from 'node:crypto'
import type { Canary } from './canaries.ts'

/** One spelling of a canary. */
interface Needle {
  readonly canary: Canary
  readonly how: string
  readonly text: string
}

export interface Hit {
  readonly at: string
  readonly how: string
}

/** Too short a spelling is met by chance. */
const SHORTEST = 4

/** Looks for every canary in every spelling that is tried; bytes are latin1. */
export class CanarySearch {
  private readonly exact: NeedleIndex
  private readonly anyCase: NeedleIndex
  private readonly bare: NeedleIndex

  constructor(canaries: readonly Canary[]) {
    this.exact = new NeedleIndex(canaries.flatMap(exactNeedles))
    this.anyCase = new NeedleIndex(canaries.flatMap(anyCaseNeedles))
    this.bare = new NeedleIndex(
      canaries.flatMap((canary) =>
        bareSpellings(canary).flatMap((text) => [
          { canary, how: 'bare', text },
          { canary, how: 'bare, reversed', text: reversed(text) },
        ]),
      ),
    )
  }

  /** In one stretch of bytes. */
  find(bytes: string): Hit[] {
    const lower = bytes.toLowerCase()
    return [...this.exact.find(bytes), ...this.anyCase.find(lower), ...this.bare.find(stripped(lower))]
  }

  /** In bytes, with what JSON and XML escape decoded as well. */
  findDecoded(bytes: string): Hit[] {
    const decoded = unescaped(bytes)
    return decoded === bytes ? this.find(bytes) : [...this.find(bytes), ...this.find(decoded)]
  }
}

/** Many needles at once: by their first four characters. */
class NeedleIndex {
  private readonly byStart = new Map<number, Needle[]>()

  constructor(needles: readonly Needle[]) {
    for (const needle of needles) {
      const key = startAt(needle.text, 0)
      const known = this.byStart.get(key)
      if (known === undefined) this.byStart.set(key, [needle])
      else known.push(needle)
    }
  }

  find(text: string): Hit[] {
    const hits: Hit[] = []
    for (let at = 0; at + SHORTEST <= text.length; at++) {
      for (const { text: needle, canary, how } of this.byStart.get(startAt(text, at)) ?? [])
        if (text.startsWith(needle, at)) hits.push({ at: canary.at, how })
    }
    return hits
  }
}

const startAt = (text: string, at: number): number =>
  (text.charCodeAt(at) << 24) | (text.charCodeAt(at + 1) << 16) | (text.charCodeAt(at + 2) << 8) | text.charCodeAt(at + 3)

/** What a value may be cut into: cells joined along rows and along columns, and numbers read as character codes. `null` cells are left out. */
export function joinings(rows: readonly (readonly (string | null)[])[]): string[] {
  const width = Math.max(0, ...rows.map((row) => row.length))
  const columns = Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? ''))
  const lines = [...rows.map((row) => row.map((cell) => cell ?? '')), ...columns, columns.flat(), rows.flat().map((cell) => cell ?? '')]
  return lines.flatMap((cells) => {
    const codes = cells.filter((cell) => /^\d{2,3}$/.test(cell)).map(Number)
    return [cells.join(''), String.fromCharCode(...codes)]
  })
}

function exactNeedles(canary: Canary): Needle[] {
  const bytes = textBytes(canary)
  const found: Needle[] = []
  const add = (how: string, text: string): void => {
    if (text.length >= SHORTEST) found.push({ canary, how, text })
  }
  for (const [how, form] of [
    ['base64', bytes],
    ['base64, lower', Buffer.from(canary.value.toLowerCase())],
    ['base64, upper', Buffer.from(canary.value.toUpperCase())],
    ['base64, reversed', Buffer.from(reversed(canary.value))],
  ] as const) {
    for (const text of base64Spellings(form)) add(how, text)
  }
  for (const [how, raw] of binaryForms(canary)) {
    add(how, raw.toString('latin1'))
    for (const text of base64Spellings(raw)) add(`${how}, base64`, text)
  }
  return found
}

function anyCaseNeedles(canary: Canary): Needle[] {
  const found: Needle[] = []
  const add = (how: string, text: string): void => {
    found.push({ canary, how, text: text.toLowerCase() })
  }
  for (const value of spellings(canary)) {
    const bytes = Buffer.from(value)
    add('plain', value)
    add('reversed', reversed(value))
    add('url-encoded', [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''))
    add('octal', [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''))
    add('code points', [...value].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''))
    for (const between of [',', ', ', ' ', '', '-', '|']) add('character codes', [...bytes].map(String).join(between))
    for (const cased of [value, value.toLowerCase(), value.toUpperCase()]) {
      add('hex', Buffer.from(cased).toString('hex'))
      add('bits', [...Buffer.from(cased)].map((byte) => byte.toString(2).padStart(8, '0')).join(''))
      for (const hash of ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512']) add(hash, createHash(hash).update(cased).digest('hex'))
    }
  }
  for (const [how, raw] of binaryForms(canary)) {
    if (raw.length < SHORTEST) continue
    add(`${how}, hex`, raw.toString('hex'))
    for (const hash of ['md5', 'sha256']) add(`${how}, ${hash}`, createHash(hash).update(raw).digest('hex'))
  }
  return found.filter(({ text }) => text.length >= SHORTEST)
}

/** Letters and digits only, so that separators and cuts do not hide it. */
function bareSpellings(canary: Canary): string[] {
  return spellings(canary)
    .map((value) => stripped(value.toLowerCase()))
    .filter((text) => text.length >= 8)
}

const stripped = (text: string): string => text.replaceAll(/[^a-z0-9]+/g, '')
const reversed = (text: string): string => [...text].reverse().join('')
const textBytes = (canary: Canary): Buffer => Buffer.from(canary.value)

/** The three ways in which bytes lie in a longer base64 text. */
function base64Spellings(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const all = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '')
    // The first and last letters mix with what stands beside.
    return all.slice(shift === 0 ? 0 : shift + 1, all.length - ((bytes.length + shift) % 3 === 0 ? 0 : 1))
  })
}

/** How a value may be written as text by a server or by a function of the manual's. */
function spellings({ kind, value }: Canary): string[] {
  switch (kind) {
    case 'integer': {
      const n = BigInt(value)
      return [value, n.toLocaleString('en-US'), n.toString(16), n.toString(8), n.toString(2), `-${value}`]
    }
    case 'decimal':
    case 'float': {
      const [whole = '', part = ''] = value.split('.')
      return [value, BigInt(whole).toLocaleString('en-US') + (part && `.${part}`), whole, exponent(value)]
    }
    case 'date': {
      const day = new Date(`${value}T00:00:00Z`)
      const [y = '', mo = '', d = ''] = value.split('-')
      const days = day.getTime() / 86_400_000
      const month = day.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })
      const long = day.toLocaleString('en-US', { month: 'long', timeZone: 'UTC' })
      return [
        value,
        `${y}${mo}${d}`,
        `${mo}/${d}/${y}`,
        `${d}/${mo}/${y}`,
        `${mo}-${d}-${y}`,
        `${d} ${month} ${y}`,
        `${d} ${long} ${y}`,
        `${month} ${d} ${y}`,
      ].concat([`${d}.${mo}.${y}`, String(day.getTime() / 1000), `J${days + 2_440_588}`, String(days + 2_440_588)])
    }
    case 'timestamp': {
      const iso = value.replace(' ', 'T').replace('+00', 'Z')
      const seconds = Math.floor(Date.parse(iso) / 1000)
      return [value.replace('+00', ''), iso.replace('Z', ''), value.slice(11, 26), String(seconds)]
    }
    case 'uuid':
      return [value, value.replaceAll('-', '')]
    case 'bytes':
      return [value]
    case 'interval':
      return [value, value.slice(8), value.slice(8, 16)]
    case 'bits':
      return [value, BigInt(`0b${value}`).toString(16), BigInt(`0b${value}`).toString(), BigInt.asIntN(32, BigInt(`0b${value}`)).toString()]
    case 'inet':
      return [
        value,
        value
          .split('.')
          .map((part) => Number(part).toString(16).padStart(2, '0'))
          .join(''),
      ]
    case 'text':
      return [value]
  }
}

/** `4.8e+07` to the last digit. */
const exponent = (value: string): string => Number(value).toExponential()

/** As the types' own send functions write it. */
function binaryForms({ kind, value }: Canary): (readonly [how: string, bytes: Buffer])[] {
  const buffer = Buffer.alloc(8)
  const copy = (end = 8): Buffer => Buffer.from(buffer.subarray(0, end))
  switch (kind) {
    case 'integer': {
      const n = BigInt(value)
      buffer.writeBigInt64BE(n)
      const long = copy()
      if (n > 0x7fff_ffffn) return [['int8', long], numericForm(value)]
      buffer.writeInt32BE(Number(n))
      const int4 = copy(4)
      buffer.writeDoubleBE(Number(n))
      return [['int4', int4], ['float8', copy()], numericForm(value)]
    }
    case 'decimal':
    case 'float': {
      buffer.writeDoubleBE(Number(value))
      const float8 = copy()
      buffer.writeBigInt64BE(BigInt(Math.round(Number(value) * 100)))
      return [['float8', float8], ['money', copy()], numericForm(value)]
    }
    case 'date': {
      buffer.writeInt32BE(Math.round((Date.parse(`${value}T00:00:00Z`) - Date.UTC(2000, 0, 1)) / 86_400_000))
      return [['date', copy(4)]]
    }
    case 'timestamp': {
      const whole = Date.parse(`${value.slice(0, 19).replace(' ', 'T')}Z`) - Date.UTC(2000, 0, 1)
      buffer.writeBigInt64BE(BigInt(whole) * 1000n + BigInt(value.slice(20, 26)))
      return [['timestamptz', copy()]]
    }
    case 'uuid':
      return [['uuid', Buffer.from(value.replaceAll('-', ''), 'hex')]]
    case 'bytes':
      return [['bytea', Buffer.from(value, 'hex')]]
    case 'inet':
      return [['inet', Buffer.from(value.split('.').map(Number))]]
    case 'bits':
      buffer.writeUInt32BE(Number(BigInt(`0b${value}`)))
      return [['bit', copy(4)]]
    default:
      return []
  }
}

/** Digits of base 10000, from the point outwards. */
function numericForm(value: string): readonly [string, Buffer] {
  const [whole = '', part = ''] = value.split('.')
  const left = whole.padStart(Math.ceil(whole.length / 4) * 4, '0')
  const right = part.padEnd(Math.ceil(part.length / 4) * 4, '0')
  const digits = (left + right).match(/.{4}/g) ?? []
  const bytes = Buffer.alloc(digits.length * 2)
  for (const [at, digit] of digits.entries()) bytes.writeUInt16BE(Number(digit), at * 2)
  return ['numeric', bytes]
}

function unescaped(text: string): string {
  return text
    .replaceAll(/\\u00([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(/&#x([0-9a-f]{2});/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(/&#(\d{2,3});/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
