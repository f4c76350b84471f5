/** SELECTs of all shapes over given relations, the same for the same seed. */
import { randomSource } from '../helpers/random.ts'
import {
  type Column,
  createExpressions,
  type Kind,
  quote,
  type Random,
  type Scope,
  type Source,
  type SubQuery,
} from './generate-expression.ts'

export interface Table {
  /** As written in SQL. */
  readonly name: string
  readonly columns: readonly Column[]
  /** Can be sampled. */
  readonly table: boolean
}

interface Cte {
  readonly name: string
  readonly columns: readonly Column[]
}

/** `version`: the server's major version, for what older ones lack. */
export function createSelects(tables: readonly Table[], seed: number, version: number): () => string {
  const base = randomSource(seed)
  const random: Random = { ...base, chance: (percent) => base.below(100) < percent }
  const { pick, chance, below } = random
  const kinds: readonly Kind[] = ['int', 'num', 'text', 'text', 'ts', 'date', 'bool', 'json', 'texts']
  let ctes: Cte[] = []
  let names = 0
  const fresh = (prefix: string): string => {
    names += 1
    return `${prefix}${names}`
  }
  const subquery: SubQuery = (wanted, scope, depth) => select(wanted, scope, depth)
  const { expression, leaf, aggregate, windowed, wholeRow } = createExpressions(random, subquery)

  const columnsOf = (wanted: readonly Kind[]): Column[] => wanted.map((kind) => ({ name: fresh('x'), kind }))
  const someKinds = (most: number): Kind[] => Array.from({ length: 1 + below(most) }, () => pick(kinds))

  /** One item of FROM: its text, and what it brings. */
  function item(scope: Scope, depth: number): { text: string; source: Source } {
    const alias = fresh('t')
    const derived = (text: string, columns: Column[]) => ({
      text: `${text} AS ${alias}(${columns.map((one) => quote(one.name)).join(', ')})`,
      source: { alias, columns, row: true },
    })
    if (ctes.length > 0 && chance(30)) {
      const cte = pick(ctes)
      return { text: `${cte.name} ${alias}`, source: { alias, columns: cte.columns, row: true } }
    }
    if (depth > 0 && chance(25)) {
      const wanted = someKinds(3)
      const lateral = chance(40)
      return derived(`${lateral ? 'LATERAL ' : ''}(${select(wanted, lateral ? scope : scope.outer, depth - 1)})`, columnsOf(wanted))
    }
    if (chance(4)) return derived(`(VALUES (${leaf('int', undefined)}, ${leaf('text', undefined)}), (2, 'b'))`, columnsOf(['int', 'text']))
    if (chance(12)) return called(scope, alias, depth)
    const table = pick(tables)
    if (chance(10)) {
      const columns = table.columns.map((one, place) => (place < 2 ? { name: fresh('c'), kind: one.kind } : one))
      const listed = columns.slice(0, 2).map((one) => quote(one.name))
      return { text: `${table.name} AS ${alias}(${listed.join(', ')})`, source: { alias, columns, row: true } }
    }
    const sample = table.table && chance(6) ? ` TABLESAMPLE ${pick(['system', 'bernoulli'])} (10) REPEATABLE (1)` : ''
    const only = table.table && chance(4) ? 'ONLY ' : ''
    return { text: `${only}${table.name} ${alias}${sample}`, source: { alias, columns: table.columns, row: true } }
  }

  function called(scope: Scope, alias: string, depth: number): { text: string; source: Source } {
    const at = (kind: Kind) => expression(kind, scope, Math.min(depth, 1))
    const [a, b] = [fresh('x'), fresh('x')]
    const made = (text: string, columns: Column[]) => ({ text, source: { alias, columns, row: columns.length > 1 } })
    const options = [
      () => made(`generate_series(1, ${at('int')}) AS ${alias}(${a})`, [{ name: a, kind: 'int' }]),
      () =>
        made(`unnest(${at('texts')}) WITH ORDINALITY AS ${alias}(${a}, ${b})`, [
          { name: a, kind: 'text' },
          { name: b, kind: 'other' },
        ]),
      () => made(`jsonb_array_elements(${at('json')}) AS ${alias}(${a})`, [{ name: a, kind: 'json' }]),
      () =>
        made(`jsonb_each_text(${at('json')}) AS ${alias}(${a}, ${b})`, [
          { name: a, kind: 'text' },
          { name: b, kind: 'text' },
        ]),
      () =>
        made(`jsonb_to_record(${at('json')}) AS ${alias}(${a} integer, ${b} text)`, [
          { name: a, kind: 'int' },
          { name: b, kind: 'text' },
        ]),
      () =>
        made(`ROWS FROM (unnest(${at('texts')}), generate_series(1, 3)) AS ${alias}(${a}, ${b})`, [
          { name: a, kind: 'text' },
          { name: b, kind: 'int' },
        ]),
      ...(version >= 17
        ? [
            () =>
              made(`JSON_TABLE(${at('json')}, '$[*]' COLUMNS (${a} integer PATH '$.a', ${b} text PATH '$.b')) AS ${alias}`, [
                { name: a, kind: 'int' },
                { name: b, kind: 'text' },
              ]),
          ]
        : []),
    ]
    return pick(options)()
  }

  function from(outer: Scope | undefined, depth: number): { text: string; scope: Scope; merged: Column[] } {
    const count = 1 + (chance(60) ? 1 : 0) + (chance(20) ? 1 : 0)
    let text = ''
    let sources: Source[] = []
    const merged: Column[] = []
    for (let place = 0; place < count; place += 1) {
      const left: Scope = { sources, outer }
      const next = item(left, depth)
      const both: Scope = { sources: [...sources, next.source], outer }
      if (text === '') text = next.text
      else {
        const lateral = /^LATERAL|^[a-zA-Z_ ]+\(.*AS t\d+/.test(next.text)
        const joinable = lateral ? ['JOIN', 'LEFT JOIN'] : ['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'INNER JOIN']
        const shared = next.source.columns.filter(
          (one) =>
            sources.length === 1 &&
            sources[0]?.columns.some((c) => c.name === one.name && c.kind === one.kind && c.kind !== 'json' && c.kind !== 'other'),
        )
        if (shared.length > 0 && chance(45)) {
          const using = pick(shared)
          text = `${text} ${pick(joinable)} ${next.text} USING (${quote(using.name)})`
          merged.push(using)
        } else if (chance(15)) text = `${text} CROSS JOIN ${next.text}`
        else if (chance(20)) text = `${text}, ${next.text}`
        else {
          const full = expression('int', both, 0)
          const kind = pick(joinable)
          text = `${text} ${kind} ${next.text} ON ${kind === 'FULL JOIN' || chance(50) ? `${full} = ${expression('int', both, 0)}` : expression('bool', both, 1)}`
        }
      }
      sources = [...both.sources]
    }
    return { text, scope: { sources, outer }, merged }
  }

  /** A query whose columns are of these kinds; `undefined`: whatever it likes, stars and rows too. */
  function select(wanted: readonly Kind[] | undefined, outer: Scope | undefined, depth: number): string {
    if (depth > 0 && wanted !== undefined && chance(10)) {
      const op = pick(wanted.includes('json') ? ['UNION ALL'] : ['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'UNION ALL'])
      return `(${select(wanted, outer, depth - 1)}) ${op} (${select(wanted, outer, depth - 1)})`
    }
    const { text, scope, merged } = from(outer, depth)
    const where = chance(60) ? ` WHERE ${expression('bool', scope, Math.min(depth, 2))}` : ''
    if (chance(20)) return grouped(wanted ?? someKinds(4), text, where, scope, depth)
    const targets = wanted === undefined ? free(scope, merged, depth) : wanted.map((kind) => target(kind, scope, depth))
    const one = wanted?.length === 1 && outer !== undefined
    const on = chance(6) ? named('int', scope) : undefined
    const distinct =
      on !== undefined ? `DISTINCT ON (${on}) ` : wanted !== undefined && !wanted.includes('json') && chance(8) ? 'DISTINCT ' : ''
    const order =
      on !== undefined ? ` ORDER BY ${on}, 1` : distinct === '' && chance(25) ? ` ORDER BY ${pick(['1', named('int', scope) ?? '1'])}` : ''
    const first = wanted?.[0] ?? 'json'
    const sorted = first === 'json' && / 1$/.test(order) ? '' : order
    return `SELECT ${distinct}${targets.join(', ')} FROM ${text}${where}${sorted}${one || chance(15) ? ' LIMIT 1' : ''}`
  }

  function target(kind: Kind, scope: Scope, depth: number): string {
    const text = (chance(8) ? windowed(kind, scope, depth) : undefined) ?? expression(kind, scope, Math.min(depth, 3))
    return chance(40) ? `${text} AS ${quote(pick(['ssn', 'name', 'id', 'a b', 'total']))}` : text
  }

  /** Stars, whole rows and columns in any number. */
  function free(scope: Scope, merged: readonly Column[], depth: number): string[] {
    const rows = scope.sources.filter((one) => one.row)
    const some = Array.from({ length: 1 + below(3) }, () => {
      if (chance(10)) return '*'
      if (chance(12)) return `${pick(scope.sources).alias}.*`
      if (rows.length > 0 && chance(7)) return wholeRow(scope, (name) => name) ?? '1'
      if (rows.length > 0 && chance(5)) return `(${pick(rows).alias}).*`
      if (merged.length > 0 && chance(30)) return quote(pick(merged).name)
      if (chance(5)) return wholeRow(scope, (name) => `ROW(${name}, 1)`) ?? '1'
      return target(pick(kinds), scope, depth)
    })
    return some
  }

  /** A column with its source, for places where a constant means something else. */
  function named(kind: Kind, scope: Scope): string | undefined {
    const all = scope.sources.flatMap((source) =>
      source.columns.filter((one) => one.kind === kind).map((one) => `${source.alias}.${quote(one.name)}`),
    )
    return all.length === 0 ? undefined : pick(all)
  }

  function grouped(wanted: readonly Kind[], text: string, where: string, scope: Scope, depth: number): string {
    const own: Scope = { sources: scope.sources, outer: undefined }
    const keys = [named('text', own), named('int', own)].filter((one) => one !== undefined)
    const targets = wanted.map((kind) => {
      const key = chance(30) && (kind === 'text' || kind === 'int') ? keys[kind === 'text' ? 0 : 1] : undefined
      const found = key === undefined || !keys.includes(key) ? undefined : key
      return (found !== undefined && keys.length === 2 ? found : undefined) ?? aggregate(kind, own, depth) ?? 'NULL'
    })
    const list = keys.join(', ')
    const form =
      keys.length < 2 ? list : pick([list, list, `GROUPING SETS ((${keys[0]}), (${list}), ())`, `ROLLUP (${list})`, `CUBE (${list})`])
    const having = chance(25) ? ` HAVING count(*) > ${leaf('int', undefined)} AND ${aggregate('bool', own, 1)}` : ''
    return `SELECT ${targets.join(', ')} FROM ${text}${where}${keys.length === 0 ? '' : ` GROUP BY ${form}`}${having}`
  }

  function withCtes(depth: number): string {
    const clauses: string[] = []
    const recursive = chance(35)
    const count = 1 + below(2)
    for (let place = 0; place < count; place += 1) {
      const wanted = someKinds(3)
      const columns = columnsOf(wanted)
      // A name that a table has too: the expression hides the table.
      const name = chance(15) && !ctes.some((one) => one.name === 'customers') ? 'customers' : fresh('q')
      const list = columns.map((one) => quote(one.name)).join(', ')
      if (recursive && place === 0) {
        const start = select(['int', ...wanted], undefined, depth - 1)
        const own = columnsOf(['int', ...wanted])
        const names = own.map((one) => quote(one.name))
        clauses.push(
          `${name}(${names.join(', ')}) AS (SELECT * FROM (${start}) s UNION ALL SELECT ${names[0]} + 1, ${names.slice(1).join(', ')} FROM ${name} WHERE ${names[0]} < 3)`,
        )
        ctes = [...ctes, { name, columns: own }]
      } else {
        clauses.push(`${name}(${list}) AS ${chance(20) ? 'MATERIALIZED ' : ''}(${select(wanted, undefined, depth - 1)})`)
        ctes = [...ctes.filter((one) => one.name !== name), { name, columns }]
      }
    }
    return `WITH ${recursive ? 'RECURSIVE ' : ''}${clauses.join(', ')} `
  }

  return () => {
    names = 0
    ctes = []
    const depth = 1 + below(3)
    const head = chance(25) ? withCtes(depth) : ''
    return `${head}${select(chance(55) ? undefined : someKinds(4), undefined, depth)}`
  }
}
