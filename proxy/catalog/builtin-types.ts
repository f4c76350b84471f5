import type { TypeInfo, TypeKind } from './catalog.ts'

/** PostgreSQL's everyday types with their fixed OIDs (pg_type.dat): oid, name, category, OID of the array. */
const BASE: readonly (readonly [number, string, string, number])[] = [
  [16, 'bool', 'B', 1000],
  [17, 'bytea', 'U', 1001],
  [18, 'char', 'Z', 1002],
  [19, 'name', 'S', 1003],
  [20, 'int8', 'N', 1016],
  [21, 'int2', 'N', 1005],
  [23, 'int4', 'N', 1007],
  [25, 'text', 'S', 1009],
  [26, 'oid', 'N', 1028],
  [27, 'tid', 'U', 1010],
  [28, 'xid', 'U', 1011],
  [114, 'json', 'U', 199],
  [142, 'xml', 'U', 143],
  [700, 'float4', 'N', 1021],
  [701, 'float8', 'N', 1022],
  [705, 'unknown', 'X', 0],
  [790, 'money', 'N', 791],
  [829, 'macaddr', 'U', 1040],
  [869, 'inet', 'I', 1041],
  [650, 'cidr', 'I', 651],
  [1042, 'bpchar', 'S', 1014],
  [1043, 'varchar', 'S', 1015],
  [1082, 'date', 'D', 1182],
  [1083, 'time', 'D', 1183],
  [1114, 'timestamp', 'D', 1115],
  [1184, 'timestamptz', 'D', 1185],
  [1186, 'interval', 'T', 1187],
  [1266, 'timetz', 'D', 1270],
  [1560, 'bit', 'V', 1561],
  [1562, 'varbit', 'V', 1563],
  [1700, 'numeric', 'N', 1231],
  [1790, 'refcursor', 'U', 2201],
  [2202, 'regprocedure', 'N', 2207],
  [2205, 'regclass', 'N', 2210],
  [2206, 'regtype', 'N', 2211],
  [4089, 'regnamespace', 'N', 4090],
  [4096, 'regrole', 'N', 4097],
  [24, 'regproc', 'N', 1008],
  [2249, 'record', 'P', 2287],
  [2950, 'uuid', 'U', 2951],
  [3220, 'pg_lsn', 'U', 3221],
  [3614, 'tsvector', 'U', 3643],
  [3615, 'tsquery', 'U', 3645],
  [3802, 'jsonb', 'U', 3807],
  [4072, 'jsonpath', 'U', 4073],
]

export function builtinTypes(): readonly TypeInfo[] {
  return BASE.flatMap(([oid, name, category, array]): TypeInfo[] => {
    const base = one(oid, name, category === 'P' || category === 'X' ? 'pseudo' : 'base', category, array)
    return array === 0 ? [base] : [base, { ...one(array, `_${name}`, 'array', 'A', 0), element: oid }]
  })
}

function one(oid: number, name: string, kind: TypeKind, category: string, array: number): TypeInfo {
  return { oid, schema: 'pg_catalog', name, kind, array, relation: 0, category, runsCode: false, system: true, extension: undefined }
}
