/** `npm run demo:agent`: an agent's afternoon at the gateway of the running demo. Started by `build/demo.mjs`. */
import path from 'node:path'
import { playAfternoon } from './agent/afternoon.ts'
import { connectAgent } from './agent/agent-client.ts'
import { decideAs } from './agent/decide.ts'
import { connectMcpAgent } from './agent/mcp-agent-client.ts'
import { openScreen } from './agent/screen.ts'
import { type ConnectFile, readConnectFile } from './connect-file.ts'
import { demoFiles } from './files.ts'
import { fetchAgentToken } from './provider/tokens.ts'

const USAGE = `Usage: npm run demo:agent [-- OPTIONS]

  --fast       no pauses
  --auto       what is held is approved over the API, as the demo's approver would on the page; --auto=deny denies it
  --mcp        over the Model Context Protocol instead of PostgreSQL's own
  --data DIR   the folder of the demo (default .demo in the project)
  --help       this text
`

const PAUSE_MS = 1400
const HELD = /approval #(\d+)/

interface AgentOptions {
  readonly fast: boolean
  readonly auto: 'approve' | 'deny' | undefined
  readonly mcp: boolean
  readonly data: string
}

function readOptions(args: readonly string[]): AgentOptions | undefined {
  let fast = false
  let mcp = false
  let auto: AgentOptions['auto']
  let data = path.join(process.env['SALLYPORT_ROOT'] ?? process.cwd(), '.demo')
  for (let index = 0; index < args.length; index++) {
    if (args[index] === '--fast') fast = true
    else if (args[index] === '--mcp') mcp = true
    else if (args[index] === '--auto') auto = 'approve'
    else if (args[index] === '--auto=deny') auto = 'deny'
    else if (args[index] === '--data' && args[index + 1] !== undefined) data = path.resolve(args[++index] ?? '')
    else return undefined
  }
  return { fast, auto, mcp, data }
}

async function run(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  if (options === undefined) {
    const help = process.argv.includes('--help')
    process[help ? 'stdout' : 'stderr'].write(USAGE)
    return help ? 0 : 2
  }
  const connect = readConnectFile(demoFiles(options.data).connect)
  const token = connect === undefined ? undefined : await fetchAgentToken(connect.issuer, connect.agentSecret).catch(() => undefined)
  if (connect === undefined || token === undefined) {
    process.stderr.write('The demo does not run. Start it first, in a terminal of its own: npm run demo\n')
    return 1
  }
  await play(connect, token, options)
  return 0
}

async function play(connect: ConnectFile, token: string, options: AgentOptions): Promise<void> {
  const screen = openScreen(process.stdout, process.env)
  screen.title('An agent’s afternoon')
  screen.note(
    options.mcp
      ? `Cursor has a token of the company’s provider and speaks MCP. It calls the tools at ${connect.web}/mcp, which is Sallyport: what it asks goes down the very same path as a PostgreSQL client’s.`
      : `Cursor has a token of the company’s provider and an ordinary PostgreSQL client. It connects to ${connect.gateway.host}:${connect.gateway.port}, which is Sallyport, as if it were the database.`,
  )
  screen.note(`Watch it from the other side, as ${connect.approver.name}: ${connect.web}`)
  let held = 0
  let deciding: Promise<void> = Promise.resolve()
  const onNotice = (text: string) => {
    screen.notice(text)
    const number = Number(HELD.exec(text)?.[1])
    if (!Number.isInteger(number)) return
    held++
    if (options.auto !== undefined) {
      const reason = options.auto === 'approve' ? 'The ticket asks for it.' : 'This order has left the warehouse. Tell the customer so.'
      deciding = decideAs(connect, number, options.auto, reason).catch((error: unknown) =>
        screen.note(error instanceof Error ? error.message : String(error)),
      )
    } else screen.note(`Decide on the page: ${connect.web}/approvals/${number}   (sign in as ${connect.approver.name})`)
  }
  const client = options.mcp
    ? await connectMcpAgent({ web: connect.web, connection: connect.gateway.connection, token }, onNotice)
    : await connectAgent({ ...connect.gateway, token }, onNotice)
  const tally = await playAfternoon({ screen, client, pauseMs: options.fast ? 0 : PAUSE_MS })
  await deciding
  await client.close()
  screen.title(`${tally.ran + tally.denied} statements: ${tally.ran} ran, ${tally.denied} were denied, and ${held} waited for a person.`)
  screen.note(`Every one is recorded, with what came back, who decided and why: ${connect.web}/sessions`)
  screen.plain('')
}

void run()
  .catch((error: unknown) => {
    process.stderr.write(`\nThe agent could not go on: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  })
  .then((code) => process.exit(code))
