/** What a value is in JSON. `type` is for people and models: the column's own type stands beside it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** `pg_type.oid` of types whose text form has a JSON form of the same meaning. */
const INTEGERS = new Set([20, 21, 23, 26])
const FLOATS = new Set([700, 701])
const BOOL = 16
const JSONS = new Set([114, 3802])

/**
 * A value's text as JSON of the same meaning; text where JSON has none: numeric (exact digits), int8 beyond 2^53, NaN and infinities, dates,
 * arrays. A masked value is a legal value of its type, so that it comes out like any other.
 */
export function typedValue(text: string | null, type: number): JsonValue {
  if (text === null) return null
  if (INTEGERS.has(type) || FLOATS.has(type)) {
    const value = Number(text)
    const exact = FLOATS.has(type) ? Number.isFinite(value) : Number.isSafeInteger(value)
    return exact && text !== '' ? value : text
  }
  if (type === BOOL) return text === 't' || text === 'true'
  return JSONS.has(type) ? parsed(text) : text
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    // A mask may have made plain text of a part of it.
    return text
  }
}

/** A parameter as PostgreSQL reads it in text form. Arrays become array literals, objects JSON. */
export function parameterText(value: JsonValue): string | null {
  if (value === null) return null
  if (Array.isArray(value)) return arrayText(value)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Protocol-independent array syntax (manual, section 8.15.2): every element quoted, NULL bare. */
function arrayText(items: readonly JsonValue[]): string {
  const parts = items.map((item) => {
    if (item === null) return 'NULL'
    if (Array.isArray(item)) return arrayText(item)
    const text = typeof item === 'object' ? JSON.stringify(item) : String(item)
    return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
  })
  return `{${parts.join(',')}}`
}
