import { residentMiB } from '../bench/cpu.ts'

/** The parser's compiled code takes a few seconds, and some hundred MiB for as long, once after the start. */
const SETTLED_MS = 3_000
const SETTLES_WITHIN_MS = 60_000

/** Until the resident memory has moved by less than 2 MiB for a while. */
export async function settle(pid: number): Promise<void> {
  let steady = Date.now()
  let seen = residentMiB(pid) ?? 0
  for (const deadline = steady + SETTLES_WITHIN_MS; Date.now() < deadline && Date.now() - steady < SETTLED_MS; ) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    const now = residentMiB(pid) ?? 0
    if (Math.abs(now - seen) < 2) continue
    seen = now
    steady = Date.now()
  }
}
