import type { ReactNode } from 'react'
import { CallFailed } from '../../api/call.ts'
import { CloudOff, Mark } from '../icons.tsx'
import { Button } from './button.tsx'

/** Nothing to show, and why. `whole`: it is all there is on the page, so its title is the page's. */
export function Empty({ title, children, action, whole }: { title: string; children?: ReactNode; action?: ReactNode; whole?: boolean }) {
  const Title = whole ? 'h1' : 'h2'
  return (
    <div className="state">
      <span className="state-mark">
        <Mark size={36} />
      </span>
      <Title className="state-title">{title}</Title>
      {children ? <p>{children}</p> : null}
      {action}
    </div>
  )
}

/** It could not be read: what failed, in its own place, with a way on. */
export function Failing({ what, error, retry, whole }: { what: string; error: unknown; retry: () => void; whole?: boolean }) {
  const Title = whole ? 'h1' : 'h2'
  return (
    <div className="state" role="alert">
      <span className="third">
        <CloudOff size={28} />
      </span>
      <Title className="state-title">{what} could not be read</Title>
      <p>{wordsOf(error)}</p>
      <Button small onClick={retry}>
        Try again
      </Button>
    </div>
  )
}

/** A failure as a person reads it. */
export function wordsOf(error: unknown): string {
  if (error instanceof CallFailed || (error instanceof Error && error.name === 'PasskeyFailed')) return error.message
  return 'Something in this page went wrong. Reload it; if it happens again, tell your administrator.'
}

/** The shape of what is coming: appears after 150 ms, takes the same room. */
export function Bone({ width = '100%', height = 14, round = false }: { width?: number | string; height?: number; round?: boolean }) {
  return <span className="bone" style={{ width, height, borderRadius: round ? height : 4 }} />
}
