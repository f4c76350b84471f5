import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { FollowedLabel, Masking } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'
import { followedQuery, policiesQuery } from '../api/queries.ts'
import { Warn } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Label } from '../ui/parts/label.tsx'
import { Failing, wordsOf } from '../ui/parts/screen-state.tsx'
import { ShowMore, useSome } from '../ui/parts/show-more.tsx'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { Form } from './form-words.tsx'

const outcomes = { allow: 'allowed', ask: 'held', deny: 'denied' } as const

/** Every label with its columns, its form and the rules that name it; and where labels went by themselves. */
export function LabelsView({ masking, mayChange }: { masking: Masking; mayChange: boolean }) {
  const { shown, hidden, more } = useSome(masking.labels, 40)
  return (
    <>
      <section className="panel" aria-label="Labels">
        <header>
          <h2 className="policy-name">Labels on columns</h2>
        </header>
        {masking.labels.length === 0 ? (
          <p className="panel-none in-ask">
            <Warn /> No column is labelled: agents see every value that no pattern catches. Select columns under “Columns” and label them.
          </p>
        ) : null}
        {shown.map((label) => (
          <div key={`${label.connection}/${label.label}/${label.mask}/${label.columns.join()}`} className="mask-row">
            <div className="mask-what">
              <Label>{label.label}</Label> <span className="meta third">on {label.connection}</span>
            </div>
            <div>
              <ul className="mask-columns">
                {label.columns.slice(0, 60).map((column) => (
                  <li key={column}>
                    <code>{column}</code>
                  </li>
                ))}
                {label.columns.length > 60 ? <li className="third">and {label.columns.length - 60} more</li> : null}
              </ul>
              <InPolicy label={label.label} connection={label.connection} predicates={label.predicates} />
            </div>
            <Form mask={label.mask} />
          </div>
        ))}
        <ShowMore hidden={hidden} more={more} what="labels" />
      </section>
      <Followed mayChange={mayChange} />
      <Untrusted untrusted={masking.untrusted} />
    </>
  )
}

/** What rules say of a label. */
export function InPolicy({ label, connection, predicates }: { label: string; connection: string; predicates: boolean }) {
  const policies = useQuery(policiesQuery)
  const rules = (policies.data?.policies ?? [])
    .filter((policy) => policy.connections.includes(connection))
    .flatMap(({ rules: all }) => all.filter(({ touches, shows, uses }) => [touches, shows, uses].some((one) => one?.includes(label))))
  return (
    <ul className="in-policy small second">
      {rules.map((rule) => (
        <li key={rule.id}>
          <VerdictMark outcome={outcomes[rule.effect]} size={14} />
          <span>
            {rule.sentence} <code className="meta third">{rule.id}</code>
          </span>
        </li>
      ))}
      <li>
        <VerdictMark outcome="masked" size={14} quiet />
        <span>
          Shown masked to everyone who may read it
          {predicates ? '; who was shown a token may compare with it' : ''}
          {policies.data && rules.length === 0 ? (
            <>
              . No rule of <Link to="/policies">Policies</Link> names it
            </>
          ) : null}
        </span>
      </li>
    </ul>
  )
}

function Followed({ mayChange }: { mayChange: boolean }) {
  const followed = useQuery(followedQuery)
  const { shown, hidden, more } = useSome(followed.data?.items ?? [], 20)
  return (
    <section className="panel" aria-label="Labels that followed">
      <header>
        <h2 className="policy-name">Labels that followed their values</h2>
        <span className="fill" />
        <span className="meta third wide-only">Where a statement stored them, or a name was changed</span>
      </header>
      {followed.isError && !followed.data ? (
        <Failing what="What followed" error={followed.error} retry={() => void followed.refetch()} />
      ) : null}
      {followed.data?.items.length === 0 ? <p className="panel-none">None: no labelled value was stored anywhere else.</p> : null}
      <ul>
        {shown.map((one) => (
          <FollowedRow key={one.id} one={one} mayChange={mayChange} />
        ))}
      </ul>
      <ShowMore hidden={hidden} more={more} what="labels" />
    </section>
  )
}

function FollowedRow({ one, mayChange }: { one: FollowedLabel; mayChange: boolean }) {
  const client = useQueryClient()
  const [asked, setAsked] = useState(false)
  const removing = useMutation({
    mutationFn: () => call('removeFollowedLabel', { params: { id: one.id } }),
    onSuccess: () =>
      Promise.all([client.invalidateQueries({ queryKey: followedQuery.queryKey }), client.invalidateQueries({ queryKey: ['catalog'] })]),
  })
  return (
    <li className="mask-row followed">
      <div className="mask-what">
        <Label>{one.label}</Label> <span className="meta third">on {one.connection}</span>
      </div>
      <div className="small">
        <code>{one.column}</code>{' '}
        <span className="second">
          {one.why === 'copied' ? `holds ${one.plain ? 'values' : 'what was computed'} from` : 'was called'} <code>{one.source}</code>,{' '}
          <Ago at={Date.parse(one.at)} />
        </span>{' '}
        {one.session ? (
          <Link to="/sessions/$id" params={{ id: one.session }}>
            session
          </Link>
        ) : null}
        {one.mask === null ? <span className="in-ask"> The configuration has no such label any more: it does nothing.</span> : null}
        {removing.error ? (
          <span className="in-deny" role="alert">
            {' '}
            {wordsOf(removing.error)}
          </span>
        ) : null}
      </div>
      {mayChange ? (
        asked ? (
          <span className="row">
            <span className="meta second">Agents see its values then.</span>
            <Button small look="deny-soft" disabled={removing.isPending} onClick={() => removing.mutate()}>
              Remove now
            </Button>
            <Button small look="ghost" onClick={() => setAsked(false)}>
              Keep
            </Button>
          </span>
        ) : (
          <span className="right">
            <Button small look="ghost" onClick={() => setAsked(true)}>
              Remove…
              <span className="unseen">
                {' '}
                {one.label} from {one.column}
              </span>
            </Button>
          </span>
        )
      ) : null}
    </li>
  )
}

function Untrusted({ untrusted }: { untrusted: Masking['untrusted'] }) {
  const tables = untrusted.flatMap(({ connection, tables: names }) => names.map((name) => ({ connection, name })))
  return (
    <section className="panel" aria-label="Untrusted text">
      <header>
        <h2 className="policy-name">Text that outsiders wrote</h2>
        <span className="fill" />
        <span className="meta third wide-only">Reading it is warned of on the next card</span>
      </header>
      {tables.length === 0 ? <p className="panel-none">No table is named. Tick “outsiders write here” above a table’s columns.</p> : null}
      {tables.map(({ connection, name }) => (
        <div key={`${connection}/${name}`} className="mask-row">
          <div className="mask-what">
            <code>{name}</code>
          </div>
          <div className="meta third">on {connection}</div>
        </div>
      ))}
    </section>
  )
}
