import { useState } from 'react'
import { countWords } from '../words.ts'
import { Button } from './button.tsx'

interface Some<Item> {
  readonly shown: readonly Item[]
  readonly hidden: number
  readonly more: () => void
}

/** A long list is drawn in portions, so that a huge one does not freeze the page. */
export function useSome<Item>(items: readonly Item[], portion: number): Some<Item> {
  const [limit, setLimit] = useState(portion)
  return { shown: items.slice(0, limit), hidden: Math.max(0, items.length - limit), more: () => setLimit(limit + portion * 5) }
}

export function ShowMore({ hidden, more, what }: { hidden: number; more: () => void; what: string }) {
  if (hidden === 0) return null
  return (
    <div className="show-more">
      <Button small look="ghost" onClick={more}>
        {countWords(hidden)} more {what}. Show
      </Button>
    </div>
  )
}
