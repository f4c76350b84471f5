import { useMutation } from '@tanstack/react-query'
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react'
import type { ExplainResponse } from '../../../main/contract/index.ts'
import { call } from '../../api/call.ts'
import { Flask } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts/button.tsx'
import { wordsOf } from '../../ui/parts/screen-state.tsx'
import { VerdictMark } from '../../ui/parts/verdict-mark.tsx'
import { SqlBlock } from '../../ui/sql/sql-block.tsx'
import { addTest } from '../draft/edits.ts'
import type { TestSource } from '../draft/read-draft.ts'
import type { Draft } from '../draft/use-draft.ts'
import { outcomeOf, toneOf } from '../rules/effect.tsx'
import { ListField } from '../rules/list-field.tsx'

type By = 'draft' | 'in force'

interface Asked {
  readonly sql: string
  readonly connection: string
  readonly groups: readonly string[]
  readonly by: By
  /** The draft's text then. */
  readonly text: string
}

/** What would become of a statement, by the draft or by what is in force. Nothing is run. */
export function TryIt({ draft }: { draft: Draft }) {
  const { read, text, write, mayEdit } = draft
  const id = useId()
  const [by, setBy] = useState<By>('draft')
  const [chosen, setChosen] = useState<string>()
  const [groups, setGroups] = useState<readonly string[]>()
  const [sql, setSql] = useState('')
  const connection = chosen ?? read.connections[0] ?? ''
  const as = groups ?? read.policies.find((policy) => policy.connections.includes(connection))?.groups ?? []
  const judged: By = draft.dirty && draft.fault === undefined ? by : 'in force'
  const trying = useMutation({
    mutationFn: (asked: Asked) =>
      call('explain', {
        body: {
          connection: asked.connection,
          sql: asked.sql,
          groups: [...asked.groups],
          ...(asked.by === 'draft' ? { draft: { ...read.sections } } : {}),
        },
      }),
  })
  const run = () => {
    if (sql.trim() !== '' && connection !== '') trying.mutate({ sql, connection, groups: as, by: judged, text })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    run()
  }
  const asked = trying.variables
  const old = asked !== undefined && asked.by === 'draft' && asked.text !== text
  return (
    <section className="panel try" aria-label="Try it">
      <header>
        <Flask />
        <h2 className="policy-name">Try it</h2>
        <span className="fill" />
        {draft.dirty ? (
          <fieldset className="segments choices" aria-label="Judge by">
            {(['draft', 'in force'] as const).map((each) => (
              <label key={each} className={each === judged ? 'on' : ''}>
                <input type="radio" name={`${id}-by`} checked={each === judged} onChange={() => setBy(each)} />
                {each === 'draft' ? 'Draft' : 'In force'}
              </label>
            ))}
          </fieldset>
        ) : null}
      </header>
      <form
        className="try-form"
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault()
          run()
        }}
      >
        <div className="try-who">
          <ListField label="Someone in the groups" known={read.groups} values={as} onChange={setGroups} placeholder="nobody’s" />
          <label className="field">
            On
            <select value={connection} onChange={(event) => setChosen(event.currentTarget.value)}>
              {read.connections.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        </div>
        <label className="field">
          Statement
          <textarea
            className="try-sql"
            rows={3}
            value={sql}
            spellCheck={false}
            placeholder="DELETE FROM carts WHERE updated_at < now() - '90 days'::interval"
            onChange={(event) => setSql(event.currentTarget.value)}
          />
        </label>
        <div className="row">
          <span className="meta third">Nothing is run{connection === '' ? '' : ` on ${connection}`}</span>
          <span className="fill" />
          <Button type="submit" small look="soft" disabled={sql.trim() === '' || connection === '' || trying.isPending}>
            {trying.isPending ? 'Judging' : 'Try it'}
          </Button>
        </div>
      </form>
      <div role="status">
        {trying.data && asked ? (
          <Verdict answer={trying.data} asked={asked} old={old}>
            {mayEdit && draft.fault === undefined ? (
              <button type="button" className="link" onClick={() => write(addTest(text, testOf(asked, trying.data)))}>
                Keep as a test
              </button>
            ) : null}
          </Verdict>
        ) : null}
      </div>
      {trying.error ? (
        <p className="panel-none in-deny" role="alert">
          {wordsOf(trying.error)}
        </p>
      ) : null}
    </section>
  )
}

function testOf({ sql, connection, groups }: Asked, { effect, rule }: ExplainResponse): TestSource {
  return { statement: sql, as: [...groups], connection, expect: effect, ...(rule && effect !== 'allow' ? { rule: rule.id } : {}) }
}

function Verdict({ answer, asked, old, children }: { answer: ExplainResponse; asked: Asked; old: boolean; children: ReactNode }) {
  const { effect, rule, because, error } = answer
  return (
    <div className={old ? 'try-answer stale' : 'try-answer'}>
      <SqlBlock sql={asked.sql} marks={answer.marks} lines={12} denied={effect === 'deny'}>
        <div className={`try-verdict ${effect}`}>
          <VerdictMark outcome={outcomeOf(effect)} quiet />
          <div>
            <div>
              <b className={toneOf(effect)}>{VERDICTS[effect]}</b>{' '}
              {rule ? (
                <>
                  Rule <a href={`#${rule.id}`}>{rule.id}</a>
                  {rule.reason ? `: ${rule.reason}` : ''}
                </>
              ) : error ? (
                'It could not be read.'
              ) : (
                'No rule matches, which denies.'
              )}
            </div>
            {because.length > 0 ? <div className="meta second">{because.join('; ')}</div> : null}
            {answer.hint === '' ? null : <div className="meta second">The agent is told: “{answer.hint}”</div>}
            <div className="meta third">
              {answer.sentence} {asked.by === 'draft' ? 'By the draft.' : 'By what is in force.'}
              {old ? ' The draft has changed since.' : ''}
            </div>
          </div>
        </div>
      </SqlBlock>
      <div className="try-keep">{children}</div>
    </div>
  )
}

const VERDICTS = { allow: 'Allowed.', ask: 'Asks a person.', deny: 'Denied.' } as const
