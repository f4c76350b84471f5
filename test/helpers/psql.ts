/** psql from the PATH, as people use it. */
import { execFile, execFileSync } from 'node:child_process'

export interface PsqlResult {
  readonly out: string
  readonly err: string
  /** 0 well; 1 its own failure; 2 connection lost; 3 a statement failed with ON_ERROR_STOP. */
  readonly code: number
}

let found: boolean | undefined

/** For `describe.skipIf`. */
export function hasPsql(): boolean {
  if (found === undefined) {
    try {
      execFileSync('psql', ['--version'], { stdio: 'ignore' })
      found = true
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
      found = false
      process.stderr.write('psql is not on the PATH: the tests that drive it are skipped\n')
    }
  }
  return found
}

/** Runs psql without its start-up file; never asks for a password. */
export async function psql(url: string, args: readonly string[], input?: string): Promise<PsqlResult> {
  return new Promise((resolve) => {
    const env = { ...process.env, PGSSLMODE: 'prefer', PGCONNECT_TIMEOUT: '10', PSQL_HISTORY: '/dev/null', PAGER: '' }
    const child = execFile('psql', ['-X', '-w', url, ...args], { env, timeout: 60_000, maxBuffer: 64 << 20 }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ out, err, code })
    })
    child.stdin?.end(input ?? '')
  })
}
