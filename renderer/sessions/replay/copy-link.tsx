import { useState } from 'react'
import { Check, LinkGlyph } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts/button.tsx'

const SAID_MS = 1500
let tell: (copied: boolean) => void = () => undefined

/** Copies the address, which holds the moment. False where the browser does not let us. */
export async function copyLink(): Promise<void> {
  const copied = await navigator.clipboard.writeText(location.href).then(
    () => true,
    () => false,
  )
  tell(copied)
}

/** The address of this very moment. */
export function CopyLink() {
  const [said, setSaid] = useState<string>()
  tell = (copied) => {
    setSaid(copied ? 'Copied' : 'Copy it from the address bar')
    setTimeout(() => setSaid(undefined), SAID_MS)
  }
  return (
    <Button icon={said === 'Copied' ? <Check /> : <LinkGlyph />} onClick={() => void copyLink()} className="wide-only">
      <span aria-live="polite">{said ?? 'Link to this moment'}</span>
    </Button>
  )
}
