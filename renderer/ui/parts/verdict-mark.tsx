import type { ReactNode } from 'react'

/** How a statement ended, or stands. Shape says who decided, glyph and colour say how. */
export type Outcome = 'allowed' | 'held' | 'approved' | 'denied-by-person' | 'denied' | 'lapsed' | 'masked' | 'failed'

const DIAMOND = 'M7 1.2a1.4 1.4 0 0 1 2 0L14.8 7a1.4 1.4 0 0 1 0 2L9 14.8a1.4 1.4 0 0 1-2 0L1.2 9a1.4 1.4 0 0 1 0-2z'
const THIN = 'M7.2 1.7a1.1 1.1 0 0 1 1.6 0L14.3 7.2a1.1 1.1 0 0 1 0 1.6L8.8 14.3a1.1 1.1 0 0 1-1.6 0L1.7 8.8a1.1 1.1 0 0 1 0-1.6z'
const OCTAGON = 'M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2z'

const glyph = (d: string, width = 1.7) => (
  <path d={d} fill="none" stroke="var(--sp-surface)" strokeWidth={width} strokeLinecap="round" strokeLinejoin="round" />
)

const marks: Record<Outcome, { readonly tone: string; readonly word: string; readonly draw: ReactNode }> = {
  allowed: {
    tone: 'allow',
    word: 'Allowed',
    draw: (
      <>
        <circle cx="8" cy="8" r="6.3" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M5.2 8.2l2 2 3.6-4.2" fill="none" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" />
      </>
    ),
  },
  held: { tone: 'ask', word: 'Held, waiting for a person', draw: filled(DIAMOND, glyph('M8 4.8V8.3l2.2 1.5', 1.6)) },
  approved: { tone: 'allow', word: 'Approved by a person', draw: filled(DIAMOND, glyph('M5.3 8.2l1.9 1.9 3.5-4')) },
  'denied-by-person': { tone: 'deny', word: 'Denied by a person', draw: filled(DIAMOND, glyph('M5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2')) },
  denied: { tone: 'deny', word: 'Denied by a rule', draw: filled(OCTAGON, glyph('M4.8 8h6.4', 2)) },
  lapsed: {
    tone: 'off',
    word: 'Expired or withdrawn',
    draw: (
      <>
        <path d={THIN} fill="none" stroke="currentColor" strokeWidth="1.4" strokeDasharray="2.2 1.8" />
        <path d="M5.5 8h5" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
      </>
    ),
  },
  masked: {
    tone: 'mask',
    word: 'Masked',
    draw: (
      <>
        <rect x="1.5" y="1.5" width="13" height="13" rx="3" fill="currentColor" />
        <g fill="var(--sp-surface)">
          <circle cx="4.9" cy="8" r="1.2" />
          <circle cx="8" cy="8" r="1.2" />
          <circle cx="11.1" cy="8" r="1.2" />
        </g>
      </>
    ),
  },
  failed: {
    tone: 'off',
    word: 'Allowed, failed in the database',
    draw: (
      <>
        <circle cx="8" cy="8" r="6.3" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M8 4.6v4.2M8 11.2v.1" fill="none" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" />
      </>
    ),
  },
}

function filled(path: string, over: ReactNode) {
  return (
    <>
      <path d={path} fill="currentColor" stroke={path === OCTAGON ? 'currentColor' : 'none'} strokeWidth=".8" strokeLinejoin="round" />
      {over}
    </>
  )
}

/** `quiet` leaves the name out, where the word stands beside it. */
export function VerdictMark({ outcome, size = 16, quiet = false }: { outcome: Outcome; size?: number; quiet?: boolean }) {
  const { tone, word, draw } = marks[outcome]
  return (
    <svg className={`verdict tone-${tone}`} width={size} height={size} viewBox="0 0 16 16" role="img" aria-label={word} aria-hidden={quiet}>
      {draw}
    </svg>
  )
}
