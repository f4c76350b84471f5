import { RE2JS } from 're2js'
import { GatewayError } from '../errors.ts'
import type { MaskForm, TextPattern } from '../verdict/policy.ts'
import { normalise } from './normalise.ts'
import { firstEscape, mayBeEscaped } from './number-prefilter.ts'
import { BUILT_IN_PATTERNS, type Finder, placeOf } from './patterns.ts'
import { type TokenScope, tokenFor } from './token.ts'

/** Something found, as offsets into the source. */
export interface Hit {
  readonly start: number
  readonly end: number
  readonly pattern: string
  readonly form: MaskForm
  /** What takes its place: printable ASCII that is safe inside JSON strings, XML, CSV, arrays and rows. Undefined: the whole value becomes NULL. */
  readonly replacement: string | undefined
}

/**
 * A place at or before the end of whatever could be found first in `[start, end)`, and in the same value; `end`: nothing could.
 */
export type FirstIn = (src: Buffer, start: number, end: number) => number

/** The patterns of one policy, ready to use. */
export interface PatternSet {
  readonly empty: boolean
  readonly names: readonly string[]
  /** The form for card numbers, when these are looked for. */
  readonly cards: MaskForm | undefined
  /** Never false where `find` would find something. */
  mayContain(src: Buffer, start: number, end: number): boolean
  /** What `mayContain` asks. The same array for as long as the set lives. */
  readonly filters: readonly FirstIn[]
  /** In order, without overlaps. */
  find(src: Buffer, start: number, end: number): Hit[]
  /** The only hit of a plain text, without an object for it: its place is in `only`. `SEVERAL`: ask `find`. */
  findOnly(src: Buffer, start: number, end: number): number
  readonly only: OnlyHit
}

/** Of the last `findOnly`, until the next. */
export interface OnlyHit {
  start: number
  end: number
  pattern: string
  replacement: Buffer | undefined
}

/** What `findOnly` answers. */
export const NONE = 0
export const ONE = 1
export const SEVERAL = 2

export const REDACTED = '*redacted*'

export const REDACTED_BYTES = Buffer.from(REDACTED)

const latin1 = (text: string | undefined): Buffer | undefined => (text === undefined ? undefined : Buffer.from(text, 'latin1'))

/** Nothing in it stands for anything else: no wide digits, no escapes (see `normalise`). */
function isPlain(src: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = src[i]!
    if (byte >= 0xc2 || byte === 0x5c || byte === 0x26) return false
  }
  return true
}

interface Compiled {
  readonly name: string
  readonly form: MaskForm
  readonly numeric: boolean
  readonly find: Finder
  readonly firstIn: FirstIn
}

/** Throws `GatewayError` (`misconfigured`) for a name that is not built in and has no regex, and for a regex that RE2 cannot read. */
export function compilePatterns(patterns: readonly TextPattern[], scope: Omit<TokenScope, 'label'>): PatternSet {
  const compiled = patterns.map(compileOne)
  // Cards and SSNs share their prefilter: ask it once.
  const filters = [...new Set(compiled.map((pattern) => pattern.firstIn))]
  const all = filters.length === 0 ? filters : [...filters, firstEscape]

  function find(src: Buffer, start: number, end: number): Hit[] {
    const hits: Hit[] = []
    const escaped = mayBeEscaped(src, start, end)
    let asked: Compiled['firstIn'] | undefined
    let possible = false
    for (const pattern of compiled) {
      if (pattern.firstIn !== asked) {
        asked = pattern.firstIn
        possible = asked(src, start, end) < end
      }
      if (!possible && !escaped) continue
      const add = (from: number, to: number, value: Buffer) => {
        const replacement = replacementFor(pattern, value, scope)
        hits.push({ start: from, end: to, pattern: pattern.name, form: pattern.form, replacement })
      }
      pattern.find(src, start, end, (from, to) => add(from, to, src.subarray(from, to)))
      const plain = normalise(src, start, end, pattern.numeric)
      if (plain === undefined) continue
      pattern.find(plain.bytes, 0, plain.bytes.length, (from, to) =>
        add(plain.from[from]!, plain.to[to - 1]!, plain.bytes.subarray(from, to)),
      )
    }
    return hits.length < 2 ? hits : withoutOverlaps(hits)
  }

  const only: OnlyHit = { start: 0, end: 0, pattern: '', replacement: undefined }
  let count = 0
  let finding: Compiled | undefined
  const note = (start: number, end: number): void => {
    count++
    only.start = start
    only.end = end
    if (finding !== undefined) only.pattern = finding.name
  }

  function findOnly(src: Buffer, start: number, end: number): number {
    if (!isPlain(src, start, end)) return SEVERAL
    count = 0
    let asked: Compiled['firstIn'] | undefined
    let from = start
    let hit: Compiled | undefined
    for (let i = 0; i < compiled.length && count < 2; i++) {
      const pattern = compiled[i]!
      if (pattern.firstIn !== asked) {
        asked = pattern.firstIn
        from = asked(src, start, end)
      }
      if (from >= end) continue
      finding = pattern
      const before = count
      pattern.find(src, start, end, note)
      if (count > before) hit = pattern
    }
    if (hit === undefined) return NONE
    if (count > 1) return SEVERAL
    only.replacement = hit.form === 'redact' ? REDACTED_BYTES : latin1(replacementFor(hit, src.subarray(only.start, only.end), scope))
    return ONE
  }

  return {
    empty: compiled.length === 0,
    names: compiled.map((pattern) => pattern.name),
    cards: compiled.find((pattern) => pattern.find === BUILT_IN_PATTERNS[0]!.find)?.form,
    mayContain: (src, start, end) => {
      for (const first of all) if (first(src, start, end) < end) return true
      return false
    },
    filters: all,
    find,
    findOnly,
    only,
  }
}

