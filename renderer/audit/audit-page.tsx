import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ACTS, type Act } from '../../main/contract/index.ts'
import { auditQuery } from '../api/queries.ts'
import { Mark, Search, ShieldCheck } from '../ui/icons.tsx'
import { Avatar } from '../ui/parts/avatar.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Bone, Empty, Failing } from '../ui/parts/screen-state.tsx'
import { Head } from '../ui/shell/head.tsx'
import { ScreenBody } from '../ui/shell/screen-body.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { actWords, detailWords, hostWords } from './act-words.ts'
import '../ui/parts/list.css'
import './audit.css'

const OUTCOMES = [
  ['done', 'Done'],
  ['refused', 'Not allowed'],
  ['failed', 'Failed'],
] as const

/** What people and the host did to Sallyport itself, newest first. It stands in the same chain as the statements. */
export function AuditPage() {
  const { act, outcome, person } = useSearch({ from: '/audit' })
  const go = useNavigate({ from: '/audit' })
  const acts = useInfiniteQuery(auditQuery({ act, outcome, person }))
  const items = acts.data?.pages.flatMap((page) => page.items) ?? []
  const filtered = act !== undefined || outcome !== undefined || person !== undefined
  const filter = (next: Partial<Record<'act' | 'outcome' | 'person', string>>) =>
    void go({
      search: (before) => Object.fromEntries(Object.entries({ ...before, ...next }).filter(([, value]) => value !== '')),
      replace: true,
    })
  return (
    <main className="screen">
      <Head title="Audit">
        <span className="row small third">
          <ShieldCheck /> In the chain that <code>sallyport verify</code> proves
        </span>
      </Head>
      <search className="page-filters">
        <label className="field">
          Person
          <span className="search-box">
            <Search />
            <input
              type="search"
              defaultValue={person ?? ''}
              placeholder="Anybody"
              onChange={(event) => filter({ person: event.currentTarget.value.trim() })}
            />
          </span>
        </label>
        <label className="field">
          Act
          <select value={act ?? ''} onChange={(event) => filter({ act: event.currentTarget.value })}>
            <option value="">Any</option>
            {Object.entries(ACTS).map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          Outcome
          <select value={outcome ?? ''} onChange={(event) => filter({ outcome: event.currentTarget.value })}>
            <option value="">Any</option>
            {OUTCOMES.map(([value, word]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
        </label>
      </search>
      <ScreenBody className="admin">
        <section className="panel" aria-label="Acts">
          {acts.isPending ? (
            <div className="facts" aria-busy="true">
              <span className="unseen">Loading the audit</span>
              <Bone height={40} />
              <Bone height={40} />
            </div>
          ) : null}
          {acts.isError && items.length === 0 ? <Failing what="The audit" error={acts.error} retry={() => void acts.refetch()} /> : null}
          {acts.isSuccess && items.length === 0 ? (
            filtered ? (
              <Empty
                title="Nothing matches"
                action={
                  <Button small onClick={() => void go({ search: {} })}>
                    Clear filters
                  </Button>
                }
              >
                No act of this kind is in the record.
              </Empty>
            ) : (
              <Empty title="Nothing was done yet">Sign-ins, decisions and changes of the configuration stand here.</Empty>
            )
          ) : null}
          {items.length > 0 ? (
            <ol className="acts-list">
              {items.map((item) => (
                <ActLine key={`${item.record}/${item.seq}`} act={item} />
              ))}
            </ol>
          ) : null}
          {acts.hasNextPage ? (
            <p className="panel-foot">
              <Button small disabled={acts.isFetchingNextPage} onClick={() => void acts.fetchNextPage()}>
                {acts.isFetchingNextPage ? 'Loading' : 'Show older acts'}
              </Button>
            </p>
          ) : null}
        </section>
      </ScreenBody>
    </main>
  )
}

const HostMark = () => (
  <span className="avatar host" aria-hidden="true">
    <Mark size={14} />
  </span>
)

function ActLine({ act }: { act: Act }) {
  const details = detailWords(act.details)
  return (
    <li className={`act ${act.outcome}`}>
      {act.by ? <Avatar name={act.by.name} kind={act.by.kind} /> : <HostMark />}
      <div className="act-words">
        <p>
          <span className="medium">{act.by?.name ?? (act.address === '' ? 'The host' : 'Nobody signed in')}</span>{' '}
          {act.outcome === 'refused' ? <span className="in-deny">was not allowed: </span> : null}
          {act.outcome === 'failed' ? <span className="in-ask">tried, and it failed: </span> : null}
          {act.by === null && act.address === '' ? hostWords(act.act) : actWords(act.act)}
        </p>
        {details.length > 0 ? (
          <p className="meta third">
            {details.map(({ name, value }) => (
              <span key={name} className="act-detail">
                {name} <span className="second">{value}</span>
              </span>
            ))}
          </p>
        ) : null}
      </div>
      <span className="meta third act-when">
        <Ago at={act.at} />
        {act.address === '' ? null : <span>{act.address}</span>}
      </span>
    </li>
  )
}
