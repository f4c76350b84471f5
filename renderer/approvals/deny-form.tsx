import { useEffect, useRef, useState } from 'react'
import type { Approval } from '../../main/contract/index.ts'
import { Button } from '../ui/parts/button.tsx'
import { useKeys } from '../ui/use-keys.ts'
import { agentErrorOf } from './agent-error.ts'
import { suggestionsFor } from './suggestions.ts'

interface Props {
  readonly approval: Approval
  /** The reader's name: the agent is told who denied. */
  readonly by: string
  readonly takes: boolean
  readonly sending: boolean
  readonly back: () => void
  readonly deny: (reason: string) => void
}

/** What should the agent do instead? Beside it, the very error that it will read. */
export function DenyForm({ approval, by, takes, sending, back, deny }: Props) {
  const [words, setWords] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  const suggestions = suggestionsFor(approval)
  const error = agentErrorOf(by, words.trim(), approval.id)
  useEffect(() => field.current?.focus(), [])
  const take = (suggestion: string) => {
    setWords(suggestion)
    field.current?.focus()
  }
  useKeys({
    Escape: back,
    ...Object.fromEntries(suggestions.map((suggestion, index) => [String(index + 1), () => take(suggestion)])),
  })
  return (
    <form
      className="deny-form"
      aria-label={`Deny approval ${approval.id}`}
      onSubmit={(event) => {
        event.preventDefault()
        deny(words)
      }}
    >
      <div className="deny-ask">
        <div>
          <h3 id="deny-question">What should the agent do instead?</h3>
          <p className="meta third">It reads your words and goes on from them.</p>
        </div>
        <ul className="suggestions" aria-label="Suggestions">
          {suggestions.map((suggestion, index) => (
            <li key={suggestion}>
              <button type="button" className={words === suggestion ? 'taken' : ''} onClick={() => take(suggestion)}>
                <span className="cap" aria-hidden="true">
                  {index + 1}
                </span>
                {suggestion}
              </button>
            </li>
          ))}
        </ul>
        <textarea
          ref={field}
          rows={2}
          maxLength={2000}
          aria-labelledby="deny-question"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              event.stopPropagation()
              back()
            }
            // The field is for words, so Enter sends only with Ctrl or ⌘; the button and Enter on it do the rest.
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) deny(words)
            if (words === '' && /^[1-9]$/.test(event.key)) {
              const suggestion = suggestions[Number(event.key) - 1]
              if (!suggestion) return
              event.preventDefault()
              setWords(suggestion)
            }
          }}
        />
      </div>
      <div className="deny-see">
        <div className="meta third">The agent will see</div>
        <pre className="agent-error">
          <span className="in-deny">
            {'ERROR:  '}
            {error.message}
          </span>
          {`\nDETAIL:  ${error.detail}\nHINT:  ${error.hint}`}
        </pre>
      </div>
      <div className="deny-acts">
        <Button keyCap="Esc" onClick={back}>
          Back
        </Button>
        <span className="fill" />
        <Button type="submit" look="deny-soft" disabled={!takes}>
          {sending ? 'Denying…' : words.trim() === '' ? 'Deny without a reason' : 'Deny with this reason'}
        </Button>
      </div>
    </form>
  )
}
