import { GatewayError } from '../errors.ts'
import type { Identity, Upstream } from '../ports.ts'

/** How many sessions and logins each person has on each connection, against `limits.connectionsPerPerson`. */
export class Seats {
  private readonly taken = new Map<string, number>()

  /** Takes one; call what it returns to give it back. Throws `too-many` (53300, FATAL). */
  take(upstream: Upstream, who: Identity): () => void {
    const key = `${upstream.connection}\0${who.issuer}\0${who.subject}`
    const taken = this.taken.get(key) ?? 0
    const limit = upstream.limits.connectionsPerPerson
    if (taken >= limit) {
      throw new GatewayError({
        code: 'too-many',
        sqlstate: '53300',
        message: `too many connections: ${limit} at once for one person on "${upstream.connection}" (limits.connectionsPerPerson)`,
        hint: 'Close one, or use a smaller pool.',
        severity: 'FATAL',
      })
    }
    this.taken.set(key, taken + 1)
    let given = false
    return () => {
      if (given) return
      given = true
      const left = (this.taken.get(key) ?? 1) - 1
      if (left === 0) this.taken.delete(key)
      else this.taken.set(key, left)
    }
  }
}
