import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { StandingApproval } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'
import { standingQuery } from '../api/queries.ts'
import { Check } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { ForeignText } from '../ui/parts/foreign-text.tsx'
import { Bone, Empty, Failing, wordsOf } from '../ui/parts/screen-state.tsx'
import { SqlBlock } from '../ui/sql/sql-block.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { useNow } from '../ui/time/use-now.ts'
import { durationWords } from '../ui/time/words.ts'
import { countWords, nounWords, orWords } from '../ui/words.ts'

/** What was approved in advance: how often it ran, how long it stands, and the way to end it. */
export function StandingList() {
  const standing = useQuery(standingQuery)
  if (standing.isPending)
    return (
      <div className="standing-list" aria-busy="true">
        <span className="unseen">Loading what was approved in advance</span>
        {[0, 1].map((each) => (
          <div key={each} className="panel standing">
            <Bone width="50%" />
            <Bone height={48} />
          </div>
        ))}
      </div>
    )
  if (standing.isError && !standing.data)
    return <Failing what="What was approved in advance" error={standing.error} retry={() => void standing.refetch()} />
  const items = standing.data?.items ?? []
  if (items.length === 0)
    return (
      <Empty title="Nothing is approved in advance">
        Approve with limits, several times or for a while, and it stands here until it is used up or revoked.
      </Empty>
    )
  return (
    <ul className="standing-list" aria-label="Approved in advance">
      {items.map((one) => (
        <li key={one.id}>
          <Standing one={one} />
        </li>
      ))}
    </ul>
  )
}

/** `3 of 5 runs left`, `9 min left`, or both. */
export function leftWords({ times, used, until }: Pick<StandingApproval, 'times' | 'used' | 'until'>, now: number): string {
  const runs =
    times === null ? `${nounWords(used, 'run')} so far` : `${countWords(Math.max(0, times - used))} of ${nounWords(times, 'run')} left`
  return `${runs} · ${durationWords(Math.max(0, until - now))} left`
}

function Standing({ one }: { one: StandingApproval }) {
  const now = useNow()
  const latest = one.uses[0]
  return (
    <article className="panel standing" aria-label={`Standing approval ${one.id}`}>
      <header>
        <h2 className="panel-title fill">{one.sentence}</h2>
        <RevokeButton one={one} />
      </header>
      <div className="standing-body">
        <p className="small second">
          <span className="medium">{leftWords(one, now)}</span> · {one.requester.name} on {one.connection} ·{' '}
          {one.maxRows === null ? 'no ceiling of rows' : `${nounWords(one.maxRows, 'row')} at most each time`}
        </p>
        <SqlBlock sql={one.sql} marks={[]} hidden={one.hidden} />
        <p className="meta third">
          Given by{' '}
          {orWords(
            one.by.map((person) => person.name),
            'and',
          )}{' '}
          <Ago at={one.at} /> on{' '}
          <Link to="/approvals/$id" params={{ id: String(one.approval) }}>
            approval {one.approval}
          </Link>
          {one.reason === '' ? (
            ''
          ) : (
            <>
              {' '}
              · “<ForeignText>{one.reason}</ForeignText>”
            </>
          )}
          {latest ? (
            <>
              {' '}
              · last ran <Ago at={latest.at} />
            </>
          ) : (
            ' · has not run yet'
          )}
        </p>
      </div>
    </article>
  )
}

/** Ends it at the second press; what runs now is not cut off. */
export function RevokeButton({ one }: { one: StandingApproval }) {
  const client = useQueryClient()
  const [sure, setSure] = useState(false)
  const revoking = useMutation({
    mutationFn: () => call('revokeStanding', { params: { id: one.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: standingQuery.queryKey }),
  })
  if (!one.mayRevoke) return <span className="meta third">not yours to revoke</span>
  return (
    <span className="row">
      {revoking.error ? (
        <span className="small in-deny" role="alert">
          {wordsOf(revoking.error)}
        </span>
      ) : null}
      {sure ? (
        <>
          <Button small look="ghost" onClick={() => setSure(false)}>
            Keep it
          </Button>
          <Button small look="deny-soft" icon={<Check />} disabled={revoking.isPending} onClick={() => revoking.mutate()}>
            {revoking.isPending ? 'Revoking…' : 'Revoke now'}
          </Button>
        </>
      ) : (
        <Button small look="deny" onClick={() => setSure(true)} aria-label={`Revoke standing approval ${one.id}`}>
          Revoke
        </Button>
      )}
    </span>
  )
}
