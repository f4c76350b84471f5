import type { Agents } from '../agents/create-agents.ts'
import type { HostHealth } from '../api/host-health.ts'
import type { ApprovalDesk } from '../approvals/create-approvals.ts'
import { askedText, decidedText, describeApproval, expiredText } from './approval-notice.ts'
import type { Notify } from './start-notify.ts'

export interface OutsideSources {
  readonly notify: Pick<Notify, 'tell'>
  readonly approvals: Pick<ApprovalDesk, 'onAsked' | 'onChange' | 'read'>
  readonly agents: Pick<Agents, 'onChange' | 'pausedAll'>
  readonly health: () => HostHealth
  /** What happened to the record itself: files removed, a database made anew. */
  readonly incidents: () => readonly string[]
}

const LOOK_MS = 2000
const REMEMBERED = 10_000
/** A trouble that went away and came back within this time is still the same. */
const SAME_MS = 600_000

/** Turns what happens in the host into notices. Returns what stops it. */
export function tellOutside(sources: OutsideSources, now: () => number): () => void {
  tellApprovals(sources)
  tellPauses(sources)
  const lookAtHealth = healthTeller(sources, now)
  const timer = setInterval(lookAtHealth, LOOK_MS)
  timer.unref()
  return () => clearInterval(timer)
}

function tellApprovals({ notify, approvals }: OutsideSources): void {
  const told = new Map<number, 'decided' | 'expired'>()
  approvals.onAsked((row) => {
    // Let pass by a standing approval: nobody has to do anything.
    if (row.state !== 'pending') return
    const notice = describeApproval(row)
    notify.tell('approval-asked', askedText(notice), `/approvals/${row.id}`, notice)
  })
  approvals.onChange((id) => {
    const row = approvals.read(id)
    if (row === undefined) return
    const decided = row.state === 'approved' || row.state === 'denied'
    const expired = row.state === 'expired' && row.decided_at === null
    const what = decided ? 'decided' : expired ? 'expired' : undefined
    if (what === undefined || told.get(id) === what || row.standing !== null) return
    if (told.size >= REMEMBERED) told.clear()
    told.set(id, what)
    const notice = describeApproval(row)
    const text = decided ? decidedText(notice) : expiredText(notice)
    notify.tell(decided ? 'approval-decided' : 'approval-expired', text, `/approvals/${id}`, notice)
  })
}

function tellPauses({ notify, agents }: OutsideSources): void {
  let paused = agents.pausedAll() !== undefined
  agents.onChange(() => {
    const pause = agents.pausedAll()
    if ((pause !== undefined) === paused) return
    paused = pause !== undefined
    if (pause === undefined) notify.tell('agents-resumed', 'Agents may go on.', '/agents')
    else notify.tell('agents-paused', `All agents were paused by ${pause.by.name}.`, '/agents')
  })
}

function healthTeller({ notify, health, incidents }: OutsideSources, now: () => number): () => void {
  const told = new Map<string, number>()
  return () => {
    const broken = new Set(incidents())
    for (const sentence of health().detail.trouble) {
      // Numbers in it go up and down; the trouble is the same. Of notifications that do not arrive none can be told.
      if (sentence.startsWith('Notifications for ') || / notifications? for /i.test(sentence)) continue
      const key = sentence.replaceAll(/\d+/g, '#')
      const before = told.get(key)
      told.set(key, now())
      if (before !== undefined && now() - before < SAME_MS) continue
      notify.tell(broken.has(sentence) ? 'chain-broken' : 'host-trouble', sentence, '/')
    }
    for (const [key, at] of told) if (now() - at >= SAME_MS) told.delete(key)
  }
}
