import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Connection } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'
import { FormDialog } from '../ui/parts/form-dialog.tsx'
import { wordsOf } from '../ui/parts/screen-state.tsx'
import { SignInAgain, wantsSignIn } from '../ui/parts/sign-in-again.tsx'

/** Writes a connection's password. It is never read back. */
export function CredentialDialog({ connection, opened, onClose }: { connection: Connection; opened: boolean; onClose: () => void }) {
  const client = useQueryClient()
  const [password, setPassword] = useState('')
  const [comment, setComment] = useState('')
  const writing = useMutation({
    mutationFn: () => call('writeCredential', { params: { name: connection.name }, body: { password, comment: comment.trim() } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['connections'] })
      leave()
    },
  })
  const leave = () => {
    setPassword('')
    setComment('')
    onClose()
  }
  return (
    <FormDialog
      opened={opened}
      onClose={leave}
      title={connection.passwordSet ? `Replace the password of ${connection.name}` : `Set the password of ${connection.name}`}
      submit={() => writing.mutate()}
      stay="Leave as it is"
      go={writing.isPending ? 'Writing' : 'Write it'}
      disabled={password === '' || writing.isPending}
    >
      <p className="small second">
        New log-ins use it; sessions that run go on with the one before. It is kept encrypted in the vault and never shown again.
      </p>
      <label className="field">
        Password of {connection.user}
        <input
          type="password"
          required
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          data-autofocus
        />
      </label>
      <label className="field">
        Why, for the record
        <input
          value={comment}
          maxLength={1000}
          placeholder="The yearly change"
          onChange={(event) => setComment(event.currentTarget.value)}
        />
      </label>
      {writing.error ? (
        <p className="small in-deny" role="alert">
          {wordsOf(writing.error)}
        </p>
      ) : null}
      {wantsSignIn(writing.error) ? <SignInAgain then="write it here once more" /> : null}
    </FormDialog>
  )
}
