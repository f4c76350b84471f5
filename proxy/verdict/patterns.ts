/** Patterns of names: `public.*`, `billing.payments.card`, `*.*`. Each part is matched by itself; `*` stands for any run of characters in it. */
export type NamePattern = (parts: readonly string[]) => boolean

const compiled = new Map<string, NamePattern>()

/** Compiled once; there are as many as the configuration has. A pattern with fewer parts than the name matches its last parts. */
export function compilePattern(pattern: string): NamePattern {
  const kept = compiled.get(pattern)
  if (kept !== undefined) return kept
  const tests = splitName(pattern).map(compilePart)
  const match: NamePattern = (parts) => {
    const rest = parts.slice(parts.length - tests.length)
    return tests.length <= parts.length && tests.every((test, place) => test(rest[place] ?? ''))
  }
  if (compiled.size > 10_000) compiled.clear()
  compiled.set(pattern, match)
  return match
}

/** Splits at dots outside of quotes, and takes the quotes off. */
export function splitName(name: string): string[] {
  const parts = name.match(/"(?:[^"]|"")*"|[^."]+|\.(?=\.|$)/g) ?? []
  return parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part))
}

function compilePart(part: string): (name: string) => boolean {
  if (part === '*') return () => true
  if (!part.includes('*')) return (name) => name === part
  const pieces = part.split('*')
  return (name) => matchPieces(name, pieces)
}

/** Greedy from the left: linear, whatever the pattern. */
function matchPieces(name: string, pieces: readonly string[]): boolean {
  const first = pieces[0] ?? ''
  const last = pieces.at(-1) ?? ''
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  let from = first.length
  for (const piece of pieces.slice(1, -1)) {
    const place = name.indexOf(piece, from)
    if (place === -1) return false
    from = place + piece.length
  }
  return from <= name.length - last.length
}
