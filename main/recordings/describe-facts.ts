import { type Moved, moveOffset } from '../../proxy/statement/alike.ts'
import type { StatementFacts } from '../../proxy/statement/facts.ts'

/**
 * What the record keeps of a statement's facts: enough to say what it touched and why, and to be searched; the analysis itself can be
 * made again from the text. The keys' order is part of the canonical encoding.
 */
export interface RecordedFacts {
  readonly kind: string
  readonly span: readonly [offset: number, length: number]
  readonly verbs: StatementFacts['verbs']
  readonly relations: readonly { name: string; access: 'read' | 'write'; via: string | null; at: readonly [number, number] }[]
  readonly columns: readonly { name: string; how: 'shows' | 'uses'; at: readonly [number, number] }[]
  readonly unknown: readonly string[]
  readonly outputs: readonly string[] | null
  readonly withoutWhere: boolean
  readonly copy: 'in' | 'out' | null
}

export function describeFacts(facts: StatementFacts): RecordedFacts {
  return {
    kind: facts.kind,
    span: [facts.span.offset, facts.span.length],
    verbs: facts.verbs,
    relations: facts.relations.map((use) => ({
      name: use.relation,
      access: use.access,
      via: use.via ?? null,
      at: [use.offset, use.length],
    })),
    columns: facts.columns.map((use) => ({
      name: `${use.relation}.${use.attnum === 0 ? '*' : use.column}`,
      how: use.how,
      at: [use.offset, use.length],
    })),
    unknown: facts.unknown.map((unknown) => unknown.what),
    outputs: facts.outputs?.map((output) => output.name) ?? null,
    withoutWhere: facts.withoutWhere,
    copy: facts.copy ?? null,
  }
}

/** The same facts with the offsets of another text that differs in constants only. */
export function moveFacts(facts: RecordedFacts, moved: Moved): RecordedFacts {
  const move = ([offset, length]: readonly [number, number]): [number, number] => {
    const start = moveOffset(moved, offset)
    return [start, moveOffset(moved, offset + length) - start]
  }
  return {
    ...facts,
    span: move(facts.span),
    relations: facts.relations.map((use) => ({ ...use, at: move(use.at) })),
    columns: facts.columns.map((use) => ({ ...use, at: move(use.at) })),
  }
}
