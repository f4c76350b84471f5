/** Days between 1970-01-01 and PostgreSQL's own beginning, 2000-01-01. */
const EPOCH_DAYS = 10_957
const DAY_MS = 86_400_000

/**
 * Binary values of common types as PostgreSQL would write them as text, by type OID (`pg_type.dat`). A type that is not here, or a value of
 * another length than its type has, stands as `\x…`: shown as bytes rather than guessed.
 */
export function readBinary(oid: number, value: Buffer): string {
  return READERS[oid]?.(value) ?? `\\x${value.toString('hex')}`
}

type Reader = (value: Buffer) => string | undefined

const sized =
  (length: number, read: (value: Buffer) => string): Reader =>
  (value) =>
    value.length === length ? read(value) : undefined

const text: Reader = (value) => value.toString('utf8')

const READERS: Readonly<Record<number, Reader>> = {
  16: sized(1, (value) => (value[0] === 0 ? 'f' : 't')), // bool
  18: text, // "char"
  19: text, // name
  20: sized(8, (value) => String(value.readBigInt64BE())), // int8
  21: sized(2, (value) => String(value.readInt16BE())), // int2
  23: sized(4, (value) => String(value.readInt32BE())), // int4
  25: text, // text
  26: sized(4, (value) => String(value.readUInt32BE())), // oid
  114: text, // json
  700: sized(4, (value) => String(Number(value.readFloatBE().toPrecision(7)))), // float4
  701: sized(8, (value) => String(value.readDoubleBE())), // float8
  1042: text, // bpchar
  1043: text, // varchar
  1082: sized(4, (value) => date(value.readInt32BE())), // date
  1114: sized(8, (value) => timestamp(value.readBigInt64BE(), '')), // timestamp
  1184: sized(8, (value) => timestamp(value.readBigInt64BE(), '+00')), // timestamptz
  1700: numeric,
  2950: sized(16, (value) => value.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')), // uuid
  3802: (value) => (value[0] === 1 ? value.toString('utf8', 1) : undefined), // jsonb, version 1
}

function date(days: number): string {
  if (days === 2_147_483_647) return 'infinity'
  if (days === -2_147_483_648) return '-infinity'
  return isoOf((days + EPOCH_DAYS) * DAY_MS)?.slice(0, 10) ?? `${days} days from 2000-01-01`
}

function timestamp(microseconds: bigint, zone: string): string {
  if (microseconds === 9_223_372_036_854_775_807n) return 'infinity'
  if (microseconds === -9_223_372_036_854_775_808n) return '-infinity'
  const rest = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = (microseconds - rest) / 1_000_000n
  const iso = isoOf(Number(seconds) * 1000 + EPOCH_DAYS * DAY_MS)
  if (iso === undefined) return `${microseconds} µs from 2000-01-01`
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(6, '0').replace(/0+$/, '')}`
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction}${zone}`
}

function isoOf(ms: number): string | undefined {
  const value = new Date(ms)
  const year = value.getUTCFullYear()
  return year >= 1 && year <= 9999 ? value.toISOString() : undefined
}

/** Digits to the base of 10,000 (`numeric.c`, numeric_send). */
function numeric(value: Buffer): string | undefined {
  if (value.length < 8) return undefined
  const count = value.readUInt16BE(0)
  const weight = value.readInt16BE(2)
  const sign = value.readUInt16BE(4)
  const scale = value.readUInt16BE(6)
  if (value.length !== 8 + count * 2) return undefined
  if (sign === 0xc000) return 'NaN'
  if (sign === 0xd000) return 'Infinity'
  if (sign === 0xf000) return '-Infinity'
  const group = (place: number): string => {
    const index = weight - place
    return String(index >= 0 && index < count ? value.readUInt16BE(8 + index * 2) : 0).padStart(4, '0')
  }
  let whole = ''
  for (let place = Math.max(weight, 0); place >= 0; place--) whole += group(place)
  let fraction = ''
  for (let place = -1; fraction.length < scale; place--) fraction += group(place)
  const digits = `${whole.replace(/^0+(?=\d)/, '')}${scale > 0 ? `.${fraction.slice(0, scale)}` : ''}`
  return sign === 0x4000 ? `-${digits}` : digits
}
