import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ConfigurationVersion } from '../../../main/contract/index.ts'
import { CallFailed, call } from '../../api/call.ts'
import { policiesQuery } from '../../api/queries.ts'
import { FormDialog } from '../../ui/parts/form-dialog.tsx'
import { ChangeRefused } from './change-refused.tsx'

interface Props {
  readonly version: ConfigurationVersion
  /** In force. */
  readonly now: number
  readonly opened: boolean
  readonly onClose: () => void
}

/** Puts an earlier version in force again, as a new one, and asks why first. */
export function RestoreDialog({ version, now, opened, onClose }: Props) {
  const client = useQueryClient()
  const [comment, setComment] = useState('')
  const [forced, setForced] = useState(false)
  const restoring = useMutation({
    mutationFn: () =>
      call('restoreVersion', { params: { version: version.version }, body: { version: now, comment: comment.trim(), force: forced } }),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['configuration'] }),
        client.invalidateQueries({ queryKey: policiesQuery.queryKey }),
      ])
      setComment('')
      onClose()
    },
  })
  const needsForce = restoring.error instanceof CallFailed && restoring.error.status === 422
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title={`Put version ${version.version} in force again?`}
      submit={() => restoring.mutate()}
      stay="Leave as it is"
      go={restoring.isPending ? 'Restoring' : `Restore version ${version.version}`}
      disabled={restoring.isPending || comment.trim() === ''}
    >
      <p className="small second">
        It becomes version {now + 1}: the whole configuration as it was then, not only its policies. Passwords stay what they are now. It
        holds at once.
      </p>
      <label className="field">
        Why
        <input value={comment} maxLength={1000} required onChange={(event) => setComment(event.currentTarget.value)} data-autofocus />
      </label>
      {restoring.error ? <ChangeRefused error={restoring.error} /> : null}
      {needsForce || forced ? (
        <label className="tick">
          <input type="checkbox" checked={forced} onChange={(event) => setForced(event.currentTarget.checked)} />
          Restore it all the same
        </label>
      ) : null}
    </FormDialog>
  )
}
