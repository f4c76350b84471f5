import { Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Connection } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'
import { Button } from '../ui/parts/button.tsx'
import { wordsOf } from '../ui/parts/screen-state.tsx'
import { SignInAgain, wantsSignIn } from '../ui/parts/sign-in-again.tsx'
import '../ui/parts/list.css'

/** Writes a connection's password. It is never read back. */
export function CredentialDialog({ connection, opened, onClose }: { connection: Connection; opened: boolean; onClose: () => void }) {
  const client = useQueryClient()
  const [password, setPassword] = useState('')
  const [comment, setComment] = useState('')
  const writing = useMutation({
    mutationFn: () => call('writeCredential', { params: { name: connection.name }, body: { password, comment: comment.trim() } }),
    onSuccess: async () => {
      setPassword('')
      setComment('')
      await client.invalidateQueries({ queryKey: ['connections'] })
      onClose()
    },
  })
  return (
    <Modal
      opened={opened}
      onClose={() => {
        setPassword('')
        onClose()
      }}
      title={connection.passwordSet ? `Replace the password of ${connection.name}` : `Set the password of ${connection.name}`}
      size={440}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          writing.mutate()
        }}
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
        <div className="acts">
          <Button onClick={onClose}>Leave as it is</Button>
          <Button type="submit" look="solid" disabled={password === '' || writing.isPending}>
            {writing.isPending ? 'Writing' : 'Write it'}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
