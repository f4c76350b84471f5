import type { DeskState, Held } from './desk-state.ts'

export type TrayIcon = 'idle' | 'pending' | 'paused' | 'trouble'

/** What a click in the menu asks for. */
export type TrayAct =
  | { readonly act: 'open' }
  | { readonly act: 'show-approval'; readonly id: number }
  | { readonly act: 'pause'; readonly paused: boolean }
  | { readonly act: 'quiet'; readonly minutes: number | null }
  | { readonly act: 'sign-in' }
  | { readonly act: 'copy-snippet' }
  | { readonly act: 'connect-page' }
  | { readonly act: 'start-at-login'; readonly on: boolean }
  | { readonly act: 'settings' }
  | { readonly act: 'about' }
  | { readonly act: 'retry' }
  | { readonly act: 'quit' }

export type TrayEntry =
  | { readonly kind: 'line' }
  /** Words that cannot be clicked. */
  | { readonly kind: 'words'; readonly label: string }
  | { readonly kind: 'item'; readonly label: string; readonly does: TrayAct; readonly checked?: boolean }
  | { readonly kind: 'menu'; readonly label: string; readonly entries: readonly TrayEntry[] }

export interface TrayView {
  readonly icon: TrayIcon
  readonly tooltip: string
  /** Beside the icon; macOS only. */
  readonly title: string
  readonly entries: readonly TrayEntry[]
}

const LISTED = 8
const LONGEST = 64

/** The tray as it should look. Worst wins: trouble, paused, pending, idle. `now`: milliseconds since the epoch. */
export function describeTray(state: DeskState, now: number): TrayView {
  const pending = countPending(state)
  const icon = iconOf(state, pending)
  return {
    icon,
    tooltip: tooltipOf(state, icon, pending),
    title: pending > 0 && icon !== 'trouble' ? String(pending) : '',
    entries: [...headOf(state, pending), ...waiting(state), ...actsOf(state, now), ...tailOf(state)],
  }
}

function iconOf(state: DeskState, pending: number): TrayIcon {
  if (state.trouble.length > 0 || state.link === 'lost' || state.link === 'failed') return 'trouble'
  if (state.paused) return 'paused'
  return pending > 0 ? 'pending' : 'idle'
}

function countPending(state: DeskState): number {
  return state.link === 'live' ? state.held.length : state.pendingHere
}

const statements = (count: number): string => (count === 1 ? '1 statement waits' : `${count} statements wait`)

function tooltipOf(state: DeskState, icon: TrayIcon, pending: number): string {
  if (icon === 'trouble') return `Sallyport: ${troubleOf(state)}`
  if (icon === 'paused')
    return pending > 0 ? `Sallyport: agents are paused, ${statements(pending)} for you` : 'Sallyport: agents are paused'
  if (icon === 'pending') return `Sallyport: ${statements(pending)} for you`
  if (state.link === 'signed-out') return 'Sallyport: you are not signed in'
  return state.mode === 'unset' ? 'Sallyport: not set up yet' : 'Sallyport: nothing waits'
}

function troubleOf(state: DeskState): string {
  if (state.trouble[0] !== undefined) return state.trouble[0]
  return state.link === 'failed' ? 'the host could not be started' : `${state.host} does not answer`
}

/** The first line says how it stands. */
function headOf(state: DeskState, pending: number): TrayEntry[] {
  if (state.mode === 'unset') return [{ kind: 'words', label: 'Sallyport is not set up yet' }]
  const troubled = iconOf(state, pending) === 'trouble'
  if (troubled) return [{ kind: 'words', label: cut(capital(troubleOf(state))) }]
  if (state.link === 'signed-out' && pending > 0) return [{ kind: 'words', label: `${capital(statements(pending))}. Sign in to see.` }]
  if (state.link === 'signed-out') return [{ kind: 'words', label: 'You are not signed in' }]
  if (state.link === 'starting') return [{ kind: 'words', label: 'Starting…' }]
  const words = pending === 0 ? 'Nothing waits' : `${capital(statements(pending))} for you`
  return [{ kind: 'words', label: state.paused ? `Agents are paused. ${words}` : words }]
}

function waiting(state: DeskState): TrayEntry[] {
  if (state.link !== 'live') return []
  const items: TrayEntry[] = state.held.slice(0, LISTED).map((held) => entryOf(held))
  const more = state.held.length - items.length
  if (more > 0) items.push({ kind: 'item', label: `${more} more…`, does: { act: 'open' } })
  return items
}

function entryOf({ id, sentence }: Held): TrayEntry {
  return { kind: 'item', label: cut(sentence), does: { act: 'show-approval', id } }
}

function actsOf(state: DeskState, now: number): TrayEntry[] {
  const entries: TrayEntry[] = [{ kind: 'line' }]
  if (state.mode === 'unset') return [...entries, { kind: 'item', label: 'Set up…', does: { act: 'open' } }]
  entries.push({ kind: 'item', label: 'Open Sallyport', does: { act: 'open' } })
  if (state.link === 'signed-out') entries.push({ kind: 'item', label: 'Sign in…', does: { act: 'sign-in' } })
  if (state.link === 'lost' || state.link === 'failed') entries.push({ kind: 'item', label: 'Try again', does: { act: 'retry' } })
  if (state.link === 'live' && state.mayPause) {
    entries.push(
      state.paused
        ? { kind: 'item', label: 'Let agents go on', does: { act: 'pause', paused: false } }
        : { kind: 'item', label: 'Pause all agents…', does: { act: 'pause', paused: true } },
    )
  }
  if (state.link === 'live') {
    const connect: TrayEntry[] = [
      { kind: 'item', label: 'Copy a command for psql', does: { act: 'copy-snippet' } },
      { kind: 'item', label: 'Other programs…', does: { act: 'connect-page' } },
    ]
    entries.push({ kind: 'menu', label: 'Connect an agent', entries: connect })
  }
  entries.push(quietOf(state, now))
  return entries
}

function quietOf({ quietUntil }: DeskState, now: number): TrayEntry {
  if (quietUntil !== null && now < quietUntil)
    return { kind: 'item', label: 'Do not disturb', checked: true, does: { act: 'quiet', minutes: null } }
  const entries: TrayEntry[] = [
    { kind: 'item', label: 'For 30 minutes', does: { act: 'quiet', minutes: 30 } },
    { kind: 'item', label: 'For 2 hours', does: { act: 'quiet', minutes: 120 } },
    { kind: 'item', label: 'For 8 hours', does: { act: 'quiet', minutes: 480 } },
  ]
  return { kind: 'menu', label: 'Do not disturb', entries }
}

function tailOf(state: DeskState): TrayEntry[] {
  return [
    { kind: 'line' },
    { kind: 'item', label: 'Start at login', checked: state.startAtLogin, does: { act: 'start-at-login', on: !state.startAtLogin } },
    { kind: 'item', label: 'Settings…', does: { act: 'settings' } },
    { kind: 'item', label: 'About Sallyport', does: { act: 'about' } },
    { kind: 'line' },
    { kind: 'item', label: 'Quit', does: { act: 'quit' } },
  ]
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** A menu's line: one line, no accelerator marks, cut at a word. */
export function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('&', '&&').trim()
  if (line.length <= LONGEST) return line
  const head = line.slice(0, LONGEST - 1)
  const space = head.lastIndexOf(' ')
  return `${head.slice(0, space > LONGEST / 2 ? space : undefined).replace(/[,;:.]$/, '')}…`
}
