import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { standingQuery } from '../api/queries.ts'
import { leftWords, RevokeButton } from '../approvals/standing-list.tsx'
import { useNow } from '../ui/time/use-now.ts'
import { countWords } from '../ui/words.ts'

const MOST = 4

/** What may run without being asked about, and the way to end it. Nothing is drawn while there is none. */
export function StandingPanel() {
  const standing = useQuery(standingQuery)
  const now = useNow()
  const items = standing.data?.items ?? []
  if (items.length === 0) return null
  return (
    <section className="panel" aria-label="Standing approvals">
      <header>
        <h2 className="panel-title">Standing approvals</h2>
        <span className="tag">{countWords(items.length)}</span>
        <span className="fill" />
        <Link to="/approvals" search={{ view: 'standing' }} className="small">
          All
        </Link>
      </header>
      <ul>
        {items.slice(0, MOST).map((one) => (
          <li key={one.id} className="need">
            <div className="fill">
              <div className="small cut" title={one.sentence}>
                {one.sentence}
              </div>
              <div className="meta third">
                {one.requester.name} · {leftWords(one, now)}
              </div>
            </div>
            <RevokeButton one={one} />
          </li>
        ))}
      </ul>
    </section>
  )
}
