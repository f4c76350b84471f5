import type { ReactNode, Ref } from 'react'

// It scrolls and may hold nothing that takes the focus, so the keyboard must reach it.
const reachable = { tabIndex: 0 }

/** The part of a screen that scrolls. */
export function ScreenBody({ className, children, ref }: { className?: string; children: ReactNode; ref?: Ref<HTMLDivElement> }) {
  return (
    <div ref={ref} className={className ? `screen-body ${className}` : 'screen-body'} {...reachable}>
      {children}
    </div>
  )
}
