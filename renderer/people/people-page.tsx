import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { z } from 'zod'
import type { Agent, Role } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'
import { agentsQuery, configurationQuery, healthQuery, meQuery } from '../api/queries.ts'
import { Pause, Play, Plug, Users } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Bone, Empty, Failing, wordsOf } from '../ui/parts/screen-state.tsx'
import { Head } from '../ui/shell/head.tsx'
import { ScreenBody } from '../ui/shell/screen-body.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { AgentRow } from './agent-row.tsx'
import { PauseDialog } from './pause-dialog.tsx'
import { keyOf } from './reference.ts'
import '../ui/parts/list.css'

/** Which agents have been here and may come back, and which groups of people may work in Sallyport itself. */
export function PeoplePage() {
  const agents = useQuery(agentsQuery)
  const me = useQuery(meQuery)
  const client = useQueryClient()
  const [asked, setAsked] = useState<Agent | 'all'>()
  const [opened, setOpened] = useState(false)
  const roles = me.data?.roles ?? []
  const mayPause = roles.includes('admin') || roles.includes('approver')
  const mayResume = roles.includes('admin')
  const resuming = useMutation({
    mutationFn: () => call('resumeAgents', { body: {} }),
    onSuccess: async (answer) => {
      client.setQueryData(agentsQuery.queryKey, { items: answer.items, paused: answer.paused, more: answer.more })
      await client.invalidateQueries({ queryKey: healthQuery.queryKey })
    },
  })
  const ask = (whom: Agent | 'all') => {
    setAsked(whom)
    setOpened(true)
  }
  const paused = agents.data?.paused ?? null
  return (
    <main className="screen">
      <Head title="People and agents">
        {agents.data && mayPause && !paused ? (
          <Button small icon={<Pause />} onClick={() => ask('all')}>
            Pause all agents
          </Button>
        ) : null}
      </Head>
      <ScreenBody className="admin">
        {paused ? (
          <div className="warning" role="status">
            <Pause />
            <span>
              <b>All agents are paused</b> by {paused.by.name}, <Ago at={paused.at} />: “{paused.reason}”. None can log in.
              {mayResume ? '' : ' An admin can let them go on.'}
              {resuming.error ? (
                <span className="small in-deny" role="alert">
                  {' '}
                  {wordsOf(resuming.error)}
                </span>
              ) : null}
            </span>
            <span className="fill" />
            {mayResume ? (
              <Button small icon={<Play />} disabled={resuming.isPending} onClick={() => resuming.mutate()}>
                Let them go on
              </Button>
            ) : null}
          </div>
        ) : null}
        <section className="panel" aria-label="Agents">
          <header>
            <h2 className="policy-name">Agents</h2>
            <span className="fill" />
            <span className="meta third">Told from people by the provider; an agent never holds a role</span>
          </header>
          {agents.isPending ? <Bones /> : null}
          {agents.isError && !agents.data ? <Failing what="The agents" error={agents.error} retry={() => void agents.refetch()} /> : null}
          {agents.data?.items.length === 0 ? (
            <Empty
              title="No agent has connected yet"
              action={
                <Link to="/connect" className="button plain little">
                  <Plug /> Connect an agent
                </Link>
              }
            >
              Each agent stands here from its first log-in on.
            </Empty>
          ) : null}
          {agents.data && agents.data.items.length > 0 ? (
            <div className="list-scroll">
              <table className="list">
                <thead>
                  <tr>
                    <th>Agent</th>
                    <th>Groups</th>
                    <th>Last here</th>
                    <th>State</th>
                    <th>
                      <span className="unseen">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {agents.data.items.map((agent) => (
                    <AgentRow key={keyOf(agent)} agent={agent} mayPause={mayPause} mayResume={mayResume} pause={() => ask(agent)} />
                  ))}
                </tbody>
              </table>
            </div>
          ) : null}
          {agents.data?.more ? <p className="panel-none">There are more; those that were here last are shown.</p> : null}
        </section>
        <Roles />
        <PauseDialog agent={asked === 'all' || asked === undefined ? null : asked} opened={opened} onClose={() => setOpened(false)} />
      </ScreenBody>
    </main>
  )
}

const WHAT: readonly (readonly [Role, string, string])[] = [
  [
    'admin',
    'Admin',
    'changes policies, masks and connections, vouches for functions, lets paused agents go on; decides only where a rule names a group of theirs',
  ],
  ['approver', 'Approver', 'decides what waits, where a rule names a group of theirs; pauses agents'],
  ['viewer', 'Viewer', 'reads sessions, policies and the audit'],
]

/** The part of the configuration that this panel shows. */
const peopleSchema = z.object({
  roles: z.record(z.string(), z.array(z.string())).optional(),
  identity: z
    .object({ providers: z.array(z.object({ name: z.string(), issuer: z.string().optional(), kind: z.string().optional() })).optional() })
    .optional(),
})

function Roles() {
  const configuration = useQuery(configurationQuery)
  const parsed = peopleSchema.safeParse(configuration.data?.json)
  const groups = parsed.success ? (parsed.data.roles ?? {}) : {}
  const providers = parsed.success ? (parsed.data.identity?.providers ?? []) : []
  return (
    <section className="panel" aria-label="Roles">
      <header>
        <h2 className="policy-name">Roles of people</h2>
        <span className="fill" />
        <span className="meta third">By the groups that the provider tells</span>
      </header>
      {configuration.isPending ? <Bones /> : null}
      {configuration.isError && !configuration.data ? (
        <Failing what="The roles" error={configuration.error} retry={() => void configuration.refetch()} />
      ) : null}
      {configuration.data ? (
        <table className="list">
          <thead>
            <tr>
              <th>Role</th>
              <th>Groups</th>
              <th>May</th>
            </tr>
          </thead>
          <tbody>
            {WHAT.map(([role, word, may]) => (
              <tr key={role}>
                <td className="medium">{word}</td>
                <td>
                  <span className="row wrap">
                    {(groups[role] ?? []).map((group) => (
                      <span key={group} className="tag">
                        <Users size={12} />
                        {group}
                      </span>
                    ))}
                    {(groups[role] ?? []).length === 0 ? <span className="third">nobody</span> : null}
                  </span>
                </td>
                <td className="second">{may}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {providers.length > 0 ? (
        <dl className="facts">
          {providers.map((provider) => (
            <div key={provider.name}>
              <dt>
                Signs in with {provider.name}
                {provider.kind === 'saml' ? ' (SAML)' : ''}
              </dt>
              <dd>
                <code>{provider.issuer ?? provider.name}</code>
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </section>
  )
}

function Bones() {
  return (
    <div className="facts" aria-busy="true">
      <span className="unseen">Loading</span>
      <Bone height={36} />
      <Bone height={36} />
    </div>
  )
}
