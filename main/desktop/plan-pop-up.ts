import type { DeskState } from './desk-state.ts'

export interface PopUpSetting {
  readonly on: boolean
  readonly quiet: boolean
  /** The screen is locked, or nobody has signed in to the machine's session. */
  readonly locked: boolean
  /** A person is looking at our own main window: the card is before their eyes already. */
  readonly mainFocused: boolean
}

/** What the pop-up should do. `show` comes without the keyboard's focus. */
export type PopUpStep = { readonly step: 'show'; readonly id: number } | { readonly step: 'hide' } | { readonly step: 'stay' }

/**
 * `showing` is the request in the pop-up, or undefined while it is hidden; `known` those that it has offered before. It comes up once for a request. It is never
 * moved on to another one under the pointer: when the one that it shows was decided by someone else, the card itself says so.
 */
export function planPopUp(showing: number | undefined, known: ReadonlySet<number>, state: DeskState, setting: PopUpSetting): PopUpStep {
  if (state.link !== 'live') return { step: 'stay' }
  if (!setting.on || setting.quiet || setting.locked || setting.mainFocused || showing !== undefined) return { step: 'stay' }
  const next = state.held.find(({ id }) => !known.has(id))
  return next === undefined ? { step: 'stay' } : { step: 'show', id: next.id }
}
