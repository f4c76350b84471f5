import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Approval } from '../../main/contract/index.ts'
import { CallFailed, call } from '../api/call.ts'
import { bookQuery, learnApproval } from '../api/queries.ts'
import { FormDialog } from '../ui/parts/form-dialog.tsx'
import { wordsOf } from '../ui/parts/screen-state.tsx'
import { countWords } from '../ui/words.ts'

/** Denies alike requests with one reason, each by its own revision. Many are never approved at once. */
export function DenyMany({ all, opened, onClose }: { all: readonly Approval[]; opened: boolean; onClose: () => void }) {
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [done, setDone] = useState(0)
  const mine = all.filter((approval) => approval.mayDecide && approval.passkey !== true)
  const denying = useMutation({
    mutationFn: async () => {
      for (const { id, revision } of mine) {
        try {
          learnApproval(client, await call('decide', { params: { id }, body: { decision: 'deny', reason: reason.trim(), revision } }))
        } catch (error) {
          // Decided or withdrawn meanwhile: that one is over anyway.
          if (!(error instanceof CallFailed) || (error.status !== 409 && error.status !== 404)) throw error
        }
        setDone((count) => count + 1)
      }
    },
    onSuccess: onClose,
    onSettled: () => client.invalidateQueries({ queryKey: bookQuery.queryKey }),
  })
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title={`Deny ${countWords(mine.length)} alike?`}
      submit={() => denying.mutate()}
      stay="Back"
      go={denying.isPending ? `Denied ${countWords(done)} of ${countWords(mine.length)}…` : `Deny ${countWords(mine.length)}`}
      look="deny-soft"
      disabled={denying.isPending || mine.length === 0}
    >
      <p className="small second">{all[0]?.sentence} Each of them is denied with your words, and the agent reads them each time.</p>
      <label className="field">
        What should the agent do instead?
        <input value={reason} maxLength={2000} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
      </label>
      {denying.error ? (
        <p className="small in-deny" role="alert">
          {wordsOf(denying.error)}
        </p>
      ) : null}
    </FormDialog>
  )
}
