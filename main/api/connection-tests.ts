import type { OpenAPIHono } from '@hono/zod-openapi'
import { newReadings } from '../config/host-readings.ts'
import { movedSecrets } from '../config/moved-secrets.ts'
import { ConfigError, type ConnectionConfig } from '../config.ts'
import { readDraftConnection } from '../connections/draft-connection.ts'
import { testConnection } from '../connections/test-connection.ts'
import { createVaultApi } from '../connections/vault-api.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { problemOf } from './change-configuration.ts'
import { serveCall } from './serve-call.ts'

/** Tries connections, those in force and those that are only being thought of. */
export function serveConnectionTests(app: OpenAPIHono, context: ApiContext): void {
  serveCall(app, context, 'testConnection', async ({ params, note }) => {
    const connection = context.config.current().connections.find(({ name }) => name === params.name)
    if (connection === undefined) throw new ApiProblem(404, 'not-found', `There is no connection "${params.name}".`)
    return present(await testConnection(targetOf(connection), () => credentialOf(context, connection)), connection, note)
  })

  serveCall(app, context, 'testDraftConnection', async ({ body, note }) => {
    const connection = readDraft(context, body.connection)
    // One that is leased now may be another server's.
    return present(await testConnection(targetOf(connection), () => ownCredential(connection)), connection, note)
  })
}

function present(
  { ok, steps, warnings, server }: Awaited<ReturnType<typeof testConnection>>,
  { name, host, port }: ConnectionConfig,
  note: (details: { connection: string; host: string; port: number; ok: boolean }) => void,
) {
  note({ connection: name, host, port, ok })
  return { ok, steps: steps.map((step) => ({ ...step })), warnings: warnings.map((one) => ({ ...one })), server }
}

const targetOf = ({ name, host, port, database, tls, ca, limits }: ConnectionConfig) => ({
  connection: name,
  host,
  port,
  database,
  tls,
  limits,
  ...(ca === undefined ? {} : { ca }),
})

async function credentialOf({ leases }: ApiContext, connection: ConnectionConfig) {
  const held = connection.lease === undefined ? undefined : leases.current(connection.name)
  return held ?? ownCredential(connection)
}

async function ownCredential({ user, password, lease }: ConnectionConfig) {
  if (lease !== undefined) {
    const api = createVaultApi(lease)
    const { token } = await api.signIn()
    return api.lease(token)
  }
  if (password === undefined) throw new Error('no credential has been written for it yet')
  return { user, password: password.reveal() }
}

/**
 * A connection as it would stand in the configuration. What the host keeps of a connection is only used against that connection's own server: a
 * test must not carry a password elsewhere.
 */
function readDraft(context: ApiContext, draft: Readonly<Record<string, unknown>>): ConnectionConfig {
  const { config, configuration } = context
  const whole = { connections: [draft] }
  const known = [configuration.values()]
  const [strange] = newReadings(whole, known)
  if (strange !== undefined) {
    const text = `${strange.what} is not in the configuration in force at this place: over the API the host reads no other files, variables and credentials.`
    throw new ApiProblem(400, 'configuration', text)
  }
  const { vault } = configuration.reading()
  if (movedSecrets(whole, known, (name) => vault(name) !== undefined).length > 0) {
    const text = 'To test another server, give the password with it: what is kept for this connection is only sent to its own server.'
    throw new ApiProblem(400, 'configuration', text, [{ at: 'body.connection.password', message: text }])
  }
  try {
    return readDraftConnection(draft, config.current().source.folder, configuration.reading())
  } catch (cause) {
    throw cause instanceof ConfigError ? problemOf(cause) : cause
  }
}
