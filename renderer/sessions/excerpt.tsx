import { ForeignText } from '../ui/parts/foreign-text.tsx'

/** Where a search hit: the host puts hits between `[` and `]`. */
export function Excerpt({ text }: { text: string }) {
  let at = 0
  return (
    <code className="excerpt cut">
      {text.split(/(\[[^\]]*\])/).map((part) => {
        const key = at
        at += part.length
        return /^\[.*\]$/s.test(part) ? (
          <mark key={key}>
            <ForeignText>{part.slice(1, -1)}</ForeignText>
          </mark>
        ) : (
          <ForeignText key={key}>{part}</ForeignText>
        )
      })}
    </code>
  )
}
