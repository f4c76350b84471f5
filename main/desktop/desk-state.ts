import type { DesktopLink } from '../contract/desktop.ts'
import type { Approval, Me } from '../contract/index.ts'

/** One statement that waits for this person, as far as tray and notifications tell of it. Nothing here holds a value or the agent's words. */
export interface Held {
  readonly id: number
  readonly revision: number
  /** Made by the host: verb, count, table, what. */
  readonly sentence: string
  /** "Maya Lindqvist with Cursor on shop". */
  readonly asks: string
  /** The client waits until then, in milliseconds since the epoch. */
  readonly waitUntil: number
  /** May be decided without opening the card: no warning, no passkey, and the sign-in is recent enough. */
  readonly quick: boolean
}

/** All that the tray, the notifications and the windows are made from. */
export interface DeskState {
  readonly mode: 'unset' | 'host' | 'desk'
  readonly link: DesktopLink
  /** The host's name for people: `sallyport.corp`, or "this computer". */
  readonly host: string
  readonly held: readonly Held[]
  /** The host's own count, where it is this process and nobody has signed in. */
  readonly pendingHere: number
  readonly paused: boolean
  /** Whether this person may pause. */
  readonly mayPause: boolean
  /** Sentences, worst first. */
  readonly trouble: readonly string[]
  /** Agents that are connected, as the host counts sessions; undefined where it does not say. */
  readonly liveSessions: number | undefined
  readonly quietUntil: number | null
  readonly startAtLogin: boolean
}

export const idleDesk: DeskState = {
  mode: 'unset',
  link: 'none',
  host: '',
  held: [],
  pendingHere: 0,
  paused: false,
  mayPause: false,
  trouble: [],
  liveSessions: undefined,
  quietUntil: null,
  startAtLogin: false,
}

/** The statements that wait for this person, oldest first: pending, with a client behind them, and decidable but for an old sign-in at most. */
export function heldFor(approvals: Iterable<Approval>, me: Me, now: number): Held[] {
  const held: Held[] = []
  for (const approval of approvals) {
    if (approval.state !== 'pending' || now >= approval.openUntil) continue
    if (!approval.mayDecide && !couldDecide(approval, me)) continue
    held.push({
      id: approval.id,
      revision: approval.revision,
      sentence: approval.sentence,
      asks: whoAsks(approval),
      waitUntil: approval.waitUntil,
      quick: isQuick(approval, me, now),
    })
  }
  return held.sort((a, b) => a.id - b.id)
}

/** A recent sign-in is all that is missing. The host decides who may; this only says whom to tell. */
function couldDecide(approval: Approval, me: Me): boolean {
  const own = approval.requester.issuer === me.issuer && approval.requester.subject === me.subject
  const role = me.roles.includes('approver') || me.roles.includes('admin')
  return !own && role && (approval.approvers.length === 0 || approval.approvers.some((group) => me.groups.includes(group)))
}

function isQuick(approval: Approval, me: Me, now: number): boolean {
  const recent = me.decideUntil !== null && now < me.decideUntil
  return approval.mayDecide && recent && approval.waiting && now < approval.waitUntil && approval.warnings.length === 0 && !approval.passkey
}

function whoAsks({ requester, client, connection }: Approval): string {
  const name = requester.name.slice(0, 60)
  return `${name}${client === null ? '' : ` with ${client.slice(0, 40)}`} on ${connection}`
}
