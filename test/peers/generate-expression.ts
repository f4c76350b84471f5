/** Expressions over what a query has in reach, by their type, for statements that a server accepts. */
import type { RandomSource } from '../helpers/random.ts'

export type Kind = 'int' | 'num' | 'text' | 'ts' | 'date' | 'bool' | 'json' | 'texts' | 'other'

export interface Column {
  readonly name: string
  readonly kind: Kind
}

/** Something in FROM. `row`: it can stand for its whole row, and a column may be written as a function of it. */
export interface Source {
  readonly alias: string
  readonly columns: readonly Column[]
  readonly row: boolean
}

export interface Scope {
  readonly sources: readonly Source[]
  readonly outer: Scope | undefined
}

export interface Random extends RandomSource {
  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean
}

/** A query of exactly these columns, in the scope. */
export type SubQuery = (kinds: readonly Kind[], scope: Scope | undefined, depth: number) => string

export function createExpressions(random: Random, subquery: SubQuery) {
  const { pick, chance, below } = random

  /** A column of that kind in reach, now and then of an outer query; undefined if there is none. */
  function column(kind: Kind, scope: Scope | undefined): string | undefined {
    if (scope === undefined) return undefined
    if (scope.outer !== undefined && chance(25)) return column(kind, scope.outer) ?? own(kind, scope)
    return own(kind, scope) ?? column(kind, scope.outer)
  }

  function own(kind: Kind, scope: Scope): string | undefined {
    const all = scope.sources.flatMap((source) => source.columns.filter((one) => one.kind === kind).map((one) => ({ source, one })))
    if (all.length === 0) return undefined
    const { source, one } = pick(all)
    const unique = scope.sources.flatMap((each) => each.columns).filter((each) => each.name === one.name).length === 1
    const free = scope.sources.every((each) => each.alias !== one.name)
    if (unique && free && chance(35)) return quote(one.name)
    if (source.row && chance(6)) return `(${source.alias}).${quote(one.name)}`
    if (source.row && chance(4)) return `${quote(one.name)}(${source.alias})`
    return `${source.alias}.${quote(one.name)}`
  }

  function literal(kind: Kind): string {
    switch (kind) {
      case 'int':
        return String(below(1000))
      case 'num':
        return `${below(1000)}.5`
      case 'text':
        return pick(["'x'::text", "text 'y'", "CAST('z' AS text)", "'it''s'::text"])
      case 'ts':
        return pick(['now()', 'current_timestamp', "timestamptz '2026-01-01'"])
      case 'date':
        return pick(["date '2026-01-01'", 'current_date'])
      case 'bool':
        return pick(['true', 'false', 'NULL::boolean'])
      case 'json':
        return `'{"a": [1, {"b": 2}]}'::jsonb`
      case 'texts':
        return "ARRAY['a', 'b']::text[]"
      case 'other':
        return 'NULL::text'
    }
  }

  const leaf = (kind: Kind, scope: Scope | undefined): string => (chance(85) ? column(kind, scope) : undefined) ?? literal(kind)

  function expression(kind: Kind, scope: Scope | undefined, depth: number): string {
    if (depth <= 0 || chance(35)) return leaf(kind, scope)
    const at = (one: Kind) => expression(one, scope, depth - 1)
    if (chance(8)) return `(${subquery([kind], scope, depth - 1)})`
    if (chance(6)) return `CASE WHEN ${at('bool')} THEN ${at(kind)} ELSE ${at(kind)} END`
    if (chance(5)) return `coalesce(${at(kind)}, ${at(kind)})`
    if (chance(4) && kind !== 'json') return `nullif(${at(kind)}, ${at(kind)})`
    if (chance(3) && kind !== 'json' && kind !== 'bool') return `greatest(${at(kind)}, ${at(kind)})`
    switch (kind) {
      case 'int':
        return pick([
          () => `(${at('int')} + ${at('int')})`,
          () => `-${leaf('int', scope)}`,
          () => `length(${at('text')})`,
          () => `${at('text')}::integer`,
          () => `CAST(${at('num')} AS integer)`,
          () => `cardinality(${at('texts')})`,
          () => `extract(year FROM ${at('ts')})::integer`,
          () => `(${at('json')} ->> 'a')::integer`,
          () => `jsonb_array_length(${at('json')})`,
          () => `position(${at('text')} IN ${at('text')})`,
        ])()
      case 'num':
        return pick([
          () => `(${at('num')} * ${at('int')})`,
          () => `round(${at('num')}, 1)`,
          () => `${at('int')}::numeric`,
          () => `(${at('num')} + 0.5)`,
          () => `abs(${at('num')})`,
        ])()
      case 'text':
        return pick([
          () => `lower(${at('text')})`,
          () => `(${at('text')} || ${at('text')})`,
          () => `substring(${at('text')} FROM 1 FOR 3)`,
          () => `${at('int')}::text`,
          () => `to_char(${at('ts')}, 'YYYY')`,
          () => `(${at('json')} ->> 'a')`,
          () => `(${at('texts')})[1]`,
          () => `trim(BOTH ' ' FROM ${at('text')})`,
          () => `overlay(${at('text')} PLACING 'x' FROM 2)`,
          () => `array_to_string(${at('texts')}, ',')`,
          () => `format('%s', ${at('text')})`,
          () => `(${at('text')} COLLATE "C")`,
          () => `concat_ws('-', ${at('text')}, ${at('int')})`,
          () => rowText(scope) ?? `upper(${at('text')})`,
        ])()
      case 'ts':
        return pick([
          () => `(${at('ts')} + interval '1 day')`,
          () => `date_trunc('month', ${at('ts')})`,
          () => `${at('date')}::timestamptz`,
          () => `(${at('ts')} AT TIME ZONE 'UTC')::timestamptz`,
        ])()
      case 'date':
        return pick([() => `${at('ts')}::date`, () => `(${at('date')} + 1)`])()
      case 'json':
        return pick([
          () => `(${at('json')} -> 'a')`,
          () => `jsonb_build_object('k', ${at('text')})`,
          () => `to_jsonb(${at('text')})`,
          () => `jsonb_set(${at('json')}, '{a}', ${at('json')})`,
          () => rowJson(scope) ?? `to_jsonb(${at('int')})`,
        ])()
      case 'texts':
        return pick([
          () => `ARRAY[${at('text')}, ${at('text')}]`,
          () => `ARRAY(${subquery(['text'], scope, depth - 1)})`,
          () => `(${at('texts')} || ${at('text')})`,
          () => `string_to_array(${at('text')}, ',')`,
          () => `(${at('texts')})[1:2]`,
        ])()
      case 'bool':
        return condition(scope, depth)
      case 'other':
        return leaf(kind, scope)
    }
  }

  function condition(scope: Scope | undefined, depth: number): string {
    const at = (one: Kind) => expression(one, scope, depth - 1)
    return pick([
      () => `${at('int')} = ${at('int')}`,
      () => `${at('text')} LIKE ${at('text')}`,
      () => `${at('text')} ILIKE 'a%'`,
      () => `${at('int')} BETWEEN ${at('int')} AND ${at('int')}`,
      () => `${at('text')} IS NOT NULL`,
      () => `(${at('bool')} AND ${at('bool')})`,
      () => `(${at('bool')} OR NOT ${at('bool')})`,
      () => `${at('int')} IN (${at('int')}, 5)`,
      () => `${at('int')} IN (${subquery(['int'], scope, depth - 1)})`,
      () => `${at('text')} NOT IN (${subquery(['text'], scope, depth - 1)})`,
      () => `EXISTS (${subquery(['int'], scope, depth - 1)})`,
      () => `${at('num')} > ALL (${subquery(['num'], scope, depth - 1)})`,
      () => `(${at('int')}, ${at('text')}) = (${at('int')}, ${at('text')})`,
      () => `(${at('int')}, ${at('text')}) IN (${subquery(['int', 'text'], scope, depth - 1)})`,
      () => `${at('text')} = ANY (${at('texts')})`,
      () => `${at('texts')} @> ${at('texts')}`,
      () => `${at('json')} ? 'a'`,
      () => `${at('json')} @> ${at('json')}`,
      () => `${at('int')} IS DISTINCT FROM ${at('int')}`,
      () => `(${at('bool')}) IS TRUE`,
      () => `${at('ts')} < ${at('ts')}`,
      () => `${at('text')} SIMILAR TO 'a|b'`,
      () => `${at('text')} ~* '^a'`,
      () => wholeRow(scope, (name) => `${name} IS NOT NULL`) ?? `${at('int')} <> 3`,
    ])()
  }

  function wholeRow(scope: Scope | undefined, make: (name: string) => string): string | undefined {
    const rows =
      scope?.sources.filter((one) => one.row && !scope.sources.some((each) => each.columns.some((c) => c.name === one.alias))) ?? []
    return rows.length === 0 ? undefined : make(pick(rows).alias)
  }
  const rowText = (scope: Scope | undefined) =>
    wholeRow(scope, (name) => pick([`${name}::text`, `CAST(${name} AS text)`, `concat(${name})`]))
  const rowJson = (scope: Scope | undefined) =>
    wholeRow(scope, (name) => pick([`to_jsonb(${name})`, `row_to_json(${name})::jsonb`, `to_jsonb(${name}.*)`]))

  function aggregate(kind: Kind, scope: Scope, depth: number): string | undefined {
    const at = (one: Kind) => expression(one, scope, Math.min(depth - 1, 1))
    const filter = chance(20) ? ` FILTER (WHERE ${at('bool')})` : ''
    const order = chance(25) ? ` ORDER BY ${at('int')} DESC` : ''
    switch (kind) {
      case 'int':
        return `${pick([() => 'count(*)', () => `count(DISTINCT ${at('text')})`, () => `max(${at('int')})`, () => `mode() WITHIN GROUP (ORDER BY ${at('int')})`])()}${filter}`
      case 'num':
        return `${pick([() => `sum(${at('num')})`, () => `avg(${at('int')})`, () => `max(${at('num')})`])()}${filter}`
      case 'text':
        return `${pick([() => `string_agg(${at('text')}, ','${order})`, () => `min(${at('text')})`])()}${filter}`
      case 'texts':
        return `array_agg(${at('text')}${order})${filter}`
      case 'json':
        return `${pick([() => `jsonb_agg(${at('json')}${order})`, () => `jsonb_object_agg(coalesce(${at('text')}, ''), ${at('int')})`, () => wholeRow(scope, (name) => `jsonb_agg(${name})`) ?? `jsonb_agg(${at('int')})`])()}${filter}`
      case 'bool':
        return `bool_and(${at('bool')})${filter}`
      case 'ts':
        return `max(${at('ts')})${filter}`
      default:
        return undefined
    }
  }

  function windowed(kind: Kind, scope: Scope, depth: number): string | undefined {
    const at = (one: Kind) => expression(one, scope, Math.min(depth - 1, 1))
    const frame = chance(20) ? ' ROWS BETWEEN 1 PRECEDING AND CURRENT ROW' : ''
    const over = ` OVER (${chance(70) ? `PARTITION BY ${at('text')} ` : ''}ORDER BY ${at('int')}${frame})`
    if (kind === 'int')
      return pick([() => `row_number()${over}`, () => `sum(${at('int')})${over}::integer`, () => `lag(${at('int')}, 1)${over}`])()
    if (kind === 'text') return pick([() => `first_value(${at('text')})${over}`, () => `string_agg(${at('text')}, ',')${over}`])()
    return kind === 'num' ? `avg(${at('num')})${over}` : undefined
  }

  return { expression, leaf, aggregate, windowed, wholeRow }
}

export const quote = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name}"`)
