import { Link } from '@tanstack/react-router'
import type { z } from 'zod'
import type { Calls } from '../../main/contract/index.ts'
import { Button } from '../ui/parts/button.tsx'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { Excerpt } from './excerpt.tsx'

type Hit = z.output<Calls['listStatements']['response']>['items'][number]
const outcomes = { allow: 'allowed', ask: 'held', deny: 'denied' } as const
const words = { allow: 'Allowed', ask: 'Asked a person', deny: 'Denied by a rule' } as const

/** Single statements that a search found, each a link to its moment. */
export function StatementHits({ hits, more }: { readonly hits: readonly Hit[]; readonly more: (() => void) | undefined }) {
  return (
    <div className="panel hits">
      <ul aria-label="Statements found">
        {hits.map((hit) => (
          <li key={`${hit.session}/${hit.seq}`}>
            <Link
              className="hit-row"
              to="/sessions/$id"
              params={{ id: hit.session }}
              search={hit.statement > 0 ? { statement: hit.statement } : {}}
            >
              <VerdictMark outcome={outcomes[hit.effect]} />
              <Excerpt text={hit.excerpt} />
              <span className="meta third nowrap">
                <Ago at={hit.at} />
              </span>
              <span className="hit-sub meta third">
                {hit.who.name} on {hit.connection} · {words[hit.effect]}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {more ? (
        <p className="panel-foot">
          <Button small onClick={more}>
            Older ones
          </Button>
        </p>
      ) : null}
    </div>
  )
}
