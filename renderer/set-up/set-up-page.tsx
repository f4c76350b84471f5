import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { call } from '../api/call.ts'
import { catalogQuery, configurationQuery, connectionsQuery, maskingQuery, meQuery, policiesQuery } from '../api/queries.ts'
import { fieldsOf, sourceWith } from '../connections/connection-draft.ts'
import { ConnectionForm } from '../connections/connection-form.tsx'
import { TestResult } from '../connections/test-result.tsx'
import { applyDraft, editColumns, emptyDraft } from '../masking/draft.ts'
import { Back, Check, Mark } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Bone, Empty, Failing, wordsOf } from '../ui/parts/screen-state.tsx'
import { SignInAgain, wantsSignIn } from '../ui/parts/sign-in-again.tsx'
import { nounWords } from '../ui/words.ts'
import { approversOf } from './approvers-of.ts'
import { ConnectStep } from './connect-step.tsx'
import { LabelStep } from './label-step.tsx'
import { PolicyStep } from './policy-step.tsx'
import { type Start, startingPolicy } from './starting-policies.ts'
import '../connections/connections.css'
import '../masking/masking.css'
import './set-up.css'

const STEPS = ['Connect a database', 'Test it', 'Label what is sensitive', 'Choose a starting policy', 'Connect an agent'] as const

