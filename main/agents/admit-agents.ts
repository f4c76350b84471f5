import type { Identities } from '../../proxy/ports.ts'
import type { Agents } from './create-agents.ts'

/** The `Identities` port of the door: a token that is good opens it only while its agent is not paused. */
export function admitAgents(identities: Identities, agents: Pick<Agents, 'admit'>): Identities {
  return {
    verify: async (token) => {
      const who = await identities.verify(token)
      agents.admit(who)
      return who
    },
    announced: () => identities.announced(),
  }
}
