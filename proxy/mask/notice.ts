import type { Policy } from '../verdict/policy.ts'
import { HEADER } from '../wire/codes.ts'
import { ByteSink } from '../wire/sink.ts'
import { type PatternSet, REDACTED } from './pattern-set.ts'
import { patternsOf } from './policy-patterns.ts'
import { findQuoted } from './scan-respelled.ts'
import { scanText } from './scan-text.ts'
import { SQLSTATE_CLASSES, SQLSTATE_SENTENCES } from './sqlstate-sentences.ts'

export interface NoticeInput {
  /** The statement touches a sensitive column, or could: every text of the server's may quote it. */
  readonly touched: boolean
  /** The statement changes a table that has a sensitive column, and touches none: the server quotes the row whole. */
  readonly changed?: boolean
  readonly policy: Policy
}

/**
 * An ErrorResponse or NoticeResponse `[start, end)` with nothing sensitive in it (protocol, "Error and Notice Message Fields").
 * Undefined: it may go as it is. When the statement touched something sensitive, message, detail, hint, context, internal query and its
 * position give way to one neutral sentence of the SQLSTATE; object names stay only where the server itself put them. When it changed a table that has something
 * sensitive, only the server's own words on names stay. Else patterns apply to every text.
 */
export function maskNotice(frame: Buffer, start: number, end: number, input: NoticeInput): Buffer | undefined {
  const patterns = patternsOf(input.policy)
  const quotes = input.touched || input.changed === true
  const fields = readFields(frame, start + HEADER, end)
  if (!quotes && !patterns.mayContain(frame, start, end) && !fields.some((field) => quotesRespelled(field, patterns))) return undefined
  if (input.touched || (quotes && !namesOnly(fields))) return writeFields(frame[start]!, neutral(fields))
  const told = quotes ? withoutDetail(fields) : fields
  return writeFields(
    frame[start]!,
    told.map(([code, value]) => [code, withoutRespelled(code, searched(value, patterns), patterns)]),
  )
}

/** A NotificationResponse: channel and payload are searched. */
export function maskNotification(frame: Buffer, start: number, end: number, policy: Policy): Buffer | undefined {
  return searchStrings(frame, start, end, HEADER + 4, patternsOf(policy))
}

/** A ParameterStatus: the value is searched (`application_name`, `search_path` and extensions' settings can hold anything). */
export function maskParameterStatus(frame: Buffer, start: number, end: number, policy: Policy): Buffer | undefined {
  return searchStrings(frame, start, end, HEADER, patternsOf(policy))
}

type Field = readonly [code: string, value: Buffer]

/** Severity, SQLSTATE, position in the client's own text, and where in the server's source it happened: no value is in these. */
const HARMLESS = 'SVCPFLR'

/** Schema, table, column, type and constraint names: the server's own, unless a function raised the error and filled them itself. */
const NAMES = 'stcdn'

/** Source files of the server that fill the name fields with names of real objects. */
const NAMING_SOURCES = /^(exec[A-Za-z]*|nbtinsert|ri_triggers|domains|tablecmds|typecmds|indexing|index|heap|parse_[a-z]+|relcache)\.c$/

/** The server's own words for a name that is not there, a privilege or a constraint: values are in the detail at most. */
function namesOnly(fields: readonly Field[]): boolean {
  const cls = textOf(fields, 'C').slice(0, 2)
  if (cls === '23') return NAMING_SOURCES.test(textOf(fields, 'F'))
  return (cls === '42' || cls === '00') && SPEAKS_OF_NAMES.test(textOf(fields, 'F'))
}

/** Source files of the server that find names, and no function's own words. */
const SPEAKS_OF_NAMES = /^(parse_[a-z]+|scan|namespace|aclchk|catalog|lsyscache|tablecmds|relation|table|dbcommands|functioncmds)\.c$/

function withoutDetail(fields: readonly Field[]): Field[] {
  if (textOf(fields, 'D') === '' || !textOf(fields, 'C').startsWith('23')) return [...fields]
  return [...fields.filter(([code]) => code !== 'D'), ['D', Buffer.from(WITHHELD)]]
}

