import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Agent } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'
import { agentsQuery, healthQuery } from '../api/queries.ts'
import { FormDialog } from '../ui/parts/form-dialog.tsx'
import { wordsOf } from '../ui/parts/screen-state.tsx'
import { nounWords } from '../ui/words.ts'
import { referenceOf } from './reference.ts'

/** Stops one agent, or all of them, and asks why first: the agent is told, and it is recorded. `agent` null: all. */
export function PauseDialog({ agent, opened, onClose }: { agent: Agent | null; opened: boolean; onClose: () => void }) {
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const pausing = useMutation({
    mutationFn: () => call('pauseAgents', { body: { ...(agent ? { agent: referenceOf(agent) } : {}), reason: reason.trim() } }),
    onSuccess: async (answer) => {
      client.setQueryData(agentsQuery.queryKey, { items: answer.items, paused: answer.paused, more: answer.more })
      await client.invalidateQueries({ queryKey: healthQuery.queryKey })
      setReason('')
      onClose()
    },
  })
  const live = agent?.liveSessions.length ?? 0
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title={agent ? `Pause ${agent.name}?` : 'Pause all agents?'}
      submit={() => pausing.mutate()}
      stay="Leave as it is"
      go={pausing.isPending ? 'Pausing' : agent ? 'Pause it' : 'Pause all agents'}
      look="deny-soft"
      disabled={pausing.isPending || reason.trim() === ''}
    >
      <p className="small second">
        {agent
          ? `${live === 0 ? 'It is not connected now.' : `Its ${nounWords(live, 'session')} end at once, and what runs is cancelled.`} It cannot log in, and what it waits for is withdrawn, until an admin lets it go on.`
          : 'Every agent’s session ends at once, what runs is cancelled, and what waits for approval is withdrawn. No agent can log in until an admin lets them go on. People are not touched.'}
      </p>
      <label className="field">
        Why, for the record and the agent
        <input
          value={reason}
          maxLength={500}
          required
          placeholder="An incident on shop, 14:10"
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
      </label>
      {pausing.error ? (
        <p className="small in-deny" role="alert">
          {wordsOf(pausing.error)}
        </p>
      ) : null}
    </FormDialog>
  )
}
