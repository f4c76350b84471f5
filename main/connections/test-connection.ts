import { lookup } from 'node:dns/promises'
import net from 'node:net'
import { GatewayError } from '../../proxy/errors.ts'
import { connectServer } from '../../proxy/login/connect.ts'
import { type OwnConnection, openOwnConnection } from '../../proxy/login/query.ts'
import type { Upstream } from '../../proxy/ports.ts'
import { findRights, type RightWarning } from './find-rights.ts'
import { wordLogin, wordName, wordTcp, wordTls } from './word-failures.ts'

export type StepName = 'name' | 'tcp' | 'tls' | 'authentication' | 'database' | 'privileges'

export interface ConnectionStep {
  readonly step: StepName
  readonly state: 'ok' | 'failed' | 'skipped'
  readonly ms: number
  /** What was found, in words. */
  readonly message: string
  /** Empty where nothing is to be done. */
  readonly todo: string
}

export interface ConnectionTest {
  readonly ok: boolean
  readonly steps: readonly ConnectionStep[]
  readonly warnings: readonly RightWarning[]
  /** `PostgreSQL 18.4`; null: it did not come so far. */
  readonly server: string | null
}

/** What a step found: words when it went well, and otherwise what is wrong and what to do. */
export interface Failure {
  readonly message: string
  readonly todo: string
}

const STEP_MS = 8000
const ORDER: readonly StepName[] = ['name', 'tcp', 'tls', 'authentication', 'database', 'privileges']

/**
 * Tries a connection step by step, as a session's login would, and reads what the role may do. `credential` is asked for only once the server has been
 * reached. Changes nothing at the database. Never throws for what the network or the server does.
 */
export async function testConnection(
  target: Omit<Upstream, 'user' | 'password'>,
  credential: () => Promise<Pick<Upstream, 'user' | 'password'>>,
): Promise<ConnectionTest> {
  const steps: ConnectionStep[] = []
  const run = async (step: StepName, work: () => Promise<string>, word: (cause: unknown) => Failure): Promise<boolean> => {
    const began = performance.now()
    const done = (state: 'ok' | 'failed', found: Failure) =>
      steps.push({ step, state, ms: Math.round(performance.now() - began), ...found })
    try {
      done('ok', { message: await work(), todo: '' })
      return true
    } catch (cause) {
      done('failed', word(cause))
      return false
    }
  }
  const finish = (warnings: readonly RightWarning[] = [], server: string | null = null): ConnectionTest => {
    for (const step of ORDER.slice(steps.length)) {
      steps.push({ step, state: 'skipped', ms: 0, message: 'Not tried: the step before has to work first.', todo: '' })
    }
    return { ok: steps.every(({ state }) => state === 'ok'), steps, warnings, server }
  }

  if (
    !(await run(
      'name',
      () => resolveName(target.host),
      (cause) => wordName(target, cause),
    ))
  )
    return finish()
  if (
    !(await run(
      'tcp',
      () => reach(target),
      (cause) => wordTcp(target, cause),
    ))
  )
    return finish()
  // Nobody logs in here: the credential is not asked for before the server has shown who it is.
  const anybody: Upstream = { ...target, user: '', password: '' }
  if (
    !(await run(
      'tls',
      () => encrypt(anybody),
      (cause) => wordTls(target, cause),
    ))
  )
    return finish()

  let opened: OwnConnection | undefined
  try {
    const login = async (): Promise<string> => {
      const { user, password } = await credential()
      opened = await openOwnConnection({ ...target, user, password }, STEP_MS)
      return `Logged in as ${user}.`
    }
    let refused: unknown
    const noDatabase = (cause: unknown) => cause instanceof GatewayError && cause.message.includes('(3D000)')
    const entered = await run('authentication', login, (cause) => {
      refused = cause
      return wordLogin(target, cause)
    })
    if (!entered && noDatabase(refused)) {
      // The server looks for the database once it knows who asks.
      steps.splice(-1, 1, { ...(steps.at(-1) as ConnectionStep), state: 'ok', message: 'The credential was taken.', todo: '' })
      await run(
        'database',
        () => Promise.reject(refused),
        (cause) => wordLogin(target, cause),
      )
    }
    if (opened === undefined) return finish()
    const own = opened
    let server = ''
    const look = async (): Promise<string> => {
      const [row] = await own.query("SELECT current_setting('server_version'), current_database()")
      server = `PostgreSQL ${row?.[0] ?? ''}`
      return `The database ${row?.[1] ?? ''} on ${server}.`
    }
    if (!(await run('database', look, (cause) => wordLogin(target, cause)))) return finish()
    let warnings: readonly RightWarning[] = []
    const rights = async (): Promise<string> => {
      const found = await findRights((query) => own.query(query))
      warnings = found.warnings
      if (found.readable === 0) throw new NothingReadable()
      return `It may read ${found.readable} of ${found.tables} tables and views${found.writable > 0 ? `, and change ${found.writable}` : ''}.`
    }
    await run('privileges', rights, (cause) =>
      cause instanceof NothingReadable
        ? {
            message: 'It may read no table or view.',
            todo: 'GRANT USAGE on the schema and SELECT on the tables that agents should work with.',
          }
        : wordLogin(target, cause),
    )
    return finish(warnings, server)
  } finally {
    opened?.close()
  }
}

class NothingReadable extends Error {}

async function resolveName(host: string): Promise<string> {
  if (net.isIP(host) !== 0) return `${host} is an address.`
  const found = await lookup(host, { all: true })
  return `${host} is ${found
    .slice(0, 3)
    .map(({ address }) => address)
    .join(', ')}.`
}

function reach({ host, port }: Pick<Upstream, 'host' | 'port'>): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port })
    socket.setTimeout(STEP_MS, () => socket.destroy(new Error('timed out')))
    socket.on('error', reject)
    socket.on('connect', () => {
      socket.destroy()
      resolve(`Something listens on ${host}:${port}.`)
    })
  })
}

async function encrypt(upstream: Upstream): Promise<string> {
  if (upstream.tls === 'disable') return 'Not encrypted, as configured.'
  const { socket } = await connectServer(upstream, STEP_MS)
  socket.destroy()
  return upstream.tls === 'verify-full'
    ? 'Encrypted, and the server’s certificate is good for this name.'
    : 'Encrypted; who the server is was not proved (tls: require).'
}
