import type { Log } from '../../proxy/ports.ts'
import type { Shell } from './shell-port.ts'

/** The host's log, with one exception for whoever sits at this computer: its set-up code, which a headless host puts on its console, is shown and can be copied. */
export function hearSetUpCode(log: Log, shell: Pick<Shell, 'ask' | 'copy'>): Log {
  return {
    ...log,
    warn(event, fields) {
      const code = fields?.['code']
      if (event !== 'set-up.code' || typeof code !== 'string') return log.warn(event, fields)
      const detail = `Sign in with this code, once, within a day; then configure a provider and the role of admin.\n\n${code}`
      shell.ask({ title: 'Nobody can be an admin yet', detail, yes: 'Copy the code', no: 'Close' }).then(
        (copy) => copy && shell.copy(code),
        () => log.warn(event, fields),
      )
    },
  }
}
