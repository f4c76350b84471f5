import type { ReactNode } from 'react'
import { Warn } from '../icons.tsx'

/** What stands out of a warning, without its full stop: for a badge. */
export const firstSentence = (text: string) => (text.split(/(?<=[.:]) /)[0] ?? text).replace(/[.:]$/, '')

/** What is wrong here, above everything else; its first sentence stands out. */
export function WarningStrip({ text, bad = false, children }: { text: string; bad?: boolean; children?: ReactNode }) {
  const end = /[.:] /.exec(text)?.index
  const first = end === undefined ? text : text.slice(0, end + 1)
  return (
    <div className={bad ? 'warning bad' : 'warning'} role="alert">
      <Warn />
      <div>
        <b>{first}</b>
        {text.slice(first.length)}
      </div>
      {children ? <span className="warning-more">{children}</span> : null}
    </div>
  )
}
