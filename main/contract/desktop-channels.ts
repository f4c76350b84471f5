import type { DesktopCalls } from './desktop.ts'

export type DesktopAnswer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string }

/** The IPC channel of all calls, and that of the app's news for a page (`DesktopAbout`). */
export const DESKTOP_CHANNEL = 'sallyport'
export const DESKTOP_NEWS_CHANNEL = 'sallyport-news'

/** `window.sallyportDesktop`: present only in the desktop app. */
export interface DesktopBridge {
  ask(call: keyof DesktopCalls, body: unknown): Promise<DesktopAnswer>
  /** Returns what stops listening. */
  onNews(listener: (about: unknown) => void): () => void
}

/** `sallyport://approvals/42`. */
export const DEEP_LINK_SCHEME = 'sallyport'
