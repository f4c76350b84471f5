import { Notification } from 'electron'
import type { Sound } from '../../contract/desktop.ts'
import type { Notice } from '../plan-notices.ts'

export interface NoticeEvents {
  readonly onOpen: (approval: number | undefined) => void
  readonly onDecide: (id: number, revision: number, decision: 'approve' | 'deny') => void
  readonly onClosed: (key: string) => void
}

const DECISIONS = ['approve', 'deny'] as const

/** Native notifications, one for each key. Do-not-disturb and focus modes are the system's own: it holds them back. */
export class Notices {
  readonly #events: NoticeEvents
  readonly #platform: string
  readonly #standing = new Map<string, Notification>()

  constructor(platform: string, events: NoticeEvents) {
    this.#platform = platform
    this.#events = events
  }

  show(notice: Notice, sound: Sound): void {
    if (!Notification.isSupported()) return
    const { key, title, body, approval, decides } = notice
    this.close(key)
    const notification = new Notification({
      id: key,
      groupId: 'approvals',
      groupTitle: 'Sallyport',
      title,
      body,
      silent: sound === 'none',
      timeoutType: 'never',
      ...(this.#platform === 'darwin' && sound !== 'none' && sound !== 'system' ? { sound } : {}),
      ...(decides === undefined
        ? {}
        : { actions: [{ type: 'button', text: 'Approve' } as const, { type: 'button', text: 'Deny' } as const] }),
    })
    notification.on('click', () => this.#events.onOpen(approval))
    notification.on('action', ({ actionIndex }) => {
      const decision = DECISIONS[actionIndex]
      if (decides !== undefined && decision !== undefined) this.#events.onDecide(decides.id, decides.revision, decision)
    })
    notification.on('close', () => {
      if (this.#standing.get(key) !== notification) return
      this.#standing.delete(key)
      this.#events.onClosed(key)
    })
    // Held here, or it is collected, and its click with it.
    this.#standing.set(key, notification)
    notification.show()
  }

  close(key: string): void {
    const notification = this.#standing.get(key)
    this.#standing.delete(key)
    notification?.close()
  }
}
