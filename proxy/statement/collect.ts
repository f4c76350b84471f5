import type { Relation } from '../catalog/catalog.ts'
import { SYSTEM_COLUMNS } from '../catalog/relation.ts'
import type {
  Carry,
  ColumnUse,
  CopyFormat,
  Equality,
  NameUse,
  OutputColumn,
  ParameterUse,
  RelationUse,
  Span,
  StatementFacts,
  TransactionUse,
  Unknown,
  Verb,
} from './facts.ts'
import { systemColumn } from './system-columns.ts'

/** Which code of the team's touches a relation. */
export type OwnCode = Required<Pick<RelationUse, 'by' | 'fn'>>

/** Gathers the facts of one statement while its tree is walked. Each fact is kept once. */
export interface Collector {
  /** `changesReading`: see `StatementFacts.because`. */
  verb(verb: Verb, what: string, offset: number, changesReading?: boolean): void
  relation(relation: Relation, access: 'read' | 'write', span: Span, via: string | undefined, verb?: Verb, code?: OwnCode): void
  column(relation: Relation, attnum: number, how: 'shows' | 'uses', span: Span, equals?: Equality): void
  fn(name: string, offset: number): void
  unknown(what: string, code: boolean, offset: number, fn?: number): void
  name(use: NameUse): void
  carry(carry: Carry): void
  withoutWhere(): void
  /** Rows come out, even if of no relation. */
  reads(): void
  readonly relations: readonly RelationUse[]
  readonly columns: readonly ColumnUse[]
  readonly functions: readonly { readonly name: string; readonly offset: number }[]
  readonly unknowns: readonly Unknown[]
  readonly carries: readonly Carry[]
  readonly because: readonly StatementFacts['because'][number][]
  finish(rest: StatementRest): StatementFacts
}

/** What only the statement's own kind can tell. */
export interface StatementRest {
  readonly kind: string
  readonly span: Span
  readonly outputs: readonly OutputColumn[] | undefined
  readonly outputsFromName?: boolean
  readonly copy?: 'in' | 'out' | undefined
  readonly copyFormat?: CopyFormat
  readonly copyColumns?: readonly OutputColumn[] | undefined
  readonly transaction?: TransactionUse | undefined
  readonly explain?: boolean
  readonly parameters?: ParameterUse | undefined
  readonly changesCatalog?: boolean
}

export function createCollector(): Collector {
  const seen = new Set<string>()
  const verbs = new Set<Verb>()
  const because: StatementFacts['because'][number][] = []
  const relations: RelationUse[] = []
  const columns: ColumnUse[] = []
  const functions: { name: string; offset: number }[] = []
  const unknowns: Unknown[] = []
  const carries: Carry[] = []
  const names: NameUse[] = []
  let noWhere = false
  const first = (key: string): boolean => !seen.has(key) && seen.add(key).size > 0

  const collector: Collector = {
    relations,
    columns,
    functions,
    unknowns,
    carries,
    because,
    verb(verb, what, offset, changesReading = false) {
      verbs.add(verb)
      if (first(`v ${verb} ${what} ${offset}`))
        because.push(changesReading ? { verb, what, offset, changesReading } : { verb, what, offset })
    },
    relation(relation, access, span, via, verb, code) {
      if (!first(`r ${relation.oid} ${access} ${via ?? ''} ${verb ?? ''} ${span.offset}`)) return
      const use = { relation: relation.label, oid: relation.oid, access, via, offset: span.offset, length: span.length }
      relations.push({ ...use, ...(verb === undefined ? {} : { verb }), ...code })
    },
    column(relation, attnum, how, span, equals) {
      if (!first(`c ${relation.oid} ${attnum} ${how} ${span.offset}${equals === undefined ? '' : ' e'}`)) return
      const column = attnum === 0 ? '*' : nameOf(relation, attnum)
      const use = { relation: relation.label, oid: relation.oid, attnum, column, how, offset: span.offset, length: span.length }
      columns.push(equals === undefined ? use : { ...use, equals })
      const held = systemColumn(relation, attnum)
      if (held !== undefined && (held.mode === 'admin' || how === 'uses')) {
        collector.verb('admin', `${relation.label}.${column} ${held.why}`, span.offset)
      }
    },
    fn(name, offset) {
      if (first(`f ${name} ${offset}`)) functions.push({ name, offset })
    },
    unknown(what, code, offset, fn) {
      if (!first(`u ${what} ${code} ${offset}`)) return
      unknowns.push(fn === undefined ? { what, code, offset, length: 0 } : { what, code, offset, length: 0, fn })
    },
    name(use) {
      names.push(use)
    },
    carry(carry) {
      carries.push(carry)
    },
    withoutWhere() {
      noWhere = true
    },
    reads() {
      verbs.add('read')
    },
    finish(rest) {
      if (unknowns.length > 0) verbs.add('unknown')
      if (relations.some((use) => use.access === 'write' && use.verb === undefined)) verbs.add('write')
      if (verbs.size === 0 || relations.some((use) => use.access === 'read' && use.verb === undefined)) verbs.add('read')
      return deepFreeze({
        kind: rest.kind,
        span: rest.span,
        verbs: [...verbs],
        because,
        relations,
        columns,
        functions,
        unknown: unknowns,
        ...(carries.length === 0 ? {} : { carries }),
        outputs: rest.outputs,
        outputsFromName: rest.outputsFromName ?? false,
        names,
        withoutWhere: noWhere,
        copy: rest.copy,
        ...(rest.copyFormat === undefined ? {} : { copyFormat: rest.copyFormat }),
        ...(rest.copyColumns === undefined ? {} : { copyColumns: rest.copyColumns }),
        transaction: rest.transaction,
        explain: rest.explain ?? false,
        ...(rest.parameters === undefined ? {} : { parameters: rest.parameters }),
        changesCatalog: rest.changesCatalog ?? false,
      })
    },
  }
  return collector
}

function nameOf(relation: Relation, attnum: number): string {
  const columns = attnum < 0 ? SYSTEM_COLUMNS : relation.columns
  return columns.find((one) => one.attnum === attnum)?.name ?? `#${attnum}`
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
