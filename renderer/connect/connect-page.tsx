import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { connectionsQuery, policiesQuery } from '../api/queries.ts'
import { Key, Warn } from '../ui/icons.tsx'
import { Bone, Empty, Failing } from '../ui/parts/screen-state.tsx'
import { Head } from '../ui/shell/head.tsx'
import { ScreenBody } from '../ui/shell/screen-body.tsx'
import { orWords } from '../ui/words.ts'
import { CodeBlock } from './code-block.tsx'
import { FirstStatement } from './first-statement.tsx'
import { type Snippet, snippets, type Target, targetOf } from './snippets.ts'
import { WhatWillHappen } from './what-will-happen.tsx'
import './connect.css'

/** Pick a database and a client, copy, and watch the first statement arrive. */
export function ConnectPage() {
  const connections = useQuery(connectionsQuery)
  const policies = useQuery(policiesQuery)
  const [name, setName] = useState<string>()
  const [client, setClient] = useState('psql')
  const items = connections.data?.items ?? []
  const connection = items.find((item) => item.name === name) ?? items[0]
  const snippet = snippets.find((each) => each.key === client)
  return (
    <main className="screen">
      <Head title="Connect an agent">
        <span className="small third wide-only">Takes about two minutes</span>
      </Head>
      <ScreenBody>
        {connections.isPending ? <Bone height={200} /> : null}
        {connections.isError && !connections.data ? (
          <Failing what="The connections" error={connections.error} retry={() => void connections.refetch()} />
        ) : null}
        {connections.data && items.length === 0 ? (
          <Empty title="There is no database to connect to">An admin adds one under Connections.</Empty>
        ) : null}
        {connection && connections.data && snippet ? (
          <div className="connect">
            <ol className="steps">
              <li>
                <h2>Database</h2>
                <fieldset className="choices" aria-label="Database">
                  {items.map((item) => (
                    <button
                      key={item.name}
                      type="button"
                      className="choice"
                      aria-pressed={item === connection}
                      onClick={() => setName(item.name)}
                    >
                      {item.name}
                    </button>
                  ))}
                </fieldset>
                <p className="small third">
                  {connection.groups.length > 0
                    ? `Open to agents whose token carries ${orWords(connection.groups)}.`
                    : 'No group may connect to it yet.'}
                </p>
              </li>
              <li>
                <h2>Client</h2>
                <fieldset className="choices" aria-label="Client">
                  {snippets.map((each) => (
                    <button
                      key={each.key}
                      type="button"
                      className="choice"
                      aria-pressed={each.key === client}
                      onClick={() => setClient(each.key)}
                    >
                      {each.name}
                    </button>
                  ))}
                </fieldset>
              </li>
              <li>
                <h2>Connect with {snippet.name}</h2>
                <Ways snippet={snippet} target={targetOf(connections.data.proxy, connection.name, location.origin)} />
                <p className="small second row token-note">
                  <Key />
                  <span>
                    No token stands in it. Put an access token of your provider into <code>SALLYPORT_TOKEN</code>
                    {snippet.speaks === 'postgres'
                      ? '; it is the password, and the user name is only a label.'
                      : ' before you start the client; agents reach every connection that their groups may.'}
                  </span>
                </p>
              </li>
            </ol>
            <div className="connect-side">
              <FirstStatement connection={connection.name} />
              <p className="warning">
                <Warn />
                <span>
                  <b>Close the other doors.</b> A password in .env or .pgpass goes around Sallyport. Look for them:{' '}
                  <code>npx sallyport audit-workstation</code>
                </span>
              </p>
              {policies.data ? <WhatWillHappen policies={policies.data} connection={connection.name} /> : null}
            </div>
          </div>
        ) : null}
      </ScreenBody>
    </main>
  )
}

function Ways({ snippet, target }: { snippet: Snippet; target: Target }) {
  const link = snippet.link?.(target)
  const command = snippet.command?.(target)
  return (
    <>
      {link ? (
        <p>
          <a className="button soft" href={link}>
            Add to {snippet.name}
          </a>{' '}
          <span className="small third">or do it by hand:</span>
        </p>
      ) : null}
      <CodeBlock place={snippet.place} text={snippet.text(target)} />
      {command ? <CodeBlock place="or in a shell" text={command} /> : null}
    </>
  )
}
