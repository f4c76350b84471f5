/** What masking asks of the catalog about a type. */
export interface TypeInfo {
  /** `pg_type.typname`. */
  readonly name: string
  readonly kind: 'base' | 'array' | 'range' | 'multirange' | 'composite' | 'domain' | 'enum' | 'pseudo'
  /** Arrays: the element's type. */
  readonly element?: number
  /** Domains: the type below. */
  readonly base?: number
}

export type TypeOf = (oid: number) => TypeInfo | undefined

/**
 * How values of a type are masked and searched.
 * `text`: characters in both formats. `json`, `jsonb`, `xml`: text with a syntax. `bytes`: bytea. `number`: may hold a card number.
 * `closed`: cannot hold any pattern (dates, booleans, small numbers, addresses). `array`, `composite`: containers. `other`: anything else.
 */
export type Family = 'text' | 'json' | 'jsonb' | 'xml' | 'bytes' | 'uuid' | 'number' | 'closed' | 'array' | 'composite' | 'other'

export interface Shape {
  readonly name: string
  readonly family: Family
  /** Of an array: its elements' shape and type. */
  readonly element: Shape | undefined
  readonly elementOid: number
}

const FAMILIES: Readonly<Record<string, Family>> = {
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  char: 'text',
  name: 'text',
  citext: 'text',
  cstring: 'text',
  unknown: 'text',
  refcursor: 'text',
  json: 'json',
  jsonb: 'jsonb',
  xml: 'xml',
  bytea: 'bytes',
  uuid: 'uuid',
  int8: 'number',
  numeric: 'number',
  float8: 'number',
  money: 'number',
  bool: 'closed',
  int2: 'closed',
  int4: 'closed',
  float4: 'closed',
  date: 'closed',
  time: 'closed',
  timetz: 'closed',
  timestamp: 'closed',
  timestamptz: 'closed',
  interval: 'closed',
  oid: 'closed',
  xid: 'closed',
  xid8: 'number',
  cid: 'closed',
  tid: 'closed',
  pg_lsn: 'closed',
  inet: 'closed',
  cidr: 'closed',
  macaddr: 'closed',
  macaddr8: 'closed',
  bit: 'closed',
  varbit: 'closed',
  void: 'closed',
  point: 'closed',
  line: 'closed',
  lseg: 'closed',
  box: 'closed',
  path: 'closed',
  polygon: 'closed',
  circle: 'closed',
  regclass: 'closed',
  regtype: 'closed',
  regproc: 'closed',
  regprocedure: 'closed',
  regoper: 'closed',
  regoperator: 'closed',
  regrole: 'closed',
  regnamespace: 'closed',
  regconfig: 'closed',
  regdictionary: 'closed',
  regcollation: 'closed',
}

const UNKNOWN: Shape = plain('', 'other')

/** Arrays in category only: their text is no array literal. */
const VECTORS = new Set(['int2vector', 'oidvector'])

/** Domains are seen as what they are based on. An unknown type is `other`: it is searched as bytes and masked with NULL. */
export function shapeOf(oid: number, typeOf: TypeOf, depth = 0): Shape {
  const type = typeOf(oid)
  if (type === undefined || depth > 8) return UNKNOWN
  switch (type.kind) {
    case 'domain':
      return type.base === undefined ? UNKNOWN : shapeOf(type.base, typeOf, depth + 1)
    case 'composite':
      return plain(type.name, 'composite')
    case 'enum':
      return plain('enum', 'closed')
    case 'range':
    case 'multirange':
      return plain(type.kind, 'other')
    case 'pseudo':
      return type.name === 'record' ? plain('record', 'composite') : plain(type.name, FAMILIES[type.name] ?? 'other')
    case 'array': {
      if (VECTORS.has(type.name)) return plain(type.name, 'closed')
      const elementOid = type.element ?? 0
      return { name: type.name, family: 'array', element: shapeOf(elementOid, typeOf, depth + 1), elementOid }
    }
    case 'base':
      return plain(type.name, VECTORS.has(type.name) ? 'closed' : (FAMILIES[type.name] ?? 'other'))
    default:
      return UNKNOWN
  }
}

function plain(name: string, family: Family): Shape {
  return { name, family, element: undefined, elementOid: 0 }
}
