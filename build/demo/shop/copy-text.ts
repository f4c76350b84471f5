/** A value as a row generator gives it. Arrays become PostgreSQL arrays, plain objects jsonb. */
export type Value = string | number | boolean | null | Date | readonly string[] | Readonly<Record<string, unknown>>

/** One row in COPY's text format (documentation of COPY, "Text Format"), with its newline. */
export function encodeRow(values: readonly Value[]): string {
  let line = ''
  for (let index = 0; index < values.length; index++) {
    if (index > 0) line += '\t'
    line += encodeValue(values[index]!)
  }
  return `${line}\n`
}

function encodeValue(value: Value): string {
  if (value === null) return '\\N'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (typeof value === 'string') return escapeText(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return escapeText(`{${value.map((item) => `"${String(item).replace(/["\\]/g, '\\$&')}"`).join(',')}}`)
  return escapeText(JSON.stringify(value))
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escapeText(text: string): string {
  return /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (sign) => ESCAPES[sign] ?? sign) : text
}
