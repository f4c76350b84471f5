import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Masking } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'
import { connectionsQuery, maskingQuery, meQuery } from '../api/queries.ts'
import { DraftBar } from '../ui/parts/draft-bar.tsx'
import { ReviewChange } from '../ui/parts/review-change.tsx'
import { Bone, Empty, Failing } from '../ui/parts/screen-state.tsx'
import { Head } from '../ui/shell/head.tsx'
import { ScreenBody } from '../ui/shell/screen-body.tsx'
import { countWords } from '../ui/words.ts'
import { ColumnsView } from './columns-view.tsx'
import { applyDraft, describeDraft, emptyDraft, type MaskForm, type PatternEdit } from './draft.ts'
import { LabelsView } from './labels-view.tsx'
import { PatternsView } from './patterns-view.tsx'
import './masking.css'

const route = getRouteApi('/masking')
const VIEWS = [undefined, 'labels', 'patterns'] as const

/** What agents see instead of sensitive values. Changes are a draft until they are looked at and saved. */
export function MaskingPage() {
  const masking = useQuery(maskingQuery)
  const connections = useQuery(connectionsQuery)
  const me = useQuery(meQuery)
  const client = useQueryClient()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [draft, setDraft] = useState(emptyDraft)
  const [reviewing, setReviewing] = useState(false)
  const mayChange = me.data?.roles.includes('admin') === true
  const names = connections.data?.items.map(({ name }) => name) ?? []
  const connection = names.find((name) => name === search.connection) ?? names[0]
  const data = masking.data
  const lines = data ? describeDraft(data.source, draft) : []
  const at = { ...(connection ? { connection } : {}), ...(search.table ? { table: search.table } : {}) }
  const words = { labels: `Labels ${countWords(data?.labels.length ?? 0)}`, patterns: `Patterns ${countWords(data?.patterns.length ?? 0)}` }
  return (
    <main className="screen">
      <Head
        title="Masking"
        beside={
          <nav className="segments" aria-label="Views">
            {VIEWS.map((view) => (
              <Link
                key={view ?? 'columns'}
                to="/masking"
                search={{ ...at, ...(view ? { view } : {}) }}
                className={search.view === view ? 'on' : ''}
                {...(search.view === view ? { 'aria-current': 'page' } : {})}
              >
                {view === undefined ? 'Columns' : words[view]}
              </Link>
            ))}
          </nav>
        }
      >
        {search.view === undefined && names.length > 1 ? (
          <span className="field">
            <select
              aria-label="Connection"
              value={connection}
              onChange={(event) => void navigate({ search: { connection: event.currentTarget.value } })}
            >
              {names.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </span>
        ) : null}
      </Head>
      <ScreenBody className={search.view === undefined ? 'masking' : 'masking admin'}>
        {masking.isPending || connections.isPending ? <MaskingBones /> : null}
        {masking.isError && !data ? <Failing what="The masking rules" error={masking.error} retry={() => void masking.refetch()} /> : null}
        {connections.isError && !connections.data ? (
          <Failing what="The connections" error={connections.error} retry={() => void connections.refetch()} />
        ) : null}
        {connections.data && names.length === 0 ? (
          <Empty title="No database is connected" action={<Link to="/connections">Connect one</Link>}>
            Columns can be labelled once there is one.
          </Empty>
        ) : null}
        {data && search.view === 'labels' ? <LabelsView masking={data} mayChange={mayChange} /> : null}
        {data && search.view === 'patterns' ? (
          <PatternsView
            patterns={draft.patterns ?? patternsOf(data)}
            mayChange={mayChange}
            change={(patterns) => setDraft({ ...draft, patterns })}
          />
        ) : null}
        {data && search.view === undefined && connection !== undefined ? (
          <ColumnsView
            key={connection}
            masking={data}
            connection={connection}
            chosen={search.table}
            choose={(table) => void navigate({ search: { connection, table } })}
            draft={draft}
            setDraft={setDraft}
            mayChange={mayChange}
          />
        ) : null}
      </ScreenBody>
      <DraftBar changes={lines.length} path="/masking" discard={() => setDraft(emptyDraft)} review={() => setReviewing(true)} />
      {data ? (
        <ReviewChange
          opened={reviewing}
          title="Change what agents see?"
          lines={lines}
          version={data.version}
          save={(order) => call('changeMasking', { body: { ...order, ...applyDraft(data.source, draft) } })}
          readAgain={() => masking.refetch()}
          onSaved={() => {
            setDraft(emptyDraft)
            setReviewing(false)
            for (const queryKey of [['masking'], ['catalog'], ['unprotected'], ['policies'], ['connections'], ['configuration']])
              void client.invalidateQueries({ queryKey })
          }}
          onClose={() => setReviewing(false)}
        />
      ) : null}
    </main>
  )
}

function patternsOf({ source }: Masking): PatternEdit[] {
  return source.patterns.map((one) => ({
    name: String(one['name']),
    mask: one['mask'] as MaskForm,
    ...(typeof one['regex'] === 'string' ? { regex: one['regex'] } : {}),
  }))
}

function MaskingBones() {
  return (
    <section className="panel" aria-busy="true">
      <span className="unseen">Loading the masking rules</span>
      <header>
        <Bone width={150} />
      </header>
      {[0, 1, 2].map((each) => (
        <div key={each} className="mask-row">
          <Bone width={80} />
          <Bone width="60%" />
          <Bone width={140} />
        </div>
      ))}
    </section>
  )
}
