import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Connection } from '../../main/contract/index.ts'
import { connectionsQuery } from '../api/queries.ts'
import { Check, Database, Users, Warn } from '../ui/icons.tsx'
import { Bone, Empty, Failing } from '../ui/parts/screen-state.tsx'
import { Head } from '../ui/shell/head.tsx'
import { ScreenBody } from '../ui/shell/screen-body.tsx'
import { durationWords } from '../ui/time/words.ts'
import { byteWords, countWords } from '../ui/words.ts'
import './connections.css'

/** The databases behind the gate. Credentials are written, never read. */
export function ConnectionsPage() {
  const connections = useQuery(connectionsQuery)
  return (
    <main className="screen">
      <Head title="Connections">
        {connections.data ? (
          <span className="small third">
            Agents connect to <code>{connections.data.proxy}</code>
          </span>
        ) : null}
      </Head>
      <ScreenBody className="connections">
        {connections.isPending ? (
          <section className="panel" aria-busy="true">
            <span className="unseen">Loading the connections</span>
            <header>
              <Bone width={120} />
            </header>
            <div className="connection-facts">
              <Bone height={60} />
            </div>
          </section>
        ) : null}
        {connections.isError && !connections.data ? (
          <Failing what="The connections" error={connections.error} retry={() => void connections.refetch()} />
        ) : null}
        {connections.data?.items.length === 0 ? (
          <Empty title="No connection">Add a database under “connections” in the configuration.</Empty>
        ) : null}
        {connections.data?.items.map((connection) => (
          <ConnectionPanel key={connection.name} connection={connection} />
        ))}
      </ScreenBody>
    </main>
  )
}

const tlsWords: Record<Connection['tls'], string> = {
  disable: 'off',
  require: 'on, certificate not checked',
  'verify-full': 'on, certificate checked',
}

function ConnectionPanel({ connection }: { connection: Connection }) {
  const { limits } = connection
  return (
    <section className="panel" aria-label={connection.name}>
      <header>
        <Database />
        <h2 className="policy-name">{connection.name}</h2>
        {connection.groups.map((group) => (
          <span key={group} className="tag">
            <Users size={12} />
            {group}
          </span>
        ))}
        {connection.groups.length === 0 ? <span className="small in-ask">no group may connect</span> : null}
        <span className="fill" />
        <Link to="/connect" className="small">
          Connect an agent
        </Link>
      </header>
      <dl className="connection-facts">
        <div>
          <dt>Database</dt>
          <dd>
            <code>
              {connection.host}:{connection.port}/{connection.database}
            </code>
          </dd>
        </div>
        <div>
          <dt>Role</dt>
          <dd>
            <code>{connection.user}</code>
          </dd>
        </div>
        <div>
          <dt>Password</dt>
          <dd className="row">
            {connection.passwordSet ? (
              <>
                <Check /> set, never shown
              </>
            ) : (
              <span className="in-ask row">
                <Warn /> not set
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt>TLS to the database</dt>
          <dd className={connection.tls === 'verify-full' ? '' : 'in-ask'}>{tlsWords[connection.tls]}</dd>
        </div>
        <div>
          <dt>One statement</dt>
          <dd>
            {durationWords(limits.statementTimeoutMs).replace('.0', '')}, {countWords(limits.rows)} rows, {byteWords(limits.resultBytes)} at
            most
          </dd>
        </div>
        <div>
          <dt>One person</dt>
          <dd>{countWords(limits.connectionsPerPerson)} connections at most</dd>
        </div>
      </dl>
    </section>
  )
}
