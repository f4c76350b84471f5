import type { Catalog } from '../catalog/catalog.ts'
import type { PreparedBody } from '../ports.ts'
import type { NameUse, StatementFacts } from '../statement/facts.ts'
import type { NameScope } from './compose.ts'
import { type NameChange, Names } from './names.ts'
import type { Portal, Prepared, Unit } from './unit.ts'

/** The session's two namespaces at the server. Names are latin1 of their bytes, as in the protocol's messages. */
export class SessionNames {
  readonly statements = new Names<Prepared>()
  readonly portals = new Names<Portal>()

  /** What SQL's EXECUTE and FETCH mean in this batch. */
  scope(batch: number): NameScope {
    return {
      statement: (name) => {
        const found = this.statements.lookup(latin1(name), batch)
        return typeof found === 'string' ? found : { value: found.value.facts }
      },
      cursor: (name) => {
        const found = this.portals.lookup(latin1(name), batch)
        return typeof found === 'string' ? found : { value: found.value.prepared.facts }
      },
    }
  }

  /** What these statements EXECUTE or FETCH by a name whose facts were made for another catalog. */
  stale(facts: readonly StatementFacts[], batch: number, catalog: Catalog): readonly Prepared[] {
    if (facts.every(namesNothing)) return NO_NAMES
    return this.used(facts, batch).filter((prepared) => prepared.catalog !== catalog)
  }

  /** What these statements EXECUTE or FETCH by a name that the session knows. */
  used(facts: readonly StatementFacts[], batch: number): Prepared[] {
    const used: Prepared[] = []
    for (const use of facts.flatMap((statement) => statement.names)) {
      const found =
        use.kind === 'execute'
          ? this.statements.lookup(latin1(use.name), batch)
          : use.kind === 'fetch'
            ? this.portals.lookup(latin1(use.name), batch)
            : 'missing'
      if (typeof found === 'string') continue
      used.push('prepared' in found.value ? found.value.prepared : found.value)
    }
    return used
  }

  /** The same, for people to read. */
  bodies(facts: readonly StatementFacts[], batch: number): PreparedBody[] {
    return facts
      .flatMap((statement) => statement.names)
      .flatMap((use) => {
        if (use.kind !== 'execute') return []
        const found = this.statements.lookup(latin1(use.name), batch)
        return typeof found === 'string' ? [] : [{ name: use.name, sql: found.value.text.toString('utf8') }]
      })
  }

  /** What each statement of a string does to the names once the server has done it: one list for each. */
  changes(unit: Unit, batch: number): readonly (readonly NameChange[])[] {
    const { facts } = unit.judged
    if (facts.every(namesNothing)) return NONE
    return facts.map((statement) => this.changesOf(statement, unit, batch))
  }

  /** The transaction is over: portals go, but for cursors WITH HOLD. */
  endTransaction(): void {
    if (this.portals.size > 0) this.portals.forget((portal) => portal.hold)
  }

  private changesOf(facts: StatementFacts, unit: Unit, batch: number): NameChange[] {
    const changes: NameChange[] = []
    for (const use of facts.names) {
      switch (use.kind) {
        case 'prepare':
          changes.push(this.statements.change(latin1(use.name), preparedBy(use, unit), batch))
          break
        case 'declare':
          changes.push(this.portals.change(latin1(use.name), { prepared: preparedBy(use, unit), unit, formats: [], hold: use.hold }, batch))
          break
        case 'deallocate':
          changes.push(use.name === undefined ? this.statements.clear() : this.statements.change(latin1(use.name), undefined, batch))
          break
        case 'close':
          changes.push(use.name === undefined ? this.portals.clear() : this.portals.change(latin1(use.name), undefined, batch))
          break
        case 'discard':
          changes.push(this.statements.clear(), this.portals.clear())
          break
        case 'execute':
        case 'fetch':
          break
      }
    }
    return changes
  }
}

const NONE: readonly (readonly NameChange[])[] = []
const NO_NAMES: readonly Prepared[] = []

/** Nearly every statement: nothing is made for it. */
const namesNothing = (statement: StatementFacts): boolean => statement.names.length === 0

function preparedBy(use: Extract<NameUse, { readonly body: StatementFacts }>, unit: Unit): Prepared {
  const { text, catalog } = unit.judged
  return {
    text,
    within: { kind: use.kind, name: use.name },
    facts: [use.body],
    moved: unit.judged.moved,
    catalog,
    fields: undefined,
    described: undefined,
    describing: undefined,
    declared: [],
    parameterTypes: [],
  }
}

function latin1(name: string): string {
  return Buffer.from(name, 'utf8').toString('latin1')
}
