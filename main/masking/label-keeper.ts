import type { Catalog, Relation } from '../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../proxy/errors.ts'
import type { Clock, LabelKeeper, Log } from '../../proxy/ports.ts'
import type { Carried } from '../../proxy/verdict/carried.ts'
import { splitName } from '../../proxy/verdict/patterns.ts'
import type { FollowedLabel, Policy } from '../../proxy/verdict/policy.ts'
import { type FollowedLabelRow, type NewFollowedLabel, prepareFollowedLabels } from '../store/followed-labels-table.ts'
import type { Db } from '../store/open-database.ts'
import { lostLabels } from './lost-labels.ts'

/** Labels that the host has seen go somewhere else, or stay where a name changed. */
export interface FollowedLabelKeeper extends LabelKeeper {
  /** For the policy of a connection, which is compiled with them. */
  of(connection: string): readonly FollowedLabel[]
  list(connection: string | undefined): readonly FollowedLabelRow[]
  /** Gives the one that was removed; undefined: there is none. */
  remove(id: number): FollowedLabelRow | undefined
  /** Called after each change has been stored, before whoever made it goes on. */
  onChange(listener: () => void): void
}

export interface LabelKeeperOptions {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  /** The policy in force: which labels it has, and where. */
  readonly policy: (connection: string) => Policy
}

/** Keeps them in the host's database, and in memory as they stand there. */
export function createLabelKeeper({ db, clock, log, policy }: LabelKeeperOptions): FollowedLabelKeeper {
  const table = prepareFollowedLabels(db)
  const kept = new Map<number, FollowedLabelRow>(table.all().map((row) => [row.id, row]))
  const listeners: (() => void)[] = []

  return {
    follow(connection, carried, session) {
      const rows = carried.flatMap((one) => rowFor(connection, one, session, clock.now())).filter((row) => !isKept(row))
      if (rows.length === 0) return
      try {
        add(rows)
      } catch (cause) {
        throw new GatewayError(
          {
            code: 'recorder',
            sqlstate: '58030',
            message: 'where a label goes cannot be stored, so the statement does not run',
            hint: 'Try again in a moment.',
          },
          { cause },
        )
      }
    },
    bind(connection, catalog) {
      if (bindNames(connection, catalog)) changed()
    },
    catalogRead(connection, before, now) {
      const moved = settle(connection, before, now)
      const bound = bindNames(connection, now)
      // What is about to be in force decides what has lost its label.
      if (moved || bound) changed()
      if (before === undefined) return
      const rows = lostLabels(policy(connection), before, now).map(
        (lost): NewFollowedLabel => ({ ...lost, connection, why: 'renamed', session: null, at: clock.now() }),
      )
      const fresh = rows.filter((row) => !isKept(row))
      if (fresh.length > 0) add(fresh)
    },
    of: (connection) => ofConnection(connection).map(toFollowed),
    list: (connection) => (connection === undefined ? [...kept.values()] : ofConnection(connection)),
    remove(id) {
      const row = kept.get(id)
      if (row === undefined) return undefined
      table.remove(id)
      kept.delete(id)
      changed()
      return row
    },
    onChange: (listener) => {
      listeners.push(listener)
    },
  }

  function changed(): void {
    for (const listener of listeners) listener()
  }

  function ofConnection(connection: string): FollowedLabelRow[] {
    return [...kept.values()].filter((row) => row.connection === connection)
  }

  function isKept(row: NewFollowedLabel): boolean {
    return ofConnection(row.connection).some(
      (one) =>
        one.label === row.label &&
        one.oid === row.oid &&
        one.attnum === row.attnum &&
        (row.oid !== 0 || (one.schema === row.schema && one.name === row.name && one.column_name === row.column_name)) &&
        (one.plain === 0 || row.plain === 1),
    )
  }

  function add(rows: readonly NewFollowedLabel[]): void {
    const ids = table.insert(rows)
    rows.forEach((row, place) => {
      const id = ids[place]
      if (id !== undefined) kept.set(id, { id, ...row })
      const { connection, label, source, why } = row
      log.info('label-followed', {
        connection,
        label,
        why,
        from: source,
        to: [row.schema, row.name, row.column_name].filter((part) => part !== null).join('.'),
      })
    })
    changed()
  }

  function replace(row: FollowedLabelRow): void {
    table.place(row)
    kept.set(row.id, row)
  }

  function drop(row: FollowedLabelRow): void {
    table.remove(row.id)
    kept.delete(row.id)
    log.info('label-dropped', { connection: row.connection, label: row.label, table: row.name, column: row.column_name })
  }

  /** Those that go by a name get the table that has it now. */
  function bindNames(connection: string, catalog: Catalog): boolean {
    let any = false
    for (const row of ofConnection(connection)) {
      if (row.oid !== 0) continue
      const found = catalog.relationsNamed(row.name).filter((one) => one.kind !== 'c' && (row.schema === null || isSchema(one, row.schema)))
      const columns = found.flatMap((relation) =>
        relation.columns.filter(({ name }) => row.column_name === '*' || name === row.column_name).map((column) => ({ relation, column })),
      )
      if (columns.length === 0) continue
      any = true
      const fresh = columns.map(
        ({ relation, column }): NewFollowedLabel => ({ ...without(row), ...placeOf(relation, column.name, column.attnum) }),
      )
      drop(row)
      const ids = table.insert(fresh)
      fresh.forEach((one, place) => {
        const id = ids[place]
        if (id !== undefined) kept.set(id, { id, ...one })
      })
    }
    return any
  }

  /** The names of now; what was dropped goes. In a database that was restored all tables are others: there the name finds them again. */
  function settle(connection: string, before: Catalog | undefined, now: Catalog): boolean {
    let any = false
    for (const row of ofConnection(connection)) {
      if (row.oid === 0) continue
      const relation = now.relation(row.oid)
      const column = relation?.columns.find(({ attnum }) => attnum === row.attnum)
      if (relation !== undefined && column !== undefined) {
        if (relation.schema !== row.schema || relation.name !== row.name || column.name !== row.column_name)
          replace({ ...row, ...placeOf(relation, column.name, column.attnum) })
        continue
      }
      // A table that an open transaction made is not seen here before it is committed.
      if (before !== undefined && before.relation(row.oid) === undefined) continue
      const again = before === undefined ? byName(now, row) : undefined
      if (again === undefined) drop(row)
      else replace({ ...row, ...again })
      any = true
    }
    return any
  }
}

