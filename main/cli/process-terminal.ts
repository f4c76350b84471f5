import { writeSync } from 'node:fs'
import type { Terminal } from './command.ts'

/** Ctrl-C in a terminal reaches npm and this process, and npm passes it on as well: within this time it is one and the same. */
const SAME_MS = 1500

/** The process's own terminal. */
export function processTerminal(): Terminal {
  let stopping: AbortController | undefined
  return {
    env: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stopped() {
      if (stopping === undefined) {
        const controller = new AbortController()
        let askedAt = 0
        stopping = controller
        for (const signal of ['SIGINT', 'SIGTERM'] as const) {
          process.on(signal, () => {
            // Whoever asks twice does not want to wait.
            if (controller.signal.aborted && Date.now() - askedAt > SAME_MS) process.exit(130)
            if (!controller.signal.aborted) askedAt = Date.now()
            controller.abort()
          })
        }
      }
      return stopping.signal
    },
  }
}

/** A reader that went away (`sallyport export … | head`) is no fault. */
export function endQuietlyOnBrokenPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    writeSync(2, `standard output: ${error.message}\n`)
    process.exit(1)
  })
}
