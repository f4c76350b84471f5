/** `npm run demo`, once everything is installed and built. Started by `build/demo.mjs`. */
import { realpathSync } from 'node:fs'
import path from 'node:path'
import { bannerText } from './banner.ts'
import { AlreadyRunning } from './lock.ts'
import { PORT_BASE, readOptions } from './options.ts'
import { TOKEN_TTL_S } from './provider/cast.ts'
import { DemoProblem, type RunningDemo, runDemo } from './run-demo.ts'
import { showSteps } from './steps.ts'
import { waitForStop } from './wait-for-stop.ts'

const DRAIN_MS = 3000

/** Resolves with the exit code when the demo has ended. */
async function run(): Promise<number> {
  const root = realpathSync(process.env['SALLYPORT_ROOT'] ?? process.cwd())
  const asked = readOptions(process.argv.slice(2), root)
  if ('text' in asked) {
    process[asked.code === 0 ? 'stdout' : 'stderr'].write(asked.text)
    return asked.code
  }
  const { options } = asked
  const stop = waitForStop()
  let demo: RunningDemo
  try {
    demo = await runDemo(options, showSteps(process.stdout), stop.signal)
  } catch (error) {
    if (stop.signal.aborted) return 130
    if (!(error instanceof DemoProblem || error instanceof AlreadyRunning)) throw error
    process.stderr.write(`\n${error.message}\n`)
    return 1
  }
  if (!stop.signal.aborted) {
    const colour = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined
    const isDefault = options.data === path.join(root, '.demo')
    const dataOption = isDefault ? '' : ` -- --data ${JSON.stringify(options.data)}`
    process.stdout.write(`${bannerText({ ...demo, tokenEnds: Date.now() + TOKEN_TTL_S * 1000, dataOption, colour })}\n`)
  }
  const why = await Promise.race([stop.asked.then(() => undefined), demo.broken])
  process.stdout.write(`\n${why ?? 'Stopping'} …\n`)
  await demo.stop(DRAIN_MS)
  process.stdout.write('Stopped.\n')
  return why === undefined ? 0 : 1
}

/** A closed port of somebody else's is told with its number where the system gives it. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE')
    return `Port ${port} was taken by another program just now. Choose others: npm run demo -- --port-base ${PORT_BASE + 100}`
  return error.stack ?? error.message
}

void run()
  .catch((error: unknown) => {
    process.stderr.write(`\nThe demo could not start.\n${explain(error)}\n`)
    return 1
  })
  .then((code) => process.exit(code))
