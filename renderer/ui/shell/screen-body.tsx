import type { ReactNode } from 'react'

// It scrolls and may hold nothing that takes the focus, so the keyboard must reach it.
const reachable = { tabIndex: 0 }

/** The part of a screen that scrolls. */
export function ScreenBody({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <div className={className ? `screen-body ${className}` : 'screen-body'} {...reachable}>
      {children}
    </div>
  )
}