const WITHHELD = 'The server’s own detail is withheld, since the table has a sensitive column.'

function neutral(fields: readonly Field[]): Field[] {
  const sqlstate = known(textOf(fields, 'C'))
  const named = NAMING_SOURCES.test(textOf(fields, 'F'))
  const kept = fields.filter(([code]) => HARMLESS.includes(code) || (named && NAMES.includes(code)))
  const out: Field[] = kept.map(([code, value]) => [
    code,
    code === 'C' ? Buffer.from(sqlstate) : code === 'P' || code === 'L' ? onlyDigits(value) : value,
  ])
  const sentence = SQLSTATE_SENTENCES[sqlstate] ?? SQLSTATE_CLASSES[sqlstate.slice(0, 2)] ?? SQLSTATE_SENTENCES['XX000']!
  out.push(['M', Buffer.from(sentence)])
  out.push(['D', Buffer.from('The server’s own text is withheld, since the statement touches a sensitive column.')])
  return out
}

/** A function can raise any five characters, so only codes of PostgreSQL's own are repeated; others become their class. */
function known(sqlstate: string): string {
  if (sqlstate in SQLSTATE_SENTENCES) return sqlstate
  const cls = sqlstate.slice(0, 2)
  return cls in SQLSTATE_CLASSES ? `${cls}000` : 'XX000'
}

function onlyDigits(value: Buffer): Buffer {
  return Buffer.from(/^[0-9]{1,9}$/.exec(value.toString('latin1'))?.[0] ?? '0')
}

function textOf(fields: readonly Field[], code: string): string {
  return fields.find((field) => field[0] === code)?.[1].toString('latin1') ?? ''
}

/** A failed `reverse(body)::int` quotes what it was given. */
function quotesRespelled([code, value]: Field, patterns: PatternSet): boolean {
  return !patterns.empty && !HARMLESS.includes(code) && findQuoted(patterns, value) !== undefined
}

function withoutRespelled(code: string, value: Buffer, patterns: PatternSet): Buffer {
  return quotesRespelled([code, value], patterns) ? Buffer.from(REDACTED) : value
}

function searched(value: Buffer, patterns: PatternSet): Buffer {
  const masked = scanText(patterns)(value, 0, value.length, { add: () => undefined })
  return masked === null ? Buffer.alloc(0) : (masked ?? value)
}

function readFields(frame: Buffer, start: number, end: number): Field[] {
  const fields: Field[] = []
  for (let at = start; at < end && frame[at] !== 0; ) {
    const zero = frame.indexOf(0, at + 1)
    const stop = zero < 0 || zero > end ? end : zero
    fields.push([String.fromCharCode(frame[at]!), frame.subarray(at + 1, stop)])
    at = stop + 1
  }
  return fields
}

function writeFields(type: number, fields: readonly Field[]): Buffer {
  const sink = new ByteSink(512)
  const lengthAt = sink.beginFrame(type)
  for (const [code, value] of fields) {
    sink.byte(code.charCodeAt(0))
    sink.copy(value, 0, value.length)
    sink.byte(0)
  }
  sink.byte(0)
  sink.endFrame(lengthAt)
  return sink.take()
}

/** Zero-terminated strings after `head` bytes. */
function searchStrings(frame: Buffer, start: number, end: number, head: number, patterns: PatternSet): Buffer | undefined {
  if (!patterns.mayContain(frame, start, end)) return undefined
  const sink = new ByteSink(512)
  const lengthAt = sink.beginFrame(frame[start]!)
  sink.copy(frame, start + HEADER, start + head)
  for (let at = start + head; at < end; ) {
    const zero = frame.indexOf(0, at)
    const stop = zero < 0 || zero >= end ? end : zero
    const value = searched(frame.subarray(at, stop), patterns)
    sink.copy(value, 0, value.length)
    sink.byte(0)
    at = stop + 1
  }
  sink.endFrame(lengthAt)
  return sink.take()
}
