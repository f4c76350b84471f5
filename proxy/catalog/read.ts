import { GatewayError } from '../errors.ts'
import { buildCatalog, qualify } from './build.ts'
import {
  type AttachedCode,
  type CastInfo,
  type Catalog,
  type CatalogColumn,
  FIRST_USER_OID,
  type ForeignKey,
  type FunctionInfo,
  type OperatorInfo,
  type Relation,
  type RelationKind,
  type RoutineCode,
  type TypeInfo,
  type TypeKind,
} from './catalog.ts'
import * as queries from './queries.ts'
import { makeRelation } from './relation.ts'

/** Runs one query on our own connection; every value as text. */
export type RunQuery = (sql: string) => Promise<(string | null)[][]>

type Row = (string | null)[]

/** Reads the whole snapshot. `restore` false: the caller puts the emptied search_path back. Throws `GatewayError` (`catalog-unavailable`) when the database cannot tell. */
export async function readCatalog(query: RunQuery, restore = true): Promise<Catalog> {
  try {
    const [first] = await query(queries.BEGIN_READING)
    const path = first?.[1] ?? ''
    await query(queries.EMPTY_PATH)
    const schemas = await query(queries.SCHEMAS)
    const relations = await query(queries.RELATIONS)
    const generated = await query(queries.GENERATED)
    const inheritance = await query(queries.INHERITANCE)
    const foreignKeys = await query(queries.FOREIGN_KEYS)
    const attached = await query(queries.ATTACHED)
    const types = await query(queries.TYPES)
    const functions = await query(queries.FUNCTIONS)
    const operators = await query(queries.OPERATORS)
    const casts = await query(queries.CASTS)
    if (restore) await query(queries.restorePath(path))
    return buildCatalog({
      serverVersion: Number(first?.[0] ?? 0),
      assumed: false,
      systemFirst: isSystemFirst(path),
      schemas: schemas.map((row) => text(row, 0)),
      relations: toRelations(relations, generated, inheritance, foreignKeys, attached),
      types: types.map(toType),
      functions: functions.map(toFunction),
      operators: operators.map(toOperator),
      casts: casts.map(toCast),
    })
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new GatewayError(
      { code: 'catalog-unavailable', sqlstate: '57P03', message: `the database's catalog could not be read: ${why}`, severity: 'ERROR' },
      { cause },
    )
  }
}

/** Cheap enough for a timer; a different value means that the catalog should be read again. */
export async function catalogFingerprint(query: RunQuery): Promise<string> {
  const [row] = await query(queries.FINGERPRINT)
  return row?.[0] ?? ''
}

/** pg_catalog is searched first unless the path names it later (PostgreSQL manual, section 5.10.5). */
export function isSystemFirst(path: string): boolean {
  const names = path.split(',').map((name) => name.trim().replaceAll('"', ''))
  const place = names.indexOf('pg_catalog')
  return place === -1 || names.slice(0, place).every((name) => name === '')
}

function text(row: Row, place: number): string {
  const value = row[place]
  if (value === null || value === undefined) {
    throw new GatewayError({
      code: 'catalog-unavailable',
      sqlstate: '57P03',
      message: `the database's catalog gave no value in column ${place + 1}`,
    })
  }
  return value
}

const num = (row: Row, place: number): number => Number(text(row, place))
const flag = (row: Row, place: number): boolean => row[place] === 't' || row[place] === 'true'
const maybe = (row: Row, place: number): string | undefined => row[place] ?? undefined
const list = <T>(row: Row, place: number): readonly T[] => {
  const value = row[place]
  return value === null || value === undefined ? [] : (JSON.parse(value) as T[])
}

function toRelations(rows: Row[], made: Row[], inheritance: Row[], keys: Row[], code: Row[]): Relation[] {
  const attached = group(code, 0, toAttached)
  const generated = new Map(made.map((row) => [`${row[0]} ${row[1]}`, list<number>(row, 2)]))
  const parents = group(inheritance, 0, (row) => num(row, 1))
  const children = group(inheritance, 1, (row) => num(row, 0))
  const foreignKeys = group(keys, 0, (row): ForeignKey => ({ columns: list(row, 1), target: num(row, 2), targetColumns: list(row, 3) }))
  return rows.map((row) => {
    const oid = num(row, 0)
    const options = optionsOf(list<string>(row, 9))
    const schema = text(row, 1)
    const name = text(row, 2)
    const kind = text(row, 3) as RelationKind
    const remoteTable = kind === 'f' ? `${options.get('schema_name') ?? schema}.${options.get('table_name') ?? name}` : undefined
    return makeRelation({
      oid,
      schema,
      name,
      kind,
      rowType: num(row, 4),
      temporary: row[5] === 't',
      definition: maybe(row, 6),
      rewrites: flag(row, 7),
      columns: list<[number, string, number, string[] | null]>(row, 8).map((one) => toColumn(one, generated.get(`${oid} ${one[0]}`))),
      system: oid < FIRST_USER_OID,
      parents: parents.get(oid) ?? NONE,
      children: children.get(oid) ?? NONE,
      foreignKeys: foreignKeys.get(oid) ?? NONE,
      attached: attached.get(oid) ?? NONE,
      remote: remoteTable,
    })
  })
}

function toColumn(
  [attnum, name, type, options]: [number, string, number, string[] | null],
  generatedFrom: readonly number[] | undefined,
): CatalogColumn {
  const remoteName = options === null ? undefined : optionsOf(options).get('column_name')
  return { attnum, name, type, remoteName, ...(generatedFrom === undefined ? {} : { generatedFrom }) }
}

