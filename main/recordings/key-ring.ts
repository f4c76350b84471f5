import type { KeyObject } from 'node:crypto'
import type { KeyRow } from '../store/evidence-table.ts'
import { isSignedBy, keyId, readPublicKey, type Signed } from './signing-key.ts'

/** The public keys that signatures are checked with. */
export interface KeyRing {
  /** Ids of the keys that are trusted here. */
  readonly ids: readonly string[]
  /** Undefined when the signature is right; otherwise what is wrong with it, without a full stop. */
  problem(signed: Signed, key: string): string | undefined
}

/**
 * The keys that the record itself names, or only the one that was given from outside (`pinned`): whoever can write in a data directory can put
 * in a key of their own and sign anew, which only a pinned key shows.
 */
export function keyRing(rows: readonly Pick<KeyRow, 'id' | 'public_key'>[], pinned: KeyObject | undefined): KeyRing {
  const keys = new Map<string, KeyObject>()
  if (pinned !== undefined) keys.set(keyId(pinned), pinned)
  else {
    for (const row of rows) {
      const key = readPublicKey(row.public_key)
      // A key under another key's name is no key.
      if (key !== undefined && keyId(key) === row.id) keys.set(row.id, key)
    }
  }
  return {
    ids: [...keys.keys()],
    problem: (signed, id) => {
      const key = keys.get(id)
      if (key === undefined)
        return pinned === undefined ? `the key ${id} that it names is not there` : `it is signed with the key ${id}, not with the one given`
      return isSignedBy(key, signed) ? undefined : 'its signature does not fit what it says'
    },
  }
}
