import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Health } from '../../main/contract/index.ts'
import { evidenceQuery, healthQuery, retentionQuery } from '../api/queries.ts'
import { Activity, Warn } from '../ui/icons.tsx'
import { Bone, Failing } from '../ui/parts/screen-state.tsx'
import { Head } from '../ui/shell/head.tsx'
import { ScreenBody } from '../ui/shell/screen-body.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { durationWords } from '../ui/time/words.ts'
import { byteWords, countWords, nounWords } from '../ui/words.ts'
import '../ui/parts/list.css'

/** Whether everything that has to work does: the record first, since nothing passes without it. */
export function HealthPage() {
  const health = useQuery(healthQuery)
  const detail = health.data?.detail
  return (
    <main className="screen">
      <Head title="Health">{detail ? <span className="small third">Sallyport {detail.version}</span> : null}</Head>
      <ScreenBody className="admin">
        {health.isPending ? (
          <section className="panel" aria-busy="true">
            <span className="unseen">Loading the host’s health</span>
            <div className="facts">
              <Bone height={40} />
              <Bone height={40} />
              <Bone height={40} />
            </div>
          </section>
        ) : null}
        {health.isError && !health.data ? (
          <Failing what="The host’s health" error={health.error} retry={() => void health.refetch()} />
        ) : null}
        {detail ? <Detail detail={detail} /> : null}
        {detail ? <Record /> : null}
      </ScreenBody>
    </main>
  )
}

type HealthDetail = NonNullable<Health['detail']>

function Detail({ detail }: { detail: HealthDetail }) {
  const { recorder, siem, notify, tls, trouble } = detail
  return (
    <>
      <section className="panel" aria-label="State">
        <header>
          <Activity />
          <h2 className="policy-name">
            {trouble.length === 0 ? 'Everything works' : `${nounWords(trouble.length, 'thing needs', 'things need')} you`}
          </h2>
          <span className="fill" />
          <span className="meta third">
            Started <Ago at={detail.startedAt} />
          </span>
        </header>
        {trouble.length > 0 ? (
          <ul className="panel-none">
            {trouble.map((words) => (
              <li key={words} className="row in-deny">
                <Warn /> {words}
              </li>
            ))}
          </ul>
        ) : null}
        <dl className="facts">
          <Fact name="Sessions">{nounWords(detail.liveSessions, 'live session')}</Fact>
          <Fact name="Approvals">{detail.pendingApprovals === 0 ? 'Nothing waits' : `${countWords(detail.pendingApprovals)} wait`}</Fact>
          <Fact name="Agents" bad={detail.agentsPaused !== null && detail.agentsPaused !== undefined}>
            {detail.agentsPaused ? `All paused by ${detail.agentsPaused.by.name}` : 'May log in'}
          </Fact>
        </dl>
      </section>
      <section className="panel" aria-label="The record">
        <header>
          <h2 className="policy-name">The record</h2>
        </header>
        <dl className="facts">
          <Fact name="Writing" bad={!recorder.writing}>
            {recorder.writing ? 'Every statement, before it is sent' : 'Stopped: no statement passes'}
          </Fact>
          <Fact name="Journal">{byteWords(recorder.journalBytes)}</Fact>
          <Fact name="Search and replay">
            {recorder.behindBytes === 0 ? 'Up to date' : `${byteWords(recorder.behindBytes)} behind the record`}
          </Fact>
          <Fact name="Slowest write of the last minute">{durationWords(recorder.slowestWriteMs)}</Fact>
          {siem ? (
            <Fact name="Stream to the SIEM" bad={!siem.delivering}>
              {siem.delivering ? 'Delivering' : 'Not delivering'}, {nounWords(siem.behindEvents, 'event')} behind
              {siem.behindEvents > 0 ? `, the oldest ${durationWords(siem.lagMs)}` : ''}
            </Fact>
          ) : null}
          {notify ? (
            <Fact name="Notifications out" bad={notify.failed > 0}>
              {notify.waiting === 0 ? 'None waits' : `${countWords(notify.waiting)} wait`}
              {notify.failed > 0 ? `, ${countWords(notify.failed)} given up` : ''}
            </Fact>
          ) : null}
        </dl>
      </section>
      {tls && (tls.proxy !== null || tls.web !== null) ? (
        <section className="panel" aria-label="Certificates">
          <header>
            <h2 className="policy-name">Certificates</h2>
            <span className="fill" />
            <span className="meta third">SHA-256, to compare with what a client shows</span>
          </header>
          <dl className="facts">
            {tls.proxy ? <Fact name="Agents meet">{<code>{tls.proxy}</code>}</Fact> : null}
            {tls.web ? <Fact name="Browsers meet">{<code>{tls.web}</code>}</Fact> : null}
          </dl>
        </section>
      ) : null}
    </>
  )
}

/** What proves the record, and how long it is kept. */
function Record() {
  const evidence = useQuery(evidenceQuery)
  const retention = useQuery(retentionQuery)
  if (!evidence.data && !retention.data) return null
  return (
    <section className="panel" aria-label="Proof and retention">
      <header>
        <h2 className="policy-name">Proof and retention</h2>
        <span className="fill" />
        <span className="meta third">Keep the key and the last head elsewhere: only they hold against whoever owns this host</span>
      </header>
      <dl className="facts">
        {evidence.data ? (
          <>
            <Fact name="Signing key">{<code>{evidence.data.key}</code>}</Fact>
            <Fact name="Last signed head">{evidence.data.head ? 'There' : 'None yet'}</Fact>
            <Fact name="Vault" bad={!evidence.data.vaultSealed}>
              {evidence.data.vaultSealed ? 'Sealed with the operator’s key' : 'Its key lies beside it: whoever reads the disk has both'}
            </Fact>
          </>
        ) : null}
        {retention.data ? (
          <Fact name="Past its time">
            {retention.data.sessions.length === 0
              ? 'Nothing'
              : `${nounWords(retention.data.sessions.length, 'session')}, about ${byteWords(retention.data.bytes)}, to be removed next`}
          </Fact>
        ) : null}
      </dl>
    </section>
  )
}

function Fact({ name, bad = false, children }: { name: string; bad?: boolean; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={bad ? 'row in-ask' : 'row'}>
        {bad ? <Warn /> : null}
        <span>{children}</span>
      </dd>
    </div>
  )
}
