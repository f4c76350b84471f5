import { useState } from 'react'
import { Copy, Terminal } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'

/** A text to copy, with where it goes. */
export function CodeBlock({ place, text }: { place: string; text: string }) {
  const [copied, setCopied] = useState('')
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied('Copied'),
      () => setCopied('Select the text and copy it'),
    )
  return (
    <div className="code">
      <div className="code-head">
        <Terminal />
        <span className="fill">{place}</span>
        <Button small look="ghost" icon={<Copy />} onClick={() => void copy()}>
          <span aria-live="polite">{copied === '' ? 'Copy' : copied}</span>
        </Button>
      </div>
      <pre>{text}</pre>
    </div>
  )
}
