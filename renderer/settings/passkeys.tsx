import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { passkeysQuery } from '../api/queries.ts'
import { Fingerprint, Plus } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { FormDialog } from '../ui/parts/form-dialog.tsx'
import { Bone, Failing, wordsOf } from '../ui/parts/screen-state.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { addPasskey, removePasskey } from './change-passkeys.ts'

/** The person's own passkeys. Some rules demand one for each decision, since an agent on the same machine cannot press it. */
export function Passkeys() {
  const passkeys = useQuery(passkeysQuery)
  const client = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [name, setName] = useState('')
  const done = () => client.invalidateQueries({ queryKey: passkeysQuery.queryKey })
  const add = useMutation({
    mutationFn: () => addPasskey(name.trim()),
    onSuccess: async () => {
      await done()
      setAdding(false)
      setName('')
    },
  })
  const remove = useMutation({ mutationFn: removePasskey, onSuccess: done })
  return (
    <section className="panel" aria-label="Passkeys">
      <header>
        <h2 className="policy-name">Passkeys</h2>
        <span className="fill" />
        <Button small icon={<Plus />} onClick={() => setAdding(true)}>
          Add a passkey
        </Button>
      </header>
      {passkeys.isPending ? (
        <div className="facts" aria-busy="true">
          <Bone height={36} />
        </div>
      ) : null}
      {passkeys.isError && !passkeys.data ? (
        <Failing what="Your passkeys" error={passkeys.error} retry={() => void passkeys.refetch()} />
      ) : null}
      {passkeys.data?.items.length === 0 ? (
        <p className="panel-none">
          None yet. Where a rule demands one, you decide with your device’s own lock: an agent on this machine cannot.
        </p>
      ) : null}
      {passkeys.data?.items.map((passkey) => (
        <div key={passkey.id} className="setting">
          <span>
            <span className="row">
              <Fingerprint /> <span className="medium">{passkey.name}</span>
            </span>
            <span className="meta third">
              Added <Ago at={passkey.createdAt} />
              {passkey.lastUsedAt === null ? ', not used yet' : ', last used '}
              {passkey.lastUsedAt === null ? null : <Ago at={passkey.lastUsedAt} />}
            </span>
          </span>
          <Button small disabled={remove.isPending} onClick={() => remove.mutate(passkey.id)} aria-label={`Remove ${passkey.name}`}>
            Remove
          </Button>
        </div>
      ))}
      {remove.error ? (
        <p className="panel-none in-deny" role="alert">
          {wordsOf(remove.error)}
        </p>
      ) : null}
      <FormDialog
        opened={adding}
        onClose={() => setAdding(false)}
        title="Add a passkey"
        submit={() => add.mutate()}
        stay="Not now"
        go={add.isPending ? 'Waiting for the device' : 'Add it'}
        disabled={add.isPending || name.trim() === ''}
      >
        <p className="small second">
          The browser asks for your finger, face, PIN or key. Who has one already proves it with that one first.
        </p>
        <label className="field">
          A name, to tell it from others
          <input
            value={name}
            maxLength={60}
            required
            placeholder="Laptop"
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
        </label>
        {add.error ? (
          <p className="small in-deny" role="alert">
            {wordsOf(add.error)}
          </p>
        ) : null}
      </FormDialog>
    </section>
  )
}
