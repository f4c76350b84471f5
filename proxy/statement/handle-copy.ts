import type { CopyStmt } from '@pgsql/types'
import { carry } from './carry.ts'
import { type Context, emit } from './context.ts'
import { copyFormat } from './copy-format.ts'
import { evaluate } from './expression.ts'
import type { Span } from './facts.ts'
import { type Handlers, outputsOf, type Rest } from './handling.ts'
import { query } from './query.ts'
import { nameRelation } from './relations.ts'
import { as, at, namesOf, optionOf } from './tree.ts'

/** COPY in all its forms. */
export const COPY: Handlers = {
  CopyStmt: (body, cx, span) => copy(body, cx, span),
}

const OUTSIDE = { kind: 'place', what: 'a file or program of the server' } as const

function copy(body: CopyStmt, cx: Context, span: Span): Rest {
  const { facts } = cx.run
  const from = body.is_from === true
  if (body.is_program === true) facts.verb('admin', `COPY ${from ? 'FROM' : 'TO'} PROGRAM runs a program on the server`, span.offset)
  else if (body.filename !== undefined) facts.verb('admin', `COPY ${from ? 'FROM' : 'TO'} a file of the server`, span.offset)
  const stream = body.is_program !== true && body.filename === undefined
  const format = copyFormat((body.options ?? []).map(optionOf))
  if (typeof format === 'string') facts.unknown(format, false, span.offset)
  const written = stream && typeof format !== 'string' ? { copyFormat: format } : {}
  if (body.query !== undefined) {
    if (as(body.query, 'SelectStmt') !== undefined) facts.reads()
    const result = query(body.query, cx, 'rows')
    if (!stream) {
      for (const column of result.columns) emit(cx, column.value, 'uses', span.offset)
      for (const column of result.columns) carry(cx, OUTSIDE, column.value, span.offset)
    }
    return { kind: 'COPY', outputs: outputsOf(result), copy: stream ? 'out' : undefined, ...written }
  }
  const item = nameRelation(cx, body.relation ?? {}, from ? 'write' : 'read', from ? ['insert'] : ['read'])
  const listed = namesOf(body.attlist)
  const columns = item.all().filter((column) => listed.length === 0 || listed.includes(column.name))
  const ordered =
    listed.length === 0
      ? columns
      : listed.map((name) => columns.find((column) => column.name === name)).filter((column) => column !== undefined)
  if (ordered.length < listed.length) facts.unknown('column that COPY names', false, span.offset)
  for (const column of ordered) emit(cx, column.value, from || !stream ? 'uses' : 'shows', at(body.relation?.location))
  if (!from && !stream) for (const column of ordered) carry(cx, OUTSIDE, column.value, span.offset)
  if (from) {
    facts.verb('write', 'COPY FROM adds rows', at(body.relation?.location))
    evaluate(body.whereClause, { ...cx, level: { items: [item], merged: new Map(), star: item.all(), open: item.open, parent: undefined } })
    const copyColumns = stream ? outputsOf({ columns: ordered, open: item.open }) : undefined
    return { kind: 'COPY', outputs: undefined, copy: stream ? 'in' : undefined, copyColumns, ...written }
  }
  return { kind: 'COPY', outputs: outputsOf({ columns: ordered, open: item.open }), copy: stream ? 'out' : undefined, ...written }
}
