import pino from 'pino'
import type { Log } from '../../proxy/ports.ts'

export interface JsonLog extends Log {
  /** Writes what is still in memory. */
  flush(): void
}

/** One JSON object a line on standard error: `time`, `level`, `event`, and the event's fields. */
export function createJsonLog(): JsonLog {
  const destination = pino.destination({ fd: 2, sync: false })
  const logger = pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'event',
      formatters: { level: (level) => ({ level }) },
    },
    destination,
  )
  return {
    info: (event, fields = {}) => logger.info(fields, event),
    warn: (event, fields = {}) => logger.warn(fields, event),
    error: (event, fields = {}) => logger.error(fields, event),
    flush: () => destination.flushSync(),
  }
}