/** One question a page, with a way back from each. No agent can do anything until the policy is put in force, at the last but one. */
export function SetUpPage() {
  const client = useQueryClient()
  const me = useQuery(meQuery)
  const connections = useQuery(connectionsQuery)
  const masking = useQuery(maskingQuery)
  const policies = useQuery(policiesQuery)
  const configuration = useQuery(configurationQuery)
  const [step, setStep] = useState(0)
  const [chosen, setChosen] = useState<string>()
  const [fields, setFields] = useState(() => fieldsOf({ name: '', tls: 'verify-full', groups: ['ai-agents'] }))
  const [labels, setLabels] = useState<ReadonlyMap<string, string>>()
  const [start, setStart] = useState<Start | 'keep'>()
  const [approvers, setApprovers] = useState<string>()
  useEffect(() => {
    document.title = `${STEPS[step] ?? 'Set up'} · Sallyport`
  }, [step])
  const items = connections.data?.items ?? []
  const existing = items.find(({ name }) => name === (chosen ?? items[0]?.name))
  const isNew = chosen === '' || existing === undefined
  const name = isNew ? fields.name.trim() : existing.name
  const groups = isNew ? (sourceWith({}, fields)['groups'] as string[]) : existing.groups
  const known = (policies.data?.policies ?? []).filter((policy) => policy.connections.includes(name))
  const way = start ?? (known.length > 0 ? 'keep' : 'approvals')
  const whoApproves = approvers ?? approversOf(configuration.data?.json).join(', ')
  const catalog = useQuery({ ...catalogQuery(name), enabled: step >= 2 && name !== '' })

  const testing = useMutation({
    mutationFn: () =>
      isNew
        ? call('testDraftConnection', { body: { connection: sourceWith({}, fields) } })
        : call('testConnection', { params: { name: existing.name } }),
  })
  const saving = useMutation({
    mutationFn: async () => {
      if (!isNew || !connections.data) return
      const { version, source } = connections.data
      await call('changeConnections', {
        body: { version, comment: `Set up: ${name}`, connections: [...source.map((one) => ({ ...one })), { ...sourceWith({}, fields) }] },
      })
      await client.refetchQueries({ queryKey: ['connections'] })
      await Promise.all([client.refetchQueries({ queryKey: ['masking'] }), client.refetchQueries({ queryKey: ['policies'] })])
      setFields({ ...fields, password: '' })
      setChosen(name)
    },
    onSuccess: () => setStep(2),
  })
  const suggested = new Map(
    (catalog.data?.tables ?? [])
      .filter(({ kind }) => kind !== 'view')
      .flatMap((table) =>
        table.columns
          .filter(({ label, suggestedLabel }) => label === null && suggestedLabel !== null)
          .map((column) => [`${table.schema}.${table.name}.${column.name}`, column.suggestedLabel ?? 'pii'] as const),
      ),
  )
  const toLabel = labels ?? suggested
  const finishing = useMutation({
    mutationFn: async () => {
      if (!masking.data || !policies.data) throw new Error('the configuration has not been read')
      let { version } = masking.data
      if (toLabel.size > 0) {
        const usual = new Map(masking.data.labels.map(({ label, mask }) => [label, mask]))
        const draft = editColumns(
          emptyDraft,
          [...toLabel].map(([column, label]) => ({
            connection: name,
            column,
            label,
            mask: usual.get(label) ?? 'redact',
            predicates: false,
          })),
        )
        const labelled = await call('changeMasking', {
          body: { version, comment: `Set up: ${nounWords(toLabel.size, 'column')} of ${name}`, ...applyDraft(masking.data.source, draft) },
        })
        version = labelled.version
      }
      if (way === 'keep') return
      const before = masking.data.labels.filter(({ connection }) => connection === name).map(({ label }) => label)
      const policy = startingPolicy({
        start: way,
        connection: name,
        groups,
        approvers: wordsIn(whoApproves),
        labels: [...before, ...toLabel.values()],
        taken: policies.data.policies.map((one) => one.name),
      })
      await call('changePolicies', {
        body: {
          version,
          comment: `Set up: ${policy['name']}`,
          policies: [...policies.data.source.policies.map((one) => ({ ...one })), policy],
        },
      })
    },
    onSuccess: () => setStep(4),
    // What was saved before it failed is saved: read again, so that the next try goes on from there.
    onSettled: () =>
      Promise.all(
        [['masking'], ['policies'], ['catalog'], ['configuration'], ['connections']].map((queryKey) => client.refetchQueries({ queryKey })),
      ),
  })

  if (me.data && !me.data.roles.includes('admin'))
    return (
      <main className="alone">
        <Empty whole title="An admin sets this host up" action={<Link to="/">Back to the start</Link>}>
          None of your groups gives that role.
        </Empty>
      </main>
    )
  const failed = [connections, masking, policies].find((query) => query.isError && !query.data)
  if (failed)
    return (
      <main className="alone">
        <Failing whole what="The configuration" error={failed.error} retry={() => void failed.refetch()} />
      </main>
    )
  const done: readonly (string | undefined)[] = [
    name,
    testing.data?.server ?? undefined,
    step > 2 ? `${nounWords(toLabel.size, 'column')} to label` : undefined,
    step > 3 ? 'in force' : undefined,
    'ends with its first masked query',
  ]
  const error = step === 1 ? (testing.error ?? saving.error) : step === 3 ? finishing.error : null
  const go = (to: number) => {
    setStep(to)
    if (to === 1) testing.mutate()
  }
  const acts: readonly ReactNode[] = [
    <Button key="0" look="solid" type="submit" disabled={name === ''}>
      Continue: test it
    </Button>,
    <Button key="1" look="solid" type="submit" disabled={testing.data?.ok !== true || testing.isPending || saving.isPending}>
      {saving.isPending ? 'Saving' : isNew ? 'Save it: label what is sensitive' : 'Continue: label what is sensitive'}
    </Button>,
    <Button key="2" look="solid" type="submit" disabled={!catalog.data}>
      {toLabel.size > 0 ? `Label ${nounWords(toLabel.size, 'column')}: choose a policy` : 'Continue without labels'}
    </Button>,
    <Button key="3" look="solid" type="submit" disabled={finishing.isPending || (way === 'approvals' && wordsIn(whoApproves).length === 0)}>
      {finishing.isPending ? 'Putting it in force' : 'Put it in force: connect an agent'}
    </Button>,
    <Link key="4" to="/" className="button">
      Done
    </Link>,
  ]
  return (
    <div className="set-up">
      <aside className="set-up-steps">
        <div className="brand">
          <Mark />
          <span>Sallyport</span>
        </div>
        <ol>
          {STEPS.map((title, at) => (
            <li key={title} className={at < step ? 'done' : at === step ? 'here' : ''} {...(at === step ? { 'aria-current': 'step' } : {})}>
              <span className="step-mark">{at < step ? <Check size={14} /> : at + 1}</span>
              <div>
                <div className={at <= step ? 'medium' : 'third'}>{title}</div>
                {done[at] && (at < step || at === 4) ? <div className="meta third">{done[at]}</div> : null}
              </div>
            </li>
          ))}
        </ol>
        <p className="meta third">
          {known.length > 0
            ? `The rules that ${name} has stay in force until you finish.`
            : 'No agent can do anything on it until you finish: what no policy speaks of is denied.'}{' '}
          All of this can be changed later.
        </p>
      </aside>
      <main className="set-up-main">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (step === 0) go(1)
            else if (step === 1) saving.mutate()
            else if (step === 2) setStep(3)
            else if (step === 3) finishing.mutate()
          }}
        >
          {connections.isPending ? <Bone height={200} /> : null}
          {step === 0 && connections.data ? (
            <>
              <h1>Which database shall agents reach?</h1>
              <p className="second">They connect to Sallyport instead, and never learn its password.</p>
              <fieldset className="set-up-choices">
                <legend className="unseen">Database</legend>
                {items.map((item) => (
                  <label key={item.name} className={!isNew && item.name === name ? 'set-up-choice on' : 'set-up-choice'}>
                    <input type="radio" name="database" checked={!isNew && item.name === name} onChange={() => setChosen(item.name)} />
                    <span className="medium">{item.name}</span>
                    <code className="third cut">
                      {item.host}:{item.port}/{item.database}
                    </code>
                  </label>
                ))}
                {items.length > 0 ? (
                  <label className={isNew ? 'set-up-choice on' : 'set-up-choice'}>
                    <input type="radio" name="database" checked={isNew} onChange={() => setChosen('')} />
                    <span className="medium">Another one</span>
                  </label>
                ) : null}
              </fieldset>
              {isNew ? <ConnectionForm fields={fields} change={setFields} isNew brief /> : null}
            </>
          ) : null}
          {step === 1 ? (
            <>
              <h1>Can {name} be reached?</h1>
              <p className="second">
                Nothing is changed by the test.
                {isNew ? ' To read its tables, the connection is saved next; without a policy, no statement passes.' : ''}
              </p>
              {testing.isPending ? <Bone height={160} /> : testing.data ? <TestResult test={testing.data} /> : null}
              <Button disabled={testing.isPending} onClick={() => testing.mutate()}>
                Test again
              </Button>
            </>
          ) : null}
          {step === 2 ? (
            <>
              <h1>What is sensitive in {name}?</h1>
              <p className="second">Agents get something else instead of the values of these. Their names say so; leave out what is not.</p>
              {catalog.isPending ? <Bone height={200} /> : null}
              {catalog.isError && !catalog.data ? (
                <Failing what="The tables" error={catalog.error} retry={() => void catalog.refetch()} />
              ) : null}
              {catalog.data ? <LabelStep suggested={suggested} chosen={toLabel} choose={setLabels} catalog={catalog.data} /> : null}
            </>
          ) : null}
          {step === 3 ? (
            <>
              <h1>How should agents start on {name}?</h1>
              <p className="second">Labelled columns are masked and every session is recorded, whichever you choose.</p>
              <PolicyStep
                start={way}
                choose={setStart}
                has={known.map((policy) => policy.name)}
                approvers={whoApproves}
                setApprovers={setApprovers}
                groups={groups}
              />
            </>
          ) : null}
          {step === 4 && connections.data ? <ConnectStep proxy={connections.data.proxy} connection={name} me={me.data} /> : null}
          {error ? (
            <p className="small in-deny" role="alert">
              {wordsOf(error)} {wantsSignIn(error) ? <SignInAgain then="go on here" /> : null}
            </p>
          ) : null}
          <footer className="set-up-foot">
            {step > 0 && step < 4 ? (
              <Button look="ghost" icon={<Back />} onClick={() => setStep(step - 1)}>
                Back
              </Button>
            ) : step === 0 ? (
              <Link to="/" className="small">
                Leave the guide
              </Link>
            ) : null}
            <span className="fill" />
            {acts[step]}
          </footer>
        </form>
      </main>
    </div>
  )
}

const wordsIn = (list: string) =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
