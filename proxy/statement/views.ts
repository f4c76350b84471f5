import { parseSync } from 'libpg-query'
import type { Catalog, Relation } from '../catalog/catalog.ts'
import { createCollector } from './collect.ts'
import type { Analysing, Context, ViewShape } from './context.ts'
import { query } from './query.ts'
import { bodiesOf } from './routines/bodies.ts'
import { as } from './tree.ts'

/** Parsed in place, so neither long nor deep: the server wrote the text, with a parenthesis for every level. */
const MAX_BYTES = 262_144
const MAX_DEPTH = 400
const MAX_UNIONS = 400

const books = new WeakMap<Catalog, Map<number, ViewShape>>()

/** What views are made of, worked out once for each catalog. The parser must have been loaded. */
export function viewsOf(catalog: Catalog): (view: Relation) => ViewShape {
  let book = books.get(catalog)
  if (book === undefined) {
    book = new Map()
    books.set(catalog, book)
  }
  const known = book
  return (view) => {
    const kept = known.get(view.oid)
    if (kept !== undefined) return kept
    // A view that is met again while it is being worked out stands in a ring, which only a broken catalog has.
    known.set(view.oid, { columns: [], facts: createCollector(), known: false })
    const shape = readView(catalog, view)
    known.set(view.oid, shape)
    return shape
  }
}

function readView(catalog: Catalog, view: Relation): ViewShape {
  const facts = createCollector()
  const text = view.definition ?? ''
  if (!isShallow(text)) return { columns: [], facts, known: false }
  const shapeOf = viewsOf(catalog)
  const bodyOf = bodiesOf(catalog, shapeOf)
  const run: Analysing = {
    catalog,
    facts,
    pinned: true,
    shapeOf,
    bodyOf,
    marks: { blurred: false },
    budget: { steps: 0 },
    calls: new Map(),
    query,
  }
  const cx: Context = { run, level: undefined, ctes: undefined, quiet: true }
  const select = as(parse(text), 'SelectStmt')
  if (select === undefined) return { columns: [], facts, known: false }
  const result = query({ SelectStmt: select }, cx, 'rows')
  const columns = run.marks.blurred
    ? result.columns.map((one) => ({ ...one, value: { ...one.value, known: one.value.known && one.value.plain } }))
    : result.columns
  return { columns, facts, known: !result.open && result.columns.length === view.columns.length }
}

function parse(text: string) {
  try {
    return parseSync(text).stmts?.[0]?.stmt
  } catch (error) {
    if (error instanceof Error && error.name === 'SqlError') return undefined
    throw error
  }
}

function isShallow(text: string): boolean {
  if (text.length > MAX_BYTES || text.includes('\0')) return false
  let depth = 0
  for (const char of text) {
    if (char === '(' || char === '[') depth += 1
    else if (char === ')' || char === ']') depth -= 1
    if (depth > MAX_DEPTH) return false
  }
  return (text.match(/\b(UNION|EXCEPT|INTERSECT|CASE)\b/g)?.length ?? 0) <= MAX_UNIONS
}
