import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { sessionsQuery } from '../api/queries.ts'
import { Check } from '../ui/icons.tsx'
import { Ago } from '../ui/time/ago.tsx'

/** Watches for what connects while this page stands open. */
export function FirstStatement({ connection }: { connection: string }) {
  const [since] = useState(Date.now)
  const sessions = useQuery({ ...sessionsQuery({ connection }), refetchInterval: 5000 })
  const session = sessions.data?.items.find((item) => item.startedAt >= since - 1000)
  const steps: readonly { readonly done: boolean; readonly title: string; readonly more?: string }[] = [
    {
      done: session !== undefined,
      title: 'Connected',
      ...(session ? { more: `${session.who.name} on ${connection}` } : { more: 'Waits for a connection' }),
    },
    { done: (session?.statements ?? 0) > 0, title: 'First statement', ...(session ? {} : { more: 'Try: how many orders came in today?' }) },
    { done: (session?.masked ?? 0) > 0, title: 'First masked answer' },
  ]
  return (
    <section className="panel" aria-label="First statement">
      <header>
        <span className="live-dot" />
        <h2 className="policy-name">Watching</h2>
        <span className="fill" />
        {session ? (
          <Link to="/sessions/$id" params={{ id: session.id }} className="small">
            Open session
          </Link>
        ) : null}
      </header>
      <ol className="watch" aria-live="polite">
        {steps.map((step) => (
          <li key={step.title} className={step.done ? 'done' : ''}>
            {step.done ? <Check /> : <span className="watch-open" />}
            <div>
              <div className={step.done ? 'medium' : ''}>
                {step.title}
                <span className="unseen">{step.done ? ', done' : ', not yet'}</span>
              </div>
              {step.more ? <div className="meta third">{step.more}</div> : null}
            </div>
          </li>
        ))}
      </ol>
      {session ? (
        <p className="panel-none meta">
          <Ago at={session.startedAt} />
        </p>
      ) : null}
    </section>
  )
}
