import type { AuditEvent } from './audit-event.ts'

/** Severities of RFC 5424 section 6.2.1. */
const NOTICE = 5
const WARNING = 4
const INFORMATIONAL = 6

/**
 * One event as a syslog message (RFC 5424: version 1, MSG is JSON in UTF-8) behind its length and a space (octet counting, RFC 5425 section 4.3
 * and RFC 6587 section 3.4.1).
 */
export function syslogFrame(event: AuditEvent, facility: number, host: string, pid: number): Buffer {
  const priority = facility * 8 + severityOf(event)
  const header = `<${priority}>1 ${String(event['time'])} ${printable(host, 255)} sallyport ${pid} ${printable(String(event['event']), 32)} - `
  // Section 6.4: a message in UTF-8 begins with the byte order mark.
  const message = Buffer.from(`${header}\ufeff${JSON.stringify(event)}`)
  return Buffer.concat([Buffer.from(`${message.length} `), message])
}

function severityOf(event: AuditEvent): number {
  if (event['event'] === 'verdict' && event['effect'] === 'deny') return WARNING
  if (event['event'] === 'asked' || event['event'] === 'answered' || event['event'] === 'note') return NOTICE
  return INFORMATIONAL
}

/** PRINTUSASCII of the RFC's grammar, or its NILVALUE. */
function printable(text: string, most: number): string {
  const clean = text.replace(/[^\x21-\x7e]/g, '').slice(0, most)
  return clean === '' ? '-' : clean
}
