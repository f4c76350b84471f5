import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { connectionsQuery, meQuery } from '../api/queries.ts'
import { Plus } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Bone, Empty, Failing } from '../ui/parts/screen-state.tsx'
import { Head } from '../ui/shell/head.tsx'
import { ScreenBody } from '../ui/shell/screen-body.tsx'
import { ConnectionPanel } from './connection-panel.tsx'
import { EditConnection } from './edit-connection.tsx'
import './connections.css'

/** The databases behind the gate. Credentials are written, never read. */
export function ConnectionsPage() {
  const connections = useQuery(connectionsQuery)
  const me = useQuery(meQuery)
  /** A name; empty: a new one. `turn` makes each opening a form of its own. */
  const [editing, setEditing] = useState<{ readonly name: string; readonly turn: number }>()
  const [open, setOpen] = useState(false)
  const mayChange = me.data?.roles.includes('admin') === true
  const data = connections.data
  const edit = (name: string) => {
    setEditing((before) => ({ name, turn: (before?.turn ?? 0) + 1 }))
    setOpen(true)
  }
  return (
    <main className="screen">
      <Head title="Connections">
        {data ? (
          <span className="small third wide-only">
            Agents connect to <code>{data.proxy}</code>
          </span>
        ) : null}
        {mayChange ? (
          <Button small icon={<Plus />} onClick={() => edit('')}>
            Add a connection
          </Button>
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
        {connections.isError && !data ? (
          <Failing what="The connections" error={connections.error} retry={() => void connections.refetch()} />
        ) : null}
        {data?.items.length === 0 ? (
          <Empty
            title="No database is connected"
            action={
              mayChange ? (
                <Link to="/set-up" className="button solid">
                  Set one up
                </Link>
              ) : null
            }
          >
            {mayChange ? 'The guide takes about five minutes.' : 'An admin can connect one.'}
          </Empty>
        ) : null}
        {data?.items.map((connection) => (
          <ConnectionPanel
            key={connection.name}
            connection={connection}
            all={data.source}
            version={data.version}
            mayChange={mayChange}
            edit={() => edit(connection.name)}
          />
        ))}
      </ScreenBody>
      {data && editing ? (
        <EditConnection
          key={editing.turn}
          source={data.source.find((one) => one['name'] === editing.name)}
          all={data.source}
          version={data.version}
          opened={open}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </main>
  )
}
