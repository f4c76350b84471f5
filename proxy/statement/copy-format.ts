import type { DefElem, Node } from '@pgsql/types'
import type { CopyFormat } from './facts.ts'
import { as } from './tree.ts'

/** Options that say nothing of how a row is written to the client, or only quote more of it. */
const NEUTRAL = new Set(['freeze', 'force_quote', 'force_null', 'force_not_null', 'default', 'on_error', 'log_verbosity', 'reject_limit'])

/**
 * How COPY writes its rows (documentation, "COPY"), with PostgreSQL's defaults filled in. Text in place of a format: the option that is
 * not known, or that would have the server write another encoding than is read here.
 */
export function copyFormat(options: readonly DefElem[]): CopyFormat | string {
  const given = new Map<string, string | undefined>()
  for (const option of options) given.set((option.defname ?? '').toLowerCase(), optionText(option.arg))
  const format = (given.get('format') ?? 'text').toLowerCase()
  if (format !== 'text' && format !== 'csv' && format !== 'binary') return `COPY format "${format}"`
  const encoding = given.get('encoding')
  if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) return `COPY encoding "${encoding}"`
  for (const name of given.keys()) {
    if (!KNOWN.has(name) && !NEUTRAL.has(name)) return `COPY option "${name}"`
  }
  const csv = format === 'csv'
  const quote = given.get('quote') ?? '"'
  return {
    format,
    delimiter: given.get('delimiter') ?? (csv ? ',' : '\t'),
    nullText: given.get('null') ?? (csv ? '' : '\\N'),
    quote,
    escape: given.get('escape') ?? quote,
    header: given.has('header') && !/^(false|off|0)$/i.test(given.get('header') ?? 'true'),
  }
}

const KNOWN = new Set(['format', 'delimiter', 'null', 'header', 'quote', 'escape', 'encoding'])

/** `HEADER`, `HEADER true`, `HEADER 1`, `HEADER match`: all reach us as one of these. */
function optionText(arg: Node | undefined): string | undefined {
  const text = as(arg, 'String')
  if (text !== undefined) return text.sval ?? ''
  const flag = as(arg, 'Boolean')
  if (flag !== undefined) return String(flag.boolval === true)
  const number = as(arg, 'Integer')
  return number === undefined ? undefined : String(number.ival ?? 0)
}