function rowFor(connection: string, { label, target, from, plain }: Carried, session: string, at: number): NewFollowedLabel[] {
  const row = { connection, label, plain: plain ? 1 : 0, why: 'copied' as const, source: from, session, at }
  if (target.kind === 'place') return []
  if (target.kind === 'made')
    return [{ ...row, oid: 0, attnum: 0, schema: target.schema ?? null, name: target.name, column_name: target.column }]
  const [schema, name] = splitLabel(target.relation)
  return [{ ...row, oid: target.oid, attnum: target.attnum, schema, name, column_name: target.column }]
}

function splitLabel(label: string): [schema: string, name: string] {
  const [schema = '', name = ''] = splitName(label)
  return [schema, name]
}

function placeOf(relation: Relation, column: string, attnum: number) {
  return { oid: relation.oid, attnum, schema: relation.schema, name: relation.name, column_name: column }
}

function isSchema(relation: Relation, schema: string): boolean {
  return relation.schema === schema || (schema === 'pg_temp' && relation.temporary)
}

function byName(catalog: Catalog, row: FollowedLabelRow) {
  const relation = catalog.relationsNamed(row.name).find((one) => one.schema === row.schema && one.kind !== 'c')
  const column = relation?.columns.find(({ name }) => name === row.column_name)
  return relation === undefined || column === undefined ? undefined : placeOf(relation, column.name, column.attnum)
}

function without({ id: _id, ...row }: FollowedLabelRow): NewFollowedLabel {
  return row
}

function toFollowed(row: FollowedLabelRow): FollowedLabel {
  return {
    label: row.label,
    plain: row.plain === 1,
    oid: row.oid,
    attnum: row.attnum,
    schema: row.schema ?? undefined,
    name: row.name,
    column: row.column_name,
  }
}
