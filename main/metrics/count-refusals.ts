import type { Log } from '../../proxy/ports.ts'

/** The same log, which also tells of each log-in that the gateway refused, by its stable code. */
export function countRefusals(log: Log, refused: (code: string) => void): Log {
  return {
    info: (event, fields) => log.info(event, fields),
    error: (event, fields) => log.error(event, fields),
    warn: (event, fields) => {
      const code: unknown = fields?.['code']
      if (event === 'login.refused' && typeof code === 'string') refused(code)
      log.warn(event, fields)
    },
  }
}
