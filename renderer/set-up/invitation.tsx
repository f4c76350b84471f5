import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { connectionsQuery, meQuery, policiesQuery } from '../api/queries.ts'

/** On the start page, while no agent could do anything yet: the way to the guide. */
export function SetUpInvitation() {
  const me = useQuery(meQuery)
  const connections = useQuery({ ...connectionsQuery, retry: false })
  const policies = useQuery({ ...policiesQuery, retry: false })
  if (!connections.data || !policies.data || me.data?.roles.includes('admin') !== true) return null
  const none = connections.data.items.length === 0
  if (!none && policies.data.policies.length > 0) return null
  return (
    <section className="panel" aria-label="Set up">
      <header>
        <h2 className="panel-title fill">{none ? 'No database is connected' : 'No policy: every statement is denied'}</h2>
        <Link to="/set-up" className="button solid little">
          Set it up
        </Link>
      </header>
      <p className="panel-none">Five questions, and an agent’s first masked query at the end.</p>
    </section>
  )
}
