/** Ctrl-C in a terminal reaches npm, its shell and us, and npm passes it on as well: within this time it is one and the same. */
const SAME_MS = 1500

export interface Stop {
  /** Resolves when somebody wants it to end. */
  readonly asked: Promise<void>
  readonly signal: AbortSignal
}

/** Ends on SIGINT, SIGTERM and SIGHUP, when the starter goes away, and at once when asked a second time. */
export function waitForStop(): Stop {
  const controller = new AbortController()
  let first = 0
  const asked = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const ask = () => {
    if (first === 0) first = Date.now()
    else if (Date.now() - first > SAME_MS) process.exit(130)
    controller.abort()
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, ask)
  // The starter holds a channel to us: it closes even when the starter is killed.
  process.on('disconnect', ask)
  // A terminal that was closed must not turn a farewell into a crash.
  process.stdout.on('error', () => controller.abort())
  return { asked, signal: controller.signal }
}
