import { Drawer } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { TeamFunction } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'
import { functionsQuery } from '../api/queries.ts'
import { ShieldCheck, Warn } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Bone, Empty, Failing, wordsOf } from '../ui/parts/screen-state.tsx'
import { ShowMore, useSome } from '../ui/parts/show-more.tsx'
import { SignInAgain, wantsSignIn } from '../ui/parts/sign-in-again.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { orWords } from '../ui/words.ts'

interface Props {
  readonly connection: string
  readonly mayVouch: boolean
  readonly opened: boolean
  readonly onClose: () => void
}

/** The team's own functions behind a connection, with their text, and an admin's word on each. */
export function FunctionsDrawer({ connection, mayVouch, opened, onClose }: Props) {
  const functions = useQuery({ ...functionsQuery(connection), enabled: opened })
  const { shown, hidden, more } = useSome(functions.data?.items ?? [], 25)
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={640}
      title={`Functions behind ${connection}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <p className="small second">
        A function does what its text says, out of a statement’s sight. Where one of these is used, the rules see what it does; vouch for it
        once you have read it. A vouch is for this very text: changed, it counts no more.
      </p>
      {functions.isPending ? <Bone height={80} /> : null}
      {functions.isError && !functions.data ? (
        <Failing what="The functions" error={functions.error} retry={() => void functions.refetch()} />
      ) : null}
      {functions.data?.items.length === 0 ? <Empty title="None">This database has no functions of your own.</Empty> : null}
      <ul className="functions">
        {shown.map((fn) => (
          <FunctionItem key={fn.oid} fn={fn} connection={connection} mayVouch={mayVouch} />
        ))}
      </ul>
      <ShowMore hidden={hidden} more={more} what="functions" />
    </Drawer>
  )
}

const STATE = { vouched: 'vouched for', not: 'nobody has vouched for it', changed: 'changed since somebody vouched for it' } as const

function FunctionItem({ fn, connection, mayVouch }: { fn: TeamFunction; connection: string; mayVouch: boolean }) {
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const params = { name: connection, fn: String(fn.oid) }
  const done = () => client.invalidateQueries({ queryKey: functionsQuery(connection).queryKey })
  const vouching = useMutation({
    mutationFn: () => call('vouch', { params, body: { sha256: fn.sha256, reason: reason.trim() } }),
    onSuccess: () => {
      setReason('')
      return done()
    },
  })
  const withdrawing = useMutation({ mutationFn: () => call('withdrawVouch', { params }), onSuccess: done })
  const error = vouching.error ?? withdrawing.error
  const { does } = fn
  const touches = does.relations.map(({ name, access }) => `${access === 'write' ? 'writes' : 'reads'} ${name}`)
  return (
    <li>
      <details>
        <summary>
          <code>{fn.signature}</code>
          <span className={fn.state === 'vouched' ? 'meta in-allow row' : 'meta in-ask row'}>
            {fn.state === 'vouched' ? <ShieldCheck size={14} /> : <Warn size={14} />}
            {STATE[fn.state]}
          </span>
        </summary>
        <p className="small second">
          {fn.language}, {fn.volatility}
          {fn.securityDefiner ? ', with its owner’s rights' : ''}
          {touches.length > 0 ? `; ${orWords(touches, 'and')}` : ''}
          {does.calls.length > 0 ? `; calls ${orWords(does.calls, 'and')}` : ''}.
        </p>
        {does.unread === null ? null : <p className="small in-ask">Not all of it can be read: {does.unread}.</p>}
        {fn.runsOn.map((one) => (
          <p key={`${one.kind} ${one.name} ${one.table}`} className="small second">
            Runs by itself on <code>{one.table}</code>: {one.kind} <code>{one.name}</code>.
          </p>
        ))}
        <pre className="agent-error">{fn.source}</pre>
        {fn.vouch ? (
          <p className="small second">
            {fn.vouch.by.name} vouched for {fn.state === 'changed' ? 'another text of it' : 'it'}, <Ago at={fn.vouch.at} />: “
            {fn.vouch.reason}”
          </p>
        ) : null}
        {error ? (
          <p className="small in-deny" role="alert">
            {wordsOf(error)} {wantsSignIn(error) ? <SignInAgain then="vouch once more" /> : null}
          </p>
        ) : null}
        {mayVouch && fn.state !== 'vouched' ? (
          <form
            className="vouch"
            onSubmit={(event) => {
              event.preventDefault()
              vouching.mutate()
            }}
          >
            <label className="field fill">
              What you have read, and why it is fine
              <input value={reason} required maxLength={2000} onChange={(event) => setReason(event.currentTarget.value)} />
            </label>
            <Button type="submit" look="soft" disabled={reason.trim() === '' || vouching.isPending}>
              Vouch for it
            </Button>
          </form>
        ) : null}
        {mayVouch && fn.state === 'vouched' && fn.vouch ? (
          <Button small look="deny-soft" disabled={withdrawing.isPending} onClick={() => withdrawing.mutate()}>
            Withdraw the vouch
          </Button>
        ) : null}
      </details>
    </li>
  )
}
