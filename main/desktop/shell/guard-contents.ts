import { app, type WebContents } from 'electron'
import { judgeNavigation } from '../judge-navigation.ts'

export interface ContentsGuard {
  readonly origin: () => string | undefined
  readonly onSignIn: (request: { provider: string | undefined; back: string; fresh: boolean }) => void
  /** A link of a page that wanted a window of its own. */
  readonly onOpen: (path: string) => void
  readonly onGone: (contents: WebContents, reason: string) => void
}

/** Every page that ever comes to be in this app, by whatever way, is held to the same rules. */
export function guardContents(guard: ContentsGuard): void {
  app.on('web-contents-created', (_event, contents) => {
    const hold = (event: { preventDefault(): void }, url: string, isMainFrame: boolean): void => {
      const to = judgeNavigation(url, guard.origin())
      if (to.go === 'here' && isMainFrame) return
      event.preventDefault()
      if (to.go === 'sign-in' && isMainFrame) guard.onSignIn(to)
    }
    contents.on('will-navigate', (details) => hold(details, details.url, details.isMainFrame))
    contents.on('will-frame-navigate', (details) => {
      if (!details.isMainFrame) hold(details, details.url, false)
    })
    contents.on('will-redirect', (details) => hold(details, details.url, details.isMainFrame))
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      const to = judgeNavigation(url, guard.origin())
      if (to.go === 'here') guard.onOpen(pathOf(url))
      else if (to.go === 'sign-in') guard.onSignIn(to)
      return { action: 'deny' }
    })
    contents.on('render-process-gone', (_gone, { reason }) => {
      if (reason !== 'clean-exit') guard.onGone(contents, reason)
    })
  })
}

function pathOf(url: string): string {
  const { pathname, search, hash } = new URL(url)
  return `${pathname}${search}${hash}`
}
