import { loadConfig } from '../../main/config.ts'
import { startHost } from '../../main/host.ts'
import { writeConnectFile } from './connect-file.ts'
import { type DemoFiles, demoFiles, emptyFolder, openFolder } from './files.ts'
import { openFileLog } from './host-log.ts'
import { lockDemo } from './lock.ts'
import type { DemoOptions } from './options.ts'
import { type DemoPorts, findTakenPorts, portsFrom } from './ports.ts'
import { initialise, isInitialised } from './postgres/initialise.ts'
import { findPlace, type Place } from './postgres/place.ts'
import { startServer, stopLeftover } from './postgres/server.ts'
import { hasShop, makeShop } from './postgres/shop-database.ts'
import { CAST } from './provider/cast.ts'
import { type DemoSecrets, openSecrets } from './provider/secrets.ts'
import { startProvider } from './provider/start-provider.ts'
import { fetchAgentToken } from './provider/tokens.ts'
import type { Steps } from './steps.ts'
import { writeConfig } from './write-config.ts'

export interface RunningDemo {
  readonly ports: DemoPorts
  readonly secrets: DemoSecrets
  /** An agent's access token. */
  readonly token: string
  /** Resolves when a part of it ended by itself, with what to say. */
  readonly broken: Promise<string>
  stop(drainMs: number): Promise<void>
}

/** Wrong in a way that the person can put right: no stack is shown. */
export class DemoProblem extends Error {}

const SEED = 'sallyport'

/** Starts database, sign-in and host. Nothing is left running after a failure. */
export async function runDemo(options: DemoOptions, steps: Steps, stopped: AbortSignal): Promise<RunningDemo> {
  const files = demoFiles(options.data)
  const ports = portsFrom(options.portBase)
  openFolder(files)
  const lock = await lockDemo(files.folder, `process ${process.pid}, http://127.0.0.1:${ports.web}`)
  const undo: ((drainMs: number) => Promise<void> | void)[] = [() => lock.release()]
  const unwind = async (drainMs: number) => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step(drainMs)
  }
  try {
    return await start(files, ports, options, steps, stopped, undo, unwind)
  } catch (error) {
    await unwind(0)
    throw error
  }
}

async function start(
  files: DemoFiles,
  ports: DemoPorts,
  options: DemoOptions,
  steps: Steps,
  stopped: AbortSignal,
  undo: ((drainMs: number) => Promise<void> | void)[],
  unwind: (drainMs: number) => Promise<void>,
): Promise<RunningDemo> {
  const place = await preparePlace(files, ports, options)
  const secrets = await openSecrets(files.secrets)
  stopped.throwIfAborted()

  const server = await steps.run('PostgreSQL 18', async (say) => {
    if (!isInitialised(place)) {
      say('making its files')
      await initialise(place, secrets.superuserPassword)
    }
    say(
      place.moved === undefined
        ? `port ${ports.database}`
        : `port ${ports.database}, files in ${place.moved} since its user cannot enter the project’s folder`,
    )
    return startServer(place, { port: ports.database, log: files.databaseLog })
  })
  undo.push(() => server.stop())
  stopped.throwIfAborted()
  await fillShop(ports, secrets, steps)
  stopped.throwIfAborted()

  const webOrigin = `http://127.0.0.1:${ports.web}`
  const { provider, token } = await steps.run('Sign-in (OpenID Connect)', async (say) => {
    const provider = await startProvider(secrets, { host: '127.0.0.1', port: ports.signIn, webOrigin })
    undo.push(() => provider.stop())
    say(`port ${ports.signIn}, ${CAST.length} people and an agent`)
    return { provider, token: await fetchAgentToken(provider.issuer, secrets.agentSecret) }
  })
  await steps.run('Sallyport', async (say) => {
    writeConfig(files, ports, secrets)
    const log = openFileLog(files.hostLog)
    undo.push(() => log.close())
    const host = await startHost(loadConfig(files.config, process.env), files.hostData, { log })
    undo.push((drainMs) => host.close(drainMs))
    say(`pages on port ${ports.web}, gateway on port ${ports.gateway}`)
  })
  const approver = CAST.find((member) => member.key === 'approver')!
  writeConnectFile(files.connect, {
    web: webOrigin,
    issuer: provider.issuer,
    gateway: { host: '127.0.0.1', port: ports.gateway, connection: 'shop' },
    agentSecret: secrets.agentSecret,
    approver: { name: approver.name, email: approver.email, password: secrets.passwords.approver },
  })
  let stopping = false
  return {
    ports,
    secrets,
    token,
    broken: new Promise((resolve) => {
      void server.ended.then(() => {
        if (!stopping) resolve(`PostgreSQL ended by itself. Its log: ${files.databaseLog}`)
      })
    }),
    async stop(drainMs) {
      stopping = true
      await unwind(drainMs)
    },
  }
}

/** Free ports, no leftover of an earlier run, and the folder as it was asked for. */
async function preparePlace(files: DemoFiles, ports: DemoPorts, options: DemoOptions): Promise<Place> {
  let place = findPlace(files.folder)
  await stopLeftover(place)
  const taken = await findTakenPorts(ports)
  if (taken.length > 0) {
    throw new DemoProblem(
      `${taken.join('\n')}\nFree it, or choose others: npm run demo -- --port-base ${options.portBase > 60_000 ? 18_440 : options.portBase + 100}`,
    )
  }
  if (options.reset) {
    emptyFolder(files)
    place = findPlace(files.folder)
  }
  return place
}

async function fillShop(ports: DemoPorts, secrets: DemoSecrets, steps: Steps): Promise<void> {
  if (await hasShop(ports.database, secrets)) return
  await steps.run('The shop’s data, from a seed', async (say) => {
    const now = new Date()
    const today = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()))
    const rows = await makeShop(ports.database, secrets, { seed: SEED, today, scale: 1 }, (done) =>
      say(`${done.toLocaleString('en')} rows`),
    )
    say(`${rows.toLocaleString('en')} rows in 18 tables`)
  })
}
