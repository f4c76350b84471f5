import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Approval, DecisionRequest } from '../../main/contract/index.ts'
import { CallFailed, call } from '../api/call.ts'
import { bookQuery, learnApproval, meQuery } from '../api/queries.ts'
import { askPasskey } from './ask-passkey.ts'

/** Sends a decision with the revision that was on screen. Nothing is optimistic: the card changes when the host has answered. */
export function useDecision(approval: Pick<Approval, 'id' | 'passkey'>) {
  const client = useQueryClient()
  const { id } = approval
  return useMutation({
    mutationFn: async (body: DecisionRequest & { revision: number }) => {
      const passkey = approval.passkey === true ? await askPasskey(id, body) : undefined
      return call('decide', { params: { id }, body: passkey ? { ...body, passkey } : body })
    },
    onSuccess: (decided) => learnApproval(client, decided),
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
