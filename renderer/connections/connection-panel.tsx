import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Connection } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'
import { connectionsQuery, sessionsQuery } from '../api/queries.ts'
import { Check, Database, Flask, Key, Pencil, Users, Warn } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { ReviewChange } from '../ui/parts/review-change.tsx'
import { wordsOf } from '../ui/parts/screen-state.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { durationWords } from '../ui/time/words.ts'
import { byteWords, countWords, nounWords } from '../ui/words.ts'
import type { ConnectionSource } from './connection-draft.ts'
import { CredentialDialog } from './credential-dialog.tsx'
import { FunctionsDrawer } from './functions-drawer.tsx'
import { TestResult } from './test-result.tsx'

const tlsWords: Record<Connection['tls'], string> = {
  disable: 'off',
  require: 'on, certificate not checked',
  'verify-full': 'on, certificate checked',
}

const placeWords = {
  env: 'a variable of the host',
  file: 'a file of the host',
  vault: 'the vault',
  leased: 'HashiCorp Vault, leased',
} as const

interface Props {
  readonly connection: Connection
  readonly all: readonly ConnectionSource[]
  readonly version: number
  readonly mayChange: boolean
  readonly edit: () => void
}

/** One database behind the gate, and what can be done with it. */
export function ConnectionPanel({ connection, all, version, mayChange, edit }: Props) {
  const { name, limits, credential, lease } = connection
  const [open, setOpen] = useState<'credential' | 'functions' | 'remove'>()
  const testing = useMutation({ mutationFn: () => call('testConnection', { params: { name } }) })
  return (
    <section className="panel" aria-label={name}>
      <header className="connection-head">
        <Database />
        <h2 className="policy-name">{name}</h2>
        {connection.groups.map((group) => (
          <span key={group} className="tag">
            <Users size={12} />
            {group}
          </span>
        ))}
        <span className="fill" />
        <Button small look="ghost" onClick={() => setOpen('functions')}>
          Functions
        </Button>
        {mayChange ? (
          <>
            <Button small icon={<Flask />} disabled={testing.isPending} onClick={() => testing.mutate()}>
              {testing.isPending ? 'Testing' : 'Test'}
              <span className="unseen"> {name}</span>
            </Button>
            <Button small icon={<Pencil />} onClick={edit}>
              Change…<span className="unseen"> {name}</span>
            </Button>
          </>
        ) : null}
      </header>
      <dl className="connection-facts">
        <Fact what="Database">
          <code>
            {connection.host}:{connection.port}/{connection.database}
          </code>
        </Fact>
        <Fact what="Role">
          <code>{connection.user}</code>
        </Fact>
        <Fact what="Password">
          <span className="row">
            {connection.passwordSet ? <Check /> : <Warn />}
            <span className={connection.passwordSet ? '' : 'in-ask'}>
              {connection.passwordSet ? `set, in ${placeWords[credential.kind]}` : 'not set'}
            </span>
            {mayChange && credential.kind !== 'leased' ? (
              <button type="button" className="link" onClick={() => setOpen('credential')}>
                {connection.passwordSet ? 'replace…' : 'set…'}
                <span className="unseen"> the password of {name}</span>
              </button>
            ) : null}
          </span>
          {lease?.failure ? <span className="in-deny">{lease.failure}</span> : null}
          {lease?.until ? (
            <span className="third">
              until <Ago at={lease.until} />
            </span>
          ) : null}
        </Fact>
        <Fact what="TLS to the database">
          <span className={connection.tls === 'verify-full' ? '' : 'in-ask'}>{tlsWords[connection.tls]}</span>
        </Fact>
        <Fact what="One statement">
          {durationWords(limits.statementTimeoutMs).replace('.0', '')}, {countWords(limits.rows)} rows, {byteWords(limits.resultBytes)} at
          most
        </Fact>
        <Fact what="One person">{countWords(limits.connectionsPerPerson)} connections at most</Fact>
      </dl>
      {testing.error ? (
        <p className="panel-foot in-deny" role="alert">
          {wordsOf(testing.error)}
        </p>
      ) : null}
      {testing.data && !testing.isPending ? (
        <div className="panel-foot">
          <TestResult test={testing.data} />
        </div>
      ) : null}
      <p className="panel-foot row small">
        <Link to="/connect">Connect an agent</Link>
        <Link to="/masking" search={{ connection: name }}>
          Label its columns
        </Link>
        <span className="fill" />
        {mayChange && all.length > 1 ? (
          <Button small look="ghost" onClick={() => setOpen('remove')}>
            Remove…<span className="unseen"> {name}</span>
          </Button>
        ) : null}
      </p>
      <CredentialDialog connection={connection} opened={open === 'credential'} onClose={() => setOpen(undefined)} />
      <FunctionsDrawer connection={name} mayVouch={mayChange} opened={open === 'functions'} onClose={() => setOpen(undefined)} />
      {open === 'remove' ? <Remove name={name} all={all} version={version} onClose={() => setOpen(undefined)} /> : null}
    </section>
  )
}

function Fact({ what, children }: { what: string; children: ReactNode }) {
  return (
    <div>
      <dt>
        {what === 'Password' ? (
          <span className="row fact-name">
            <Key size={12} />
            {what}
          </span>
        ) : (
          what
        )}
      </dt>
      <dd>{children}</dd>
    </div>
  )
}

function Remove({ name, all, version, onClose }: { name: string; all: readonly ConnectionSource[]; version: number; onClose: () => void }) {
  const client = useQueryClient()
  const live = useQuery(sessionsQuery({ connection: name, live: true }))
  const count = live.data?.items.length ?? 0
  const who = [...new Set(live.data?.items.map((session) => session.who.name))]
  return (
    <ReviewChange
      opened
      title={`Remove ${name}?`}
      lines={[
        { kind: 'removed', text: `${name}: no agent can connect to it any more. Its recordings stay.` },
        ...(count > 0 ? [{ kind: 'removed' as const, text: `${nounWords(count, 'session')} of ${who.join(', ')} end at once` }] : []),
      ]}
      version={version}
      save={(order) =>
        call('changeConnections', { body: { ...order, connections: all.filter((one) => one['name'] !== name).map((one) => ({ ...one })) } })
      }
      readAgain={() => client.refetchQueries({ queryKey: connectionsQuery.queryKey })}
      onSaved={() => {
        onClose()
        void client.invalidateQueries({ queryKey: ['connections'] })
      }}
      onClose={onClose}
    />
  )
}
