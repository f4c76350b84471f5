import { useState } from 'react'
import type { Me } from '../../main/contract/index.ts'
import { CodeBlock } from '../connect/code-block.tsx'
import { FirstStatement } from '../connect/first-statement.tsx'
import { snippets, targetOf } from '../connect/snippets.ts'
import '../connect/connect.css'

const SET_UP_ISSUER = 'urn:sallyport:set-up'

/** The last page: a client to copy, and the first masked query as it arrives. */
export function ConnectStep({ proxy, connection, me }: { proxy: string; connection: string; me: Me | undefined }) {
  const [key, setKey] = useState('psql')
  const snippet = snippets.find((one) => one.key === key)
  return (
    <>
      <h1>Connect an agent to {connection}</h1>
      <p className="second">It is in force. Pick a client, copy, and ask for a masked column.</p>
      <fieldset className="choices" aria-label="Client">
        {snippets.map((one) => (
          <button key={one.key} type="button" className="choice" aria-pressed={one.key === key} onClick={() => setKey(one.key)}>
            {one.name}
          </button>
        ))}
      </fieldset>
      {snippet ? <CodeBlock place={snippet.place} text={snippet.text(targetOf(proxy, connection, location.origin))} /> : null}
      {me?.issuer === SET_UP_ISSUER ? (
        <p className="small second">Recordings are for people of your provider: sign in as an admin to watch the first statement arrive.</p>
      ) : (
        <FirstStatement connection={connection} />
      )}
    </>
  )
}
