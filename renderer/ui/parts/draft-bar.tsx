import { useBlocker } from '@tanstack/react-router'
import { nounWords } from '../words.ts'
import { Button } from './button.tsx'
import './review-change.css'

/** Says that there is a draft, and what can be done with it. Leaving the page with one asks first. `path`: within it nothing is left. */
export function DraftBar({ changes, path, discard, review }: { changes: number; path: string; discard: () => void; review: () => void }) {
  useBlocker({
    shouldBlockFn: ({ next }) => next.pathname !== path && !window.confirm('Leave, and lose the draft? Nothing of it is in force.'),
    enableBeforeUnload: changes > 0,
    disabled: changes === 0,
  })
  if (changes === 0) return null
  return (
    <section className="draft-bar" aria-label="Draft">
      <span className="medium" role="status">
        {nounWords(changes, 'change')} in the draft
      </span>
      <span className="third">Nothing of it is in force</span>
      <span className="fill" />
      <Button small look="ghost" onClick={discard}>
        Discard
      </Button>
      <Button small look="solid" onClick={review}>
        Review and save…
      </Button>
    </section>
  )
}
