import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { DecisionRequest } from '../../main/contract/index.ts'
import { CallFailed, call } from '../api/call.ts'
import { bookQuery, learnApproval, meQuery } from '../api/queries.ts'

/** Sends a decision with the revision that was on screen. Nothing is optimistic: the card changes when the host has answered. */
export function useDecision(id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: DecisionRequest & { revision: number }) => call('decide', { params: { id }, body }),
    onSuccess: (approval) => learnApproval(client, approval),
    onError: async (error) => {
      if (!(error instanceof CallFailed)) return
      // Changed, decided by another, or no longer ours: show how it really stands.
      if (error.status === 409 || error.status === 404) {
        const fresh = await call('readApproval', { params: { id } }).catch(() => undefined)
        if (fresh) learnApproval(client, fresh)
        else await client.invalidateQueries({ queryKey: bookQuery.queryKey })
      }
      if (error.status === 401 || error.status === 403) {
        await client.invalidateQueries({ queryKey: meQuery.queryKey })
        await client.invalidateQueries({ queryKey: bookQuery.queryKey })
      }
    },
  })
}
