import { connectSnippet } from './connect-snippet.ts'
import type { TrayAct } from './describe-tray.ts'
import type { Desk } from './desk.ts'

/** Does what was clicked in the tray's menu. Rejects with a sentence for the person. `quit` and `about` are for the caller to see to. */
export async function doTrayAct(desk: Desk, does: TrayAct, now: number, quit: () => void): Promise<void> {
  const { shell } = desk
  switch (does.act) {
    case 'open':
      return shell.showMain(desk.home())
    case 'show-approval':
      return desk.showCard(does.id)
    case 'pause':
      return pause(desk, does.paused)
    case 'quiet': {
      const quietUntil = does.minutes === null ? null : now + does.minutes * 60_000
      desk.change({ alerts: { ...desk.settings.alerts, quietUntil } })
      return
    }
    case 'sign-in':
      return desk.signIn({}, '/')
    case 'copy-snippet':
      return copySnippet(desk)
    case 'connect-page':
      return shell.showMain({ kind: 'host', path: '/connect' })
    case 'start-at-login':
      desk.change({ startAtLogin: does.on })
      return
    case 'settings':
      return shell.showOwn('settings')
    case 'about':
      return shell.showOwn('about')
    case 'retry':
      return desk.retry()
    case 'quit':
      return quit()
  }
}

async function pause(desk: Desk, paused: boolean): Promise<void> {
  if (paused) {
    const live = desk.state().liveSessions
    const ends =
      live === undefined || live === 0 ? 'Open connections end' : live === 1 ? '1 open connection ends' : `${live} open connections end`
    const detail = `${ends}, new ones are refused, and requests that wait are withdrawn, until an admin lets agents go on.`
    if (!(await desk.shell.ask({ title: 'Pause all agents?', detail, yes: 'Pause all agents', no: 'Cancel' }))) return
  }
  await desk.link?.setPaused(paused)
}

async function copySnippet(desk: Desk): Promise<void> {
  if (desk.link === undefined) return
  const { proxy, items } = await desk.link.connections()
  const first = items[0]
  if (first === undefined) throw new Error('There is no connection yet. An admin makes one under Connections.')
  desk.shell.copy(connectSnippet(proxy, first.name))
}
