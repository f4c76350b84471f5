import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { SessionDetail } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'
import { FormDialog } from '../ui/parts/form-dialog.tsx'
import { wordsOf } from '../ui/parts/screen-state.tsx'

/** The kill switch asks first. */
export function EndSession({ session, opened, onClose }: { session: SessionDetail; opened: boolean; onClose: () => void }) {
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const ending = useMutation({
    mutationFn: () => call('terminate', { params: { id: session.id }, body: { reason: reason.trim() } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['sessions'] })
      onClose()
    },
  })
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title="End this session?"
      submit={() => ending.mutate()}
      stay="Keep it"
      go={ending.isPending ? 'Ending…' : 'End the session'}
      look="deny-soft"
      disabled={ending.isPending}
    >
      <p className="small second">
        {session.who.name} is disconnected from {session.connection} at once, and what runs is cancelled. Nothing that has been committed is
        undone. The agent can connect again.
      </p>
      <label className="field">
        Why, for the record and the agent
        <input value={reason} maxLength={500} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
      </label>
      {ending.error ? (
        <p className="small in-deny" role="alert">
          {wordsOf(ending.error)}
        </p>
      ) : null}
      {ending.data?.ended === false ? <p className="small second">It had already ended.</p> : null}
    </FormDialog>
  )
}
