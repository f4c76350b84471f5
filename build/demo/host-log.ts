import { createWriteStream } from 'node:fs'
import type { Log } from '../../proxy/ports.ts'

export interface FileLog extends Log {
  close(): Promise<void>
}

/** The host's log, one JSON object a line, in a file: the terminal belongs to the person. */
export function openFileLog(file: string): FileLog {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
  const write = (level: string) => (event: string, fields?: Record<string, unknown>) => {
    stream.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`)
  }
  return {
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  }
}