function compileOne(pattern: TextPattern): Compiled {
  if (pattern.regex !== undefined)
    return { name: pattern.name, form: pattern.mask, numeric: false, ...compileRegex(pattern.name, pattern.regex) }
  const builtIn = BUILT_IN_PATTERNS.find((one) => one.name === pattern.name)
  if (builtIn === undefined) {
    const names = BUILT_IN_PATTERNS.map((one) => one.name).join(', ')
    throw misconfigured(`no pattern "${pattern.name}" is built in (there are ${names}): give it a regex`)
  }
  return { name: pattern.name, form: pattern.mask, numeric: builtIn.numeric, find: builtIn.find, firstIn: builtIn.firstIn }
}

function compileRegex(name: string, regex: string): Pick<Compiled, 'find' | 'firstIn'> {
  let re: RE2JS
  try {
    re = RE2JS.compile(regex)
  } catch (cause) {
    throw misconfigured(`pattern "${name}": ${cause instanceof Error ? cause.message : 'not a regular expression'}`)
  }
  // What every match begins with, as RE2 itself worked it out; often empty.
  const known: unknown = re.re2().prefix
  const prefix = Buffer.from(typeof known === 'string' ? known : '')
  return {
    find: (src, start, end, found) => {
      // RE2 reads a byte array as UTF-8 and answers in bytes.
      const view = src.subarray(start, end)
      // Without positions RE2 has a faster way.
      if (!re.test(view)) return
      const matcher = re.matcher(view)
      while (matcher.find()) if (matcher.end() > matcher.start()) found(start + matcher.start(), start + matcher.end())
    },
    // COPY escapes control characters, backslashes and quotes.
    firstIn: /^[^\p{Cc}\\"']+$/u.test(prefix.toString()) ? (src, start, end) => placeOf(src, start, end, prefix) : (_src, start) => start,
  }
}

function replacementFor(pattern: Compiled, value: Buffer, scope: Omit<TokenScope, 'label'>): string | undefined {
  switch (pattern.form) {
    case 'null':
      return undefined
    case 'redact':
      return REDACTED
    case 'partial':
      return lastFour(pattern.numeric ? digitsOf(value) : value)
    case 'token':
      return tokenFor({ ...scope, label: pattern.name }, pattern.numeric ? digitsOf(value) : value)
  }
}

function digitsOf(value: Buffer): Buffer {
  return value.filter((byte) => byte >= 0x30 && byte <= 0x39) as Buffer
}

/** `****` and the last four characters, where these are plain letters and digits of a text at least twice as long; else nothing is shown. */
export function lastFour(value: Buffer): string {
  const tail = value.toString('latin1', Math.max(0, value.length - 4))
  return value.length >= 8 && /^[A-Za-z0-9]{4}$/.test(tail) ? `****${tail}` : REDACTED
}

const STRICTNESS: Record<MaskForm, number> = { token: 0, partial: 1, redact: 2, null: 3 }

/** Hits that touch become one, with the strictest form among them. */
function withoutOverlaps(hits: Hit[]): Hit[] {
  hits.sort((a, b) => a.start - b.start || b.end - a.end)
  const kept: Hit[] = []
  for (const hit of hits) {
    const last = kept.at(-1)
    if (last === undefined || hit.start >= last.end) kept.push(hit)
    else if (hit.end > last.end || STRICTNESS[hit.form] > STRICTNESS[last.form]) {
      const strictest = STRICTNESS[hit.form] > STRICTNESS[last.form] ? hit : last
      const same = hit.start === last.start && hit.end === last.end
      const replacement = strictest.form === 'null' ? undefined : same || strictest.form !== 'partial' ? strictest.replacement : REDACTED
      kept[kept.length - 1] = { ...strictest, start: last.start, end: Math.max(last.end, hit.end), replacement }
    }
  }
  return kept
}

function misconfigured(message: string): GatewayError {
  return new GatewayError({ code: 'misconfigured', sqlstate: 'F0000', message })
}