const NONE: readonly never[] = Object.freeze([])

/** `pg_policy.polcmd`: for which commands. A policy for reading also chooses the rows that are changed. */
const POLICY_COMMANDS: Readonly<Record<string, AttachedCode['on']>> = {
  r: ['read', 'update', 'delete'],
  a: ['insert'],
  w: ['update'],
  d: ['delete'],
  '*': ['read', 'insert', 'update', 'delete'],
}

function toAttached(row: Row): AttachedCode {
  const kind = text(row, 1) as AttachedCode['kind']
  return { kind, name: text(row, 2), fn: num(row, 3), on: whenOf(kind, text(row, 4)) }
}

function whenOf(kind: AttachedCode['kind'], when: string): AttachedCode['on'] {
  if (kind === 'policy') return POLICY_COMMANDS[when] ?? ['read', 'insert', 'update', 'delete']
  if (kind !== 'trigger') return ['insert', 'update']
  const bits = Number(when)
  const on: AttachedCode['on'][number][] = []
  if ((bits & 4) !== 0) on.push('insert')
  if ((bits & 8) !== 0) on.push('delete')
  if ((bits & 16) !== 0) on.push('update')
  if ((bits & 32) !== 0) on.push('truncate')
  return on
}

/** `key=value`, as in `pg_foreign_table.ftoptions`. */
function optionsOf(options: readonly string[]): Map<string, string> {
  return new Map(
    options.map((option) => {
      const place = option.indexOf('=')
      return [option.slice(0, place), option.slice(place + 1)]
    }),
  )
}

function group<T>(rows: Row[], key: number, value: (row: Row) => T): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const row of rows) {
    const oid = num(row, key)
    const same = groups.get(oid)
    if (same === undefined) groups.set(oid, [value(row)])
    else same.push(value(row))
  }
  return groups
}

const TYPE_KINDS: Readonly<Record<string, TypeKind>> = {
  b: 'base',
  c: 'composite',
  d: 'domain',
  e: 'enum',
  p: 'pseudo',
  r: 'range',
  m: 'multirange',
}

function kindOf(typtype: string, category: string): TypeKind {
  return typtype === 'b' && category === 'A' ? 'array' : (TYPE_KINDS[typtype] ?? 'pseudo')
}

function toType(row: Row): TypeInfo {
  const oid = num(row, 0)
  const base = num(row, 4)
  const element = num(row, 5)
  return {
    oid,
    schema: text(row, 1),
    name: text(row, 2),
    kind: kindOf(text(row, 3), text(row, 8)),
    ...(base === 0 ? {} : { base }),
    ...(element === 0 ? {} : { element }),
    array: num(row, 6),
    relation: num(row, 7),
    category: text(row, 8),
    runsCode: flag(row, 9),
    system: oid < FIRST_USER_OID,
    extension: maybe(row, 10),
  }
}

function toFunction(row: Row): FunctionInfo {
  const oid = num(row, 0)
  const schema = text(row, 1)
  const name = text(row, 2)
  const args = text(row, 4)
  const modes = list<string>(row, 8)
  const names = list<string | null>(row, 10)
  const code = list<string | null | boolean>(row, 16)
  const support = list<number>(row, 17).filter((one) => one !== 0)
  return {
    oid,
    schema,
    name,
    signature: `${qualify(schema, name)}(${row[3] ?? ''})`,
    args: args === '' ? [] : args.split(' ').map(Number),
    defaults: num(row, 5),
    variadic: num(row, 6) !== 0,
    returns: num(row, 7),
    outs: toOuts(modes, list<number>(row, 9), names),
    kind: text(row, 11),
    volatility: text(row, 12),
    language: text(row, 13),
    system: oid < FIRST_USER_OID,
    extension: maybe(row, 14),
    source: maybe(row, 15),
    ...(code.length === 0 ? {} : { code: toCode(code, modes, names) }),
    ...(support.length === 0 ? {} : { support }),
  }
}

function toCode(code: readonly (string | null | boolean)[], modes: readonly string[], names: readonly (string | null)[]): RoutineCode {
  const [body, sqlBody, returnsSet, definer] = code
  return {
    text: String(body ?? ''),
    sqlBody: typeof sqlBody === 'string' ? sqlBody : undefined,
    returnsSet: returnsSet === true,
    definer: definer === true,
    argNames: names
      .filter((_, place) => modes.length === 0 || modes[place] === 'i' || modes[place] === 'b' || modes[place] === 'v')
      .map((one) => one ?? ''),
  }
}

/** Columns of the result: OUT, INOUT and TABLE arguments (`pg_proc.proargmodes`). */
function toOuts(modes: readonly string[], types: readonly number[], names: readonly (string | null)[]): FunctionInfo['outs'] {
  const outs: { name: string; type: number }[] = []
  modes.forEach((mode, place) => {
    if (mode === 'o' || mode === 'b' || mode === 't')
      outs.push({ name: names[place] ?? `column${outs.length + 1}`, type: types[place] ?? 0 })
  })
  return outs
}

function toOperator(row: Row): OperatorInfo {
  return {
    schema: text(row, 0),
    name: text(row, 1),
    left: num(row, 2),
    right: num(row, 3),
    result: num(row, 4),
    fn: num(row, 5),
    system: num(row, 6) < FIRST_USER_OID,
  }
}

function toCast(row: Row): CastInfo {
  return { source: num(row, 0), target: num(row, 1), fn: num(row, 2), context: text(row, 3), system: num(row, 4) < FIRST_USER_OID }
}
