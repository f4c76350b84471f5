import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Approval } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'
import { learnApproval } from '../api/queries.ts'

/** Has the statement run in a transaction that is rolled back. `undefined` where that cannot be done. */
export function useRehearsal(approval: Approval) {
  const client = useQueryClient()
  const rehearsing = useMutation({
    mutationFn: () => call('rehearse', { params: { id: approval.id } }),
    onSuccess: (after) => learnApproval(client, after),
  })
  const { rehearsal, whyNoRehearsal } = approval.preview
  const may = approval.mayDecide && whyNoRehearsal === null && approval.preview.state !== 'none'
  return {
    rehearse: may && rehearsal?.state !== 'running' && !rehearsing.isPending ? () => rehearsing.mutate() : undefined,
    may,
    error: rehearsing.error,
  }
}
