import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Agent } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'
import { agentsQuery, healthQuery } from '../api/queries.ts'
import { Pause, Play } from '../ui/icons.tsx'
import { Avatar } from '../ui/parts/avatar.tsx'
import { Button } from '../ui/parts/button.tsx'
import { wordsOf } from '../ui/parts/screen-state.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { nounWords } from '../ui/words.ts'
import { referenceOf } from './reference.ts'

/** One agent: who it is, whether it works now, and the switch that stops it. */
export function AgentRow({
  agent,
  mayPause,
  mayResume,
  pause,
}: {
  agent: Agent
  mayPause: boolean
  mayResume: boolean
  pause: () => void
}) {
  const client = useQueryClient()
  const resuming = useMutation({
    mutationFn: () => call('resumeAgents', { body: { agent: referenceOf(agent) } }),
    onSuccess: async (answer) => {
      client.setQueryData(agentsQuery.queryKey, { items: answer.items, paused: answer.paused, more: answer.more })
      await client.invalidateQueries({ queryKey: healthQuery.queryKey })
    },
  })
  return (
    <tr>
      <td>
        <span className="who-cell">
          <Avatar name={agent.name} kind="agent" />
          <span>
            <span className="medium">{agent.name}</span>
            <span className="meta third">
              {agent.onBehalfOf ? 'with a person’s token' : 'with a token of its own'}
              {agent.client && agent.client !== agent.name ? `, ${agent.client}` : ''}
            </span>
          </span>
        </span>
      </td>
      <td>
        <span className="row wrap">
          {agent.groups.map((group) => (
            <span key={group} className="tag">
              {group}
            </span>
          ))}
          {agent.groups.length === 0 ? <span className="third">none</span> : null}
        </span>
      </td>
      <td>
        {agent.liveSessions.length > 0 ? (
          <Link to="/sessions" search={{ q: agent.name, live: true }} className="row">
            <span className="live-dot" />
            {nounWords(agent.liveSessions.length, 'live session')}
          </Link>
        ) : (
          <span className="second">
            <Ago at={agent.lastSeen} />
          </span>
        )}
      </td>
      <td>
        {agent.paused ? (
          <span>
            <span className="in-ask medium">Paused</span>{' '}
            <span className="meta third">
              by {agent.paused.by.name}, <Ago at={agent.paused.at} />: “{agent.paused.reason}”
            </span>
          </span>
        ) : (
          <span className="second">May log in</span>
        )}
        {resuming.error ? (
          <span className="small in-deny" role="alert">
            {wordsOf(resuming.error)}
          </span>
        ) : null}
      </td>
      <td className="end">
        {agent.paused ? (
          mayResume ? (
            <Button small icon={<Play />} disabled={resuming.isPending} onClick={() => resuming.mutate()}>
              Let it go on
            </Button>
          ) : null
        ) : mayPause ? (
          <Button small icon={<Pause />} onClick={pause} aria-label={`Pause ${agent.name}`}>
            Pause
          </Button>
        ) : null}
      </td>
    </tr>
  )
}
