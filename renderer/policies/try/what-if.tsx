import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { z } from 'zod'
import type { calls } from '../../../main/contract/index.ts'
import { call } from '../../api/call.ts'
import { ArrowRight, History } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts/button.tsx'
import { wordsOf } from '../../ui/parts/screen-state.tsx'
import { VerdictMark } from '../../ui/parts/verdict-mark.tsx'
import { Ago } from '../../ui/time/ago.tsx'
import { countWords, nounWords } from '../../ui/words.ts'
import type { Draft } from '../draft/use-draft.ts'
import { outcomeOf } from '../rules/effect.tsx'

type Answer = z.output<(typeof calls)['whatIf']['response']>
type Group = Answer['groups'][number]

const WEEK_MS = 7 * 86_400_000
const FEW = 4
const NOW_WORDS = { allow: 'would pass', ask: 'would be held', deny: 'would be denied' } as const
const WAS_WORDS = { allow: 'passed', ask: 'was held', deny: 'was denied' } as const

/** The draft against what was asked in the last seven days. Nothing is run. */
export function WhatIf({ draft }: { draft: Draft }) {
  const { text, read, fault, dirty } = draft
  const asking = useMutation({
    mutationFn: (_asked: string) => {
      const to = Date.now()
      return call('whatIf', { body: { draft: { ...read.sections }, from: to - WEEK_MS, to } })
    },
  })
  const old = asking.variables !== undefined && asking.variables !== text
  return (
    <section className="panel what-if" aria-label="What if">
      <header>
        <History />
        <h2 className="policy-name">What if</h2>
        <span className="fill" />
        <span className="meta third">
          {asking.data
            ? `draft on the last 7 days, ${nounWords(asking.data.judged, 'statement')}`
            : dirty
              ? 'draft on the last 7 days'
              : 'the last 7 days'}
        </span>
      </header>
      <div role="status">{asking.data ? <Changes answer={asking.data} old={old} /> : null}</div>
      {asking.error ? (
        <p className="panel-none in-deny" role="alert">
          {wordsOf(asking.error)}
        </p>
      ) : null}
      <div className="what-if-ask">
        {asking.data && !old ? null : (
          <span className="meta third">
            {old ? 'The draft has changed since.' : 'Judges what agents sent last week again, by this draft.'}
          </span>
        )}
        <span className="fill" />
        <Button
          small
          look={old || !asking.data ? 'soft' : 'plain'}
          disabled={fault !== undefined || asking.isPending}
          onClick={() => asking.mutate(text)}
        >
          {asking.isPending ? 'Judging last week' : asking.data ? 'Ask again' : 'Compare with last week'}
        </Button>
      </div>
    </section>
  )
}

function Changes({ answer, old }: { answer: Answer; old: boolean }) {
  const changed = answer.totals.filter(({ was, now }) => was !== now)
  const count = changed.reduce((sum, { statements }) => sum + statements, 0)
  return (
    <div className={old ? 'what-if-answer stale' : 'what-if-answer'}>
      <div className="what-if-totals">
        <div>
          <div className="big-number">{countWords(count)}</div>
          <div className="meta third">{count === 0 ? 'nothing would end differently' : 'would end differently'}</div>
        </div>
        <ul>
          {changed.map(({ was, now, statements }) => (
            <li key={`${was}/${now}`}>
              <Turn was={was} now={now} /> {countWords(statements)}{' '}
              {statements === 1 ? WAS_WORDS[was] : WAS_WORDS[was].replace('was', 'were')}, {NOW_WORDS[now]}
            </li>
          ))}
        </ul>
      </div>
      {changed.map(({ was, now }) => (
        <Turned key={`${was}/${now}`} groups={answer.groups.filter((group) => group.was === was && group.now === now)} />
      ))}
      {answer.unclear > 0 ? (
        <p className="meta third">
          {nounWords(answer.unclear, 'statement')} ran what was prepared before: their text does not tell, so they were not judged.
        </p>
      ) : null}
      {answer.cut ? <p className="meta third">There was more than one look takes in: these are the newest.</p> : null}
    </div>
  )
}

function Turn({ was, now }: Pick<Group, 'was' | 'now'>) {
  return (
    <span className="turn">
      <VerdictMark outcome={outcomeOf(was)} size={14} quiet />
      <ArrowRight size={12} />
      <VerdictMark outcome={outcomeOf(now)} size={14} quiet />
    </span>
  )
}

/** Statements that turn alike, by shape. Each leads to where it was asked. */
function Turned({ groups }: { groups: readonly Group[] }) {
  const [all, setAll] = useState(false)
  const [first] = groups
  if (!first) return null
  const shown = all ? groups : groups.slice(0, FEW)
  return (
    <div>
      <h3 className="turned-name">
        <Turn was={first.was} now={first.now} />
        {NOW_WORDS[first.now]}
        <span className="third">{first.rule ?? (first.now === 'deny' ? 'no rule matches' : '')}</span>
      </h3>
      <ul className="turned">
        {shown.map((group) => (
          <li key={`${group.connection}/${group.shape}`}>
            <Link
              to="/sessions"
              search={{ q: group.example.replace(/\s+/g, ' ').slice(0, 80), connection: group.connection, by: 'statement', days: 8 }}
              title={[group.example, ...group.because].join('\n')}
            >
              <code>{group.example.replace(/\s+/g, ' ')}</code>
            </Link>
            <span className="meta third nowrap">
              {group.statements === 1 ? <Ago at={group.lastAt} /> : `${countWords(group.statements)} times`}
            </span>
          </li>
        ))}
      </ul>
      {groups.length > FEW && !all ? (
        <button type="button" className="link meta" onClick={() => setAll(true)}>
          {groups.length - FEW} more
        </button>
      ) : null}
    </div>
  )
}
