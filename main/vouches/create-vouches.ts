import type { Clock } from '../../proxy/ports.ts'
import type { Person } from '../contract/people.ts'
import type { Db } from '../store/open-database.ts'
import { prepareVouches, type VouchRow } from '../store/vouches-table.ts'

/** What admins have vouched for on the page. The configuration may name others. */
export interface Vouches {
  standing(connection: string): readonly VouchRow[]
  vouch(connection: string, fn: { readonly signature: string; readonly source: string }, reason: string, by: Person): void
  /** False: nobody had vouched for it here. */
  withdraw(connection: string, signature: string, by: Person): boolean
  /** Called after each change has been stored. */
  onChange(listener: () => void): void
}

export function createVouches(db: Db, clock: Clock): Vouches {
  const table = prepareVouches(db)
  const listeners: (() => void)[] = []
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  return {
    standing: (connection) => table.standing(connection),
    vouch: (connection, fn, reason, by) => {
      table.insert({ connection, function: fn.signature, source: fn.source, reason, at: clock.now(), by: JSON.stringify(by) })
      changed()
    },
    withdraw: (connection, signature, by) => {
      const withdrawn = table.withdraw(connection, signature, clock.now(), JSON.stringify(by))
      if (withdrawn) changed()
      return withdrawn
    },
    onChange: (listener) => {
      listeners.push(listener)
    },
  }
}
