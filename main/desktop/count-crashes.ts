const WINDOW_MS = 60_000
const MOST = 3

/** Whether a page that crashed may be loaded again: three times a minute at most, so that a page that always crashes does not spin. */
export function createCrashCounter(now: () => number): () => boolean {
  let at: number[] = []
  return () => {
    const moment = now()
    at = [...at.filter((time) => moment - time < WINDOW_MS), moment]
    return at.length <= MOST
  }
}
