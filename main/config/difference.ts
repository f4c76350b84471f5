import { isDeepStrictEqual } from 'node:util'

export interface DifferenceLine {
  readonly kind: 'same' | 'added' | 'removed'
  /** From 1; null where it is not in that text. */
  readonly before: number | null
  readonly after: number | null
  readonly text: string
}

export interface TextDifference {
  readonly added: number
  readonly removed: number
  /** Changed lines, with some that stayed around them. */
  readonly lines: readonly DifferenceLine[]
  /** Too much differs for the lines to be paired: all of the old are told as removed, all of the new as added. */
  readonly cut: boolean
}

const AROUND = 3
/** Cells of the table that pairs lines: 4 million are some 16 MB and 50 ms. */
const MAX_CELLS = 4_000_000
const MAX_TOLD = 5000

/** Line by line, by the longest run of lines that both have. */
export function compareTexts(before: string, after: string): TextDifference {
  const [old, now] = [linesOf(before), linesOf(after)]
  let head = 0
  while (head < old.length && head < now.length && old[head] === now[head]) head++
  let tail = 0
  while (tail < old.length - head && tail < now.length - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++
  const [a, b] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)]
  const large = a.length * b.length > MAX_CELLS
  const all: DifferenceLine[] = old.slice(0, head).map((text, i) => ({ kind: 'same', before: i + 1, after: i + 1, text }))
  all.push(...(large ? replaced(a, b, head) : paired(a, b, head)))
  for (let i = tail; i > 0; i--) {
    all.push({ kind: 'same', before: old.length - i + 1, after: now.length - i + 1, text: old[old.length - i] ?? '' })
  }
  const told = all.filter((line, place) => line.kind !== 'same' || nearChange(all, place))
  return {
    added: all.filter(({ kind }) => kind === 'added').length,
    removed: all.filter(({ kind }) => kind === 'removed').length,
    lines: told.slice(0, MAX_TOLD),
    cut: large || told.length > MAX_TOLD,
  }
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

function replaced(a: readonly string[], b: readonly string[], head: number): DifferenceLine[] {
  return [
    ...a.map((text, i) => ({ kind: 'removed' as const, before: head + i + 1, after: null, text })),
    ...b.map((text, i) => ({ kind: 'added' as const, before: null, after: head + i + 1, text })),
  ]
}

function paired(a: readonly string[], b: readonly string[], head: number): DifferenceLine[] {
  const width = b.length + 1
  const longest = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: DifferenceLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', before: head + i + 1, after: head + j + 1, text: a[i] ?? '' })
      i++
      j++
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'removed', before: head + i + 1, after: null, text: a[i] ?? '' })
      i++
    } else {
      lines.push({ kind: 'added', before: null, after: head + j + 1, text: b[j] ?? '' })
      j++
    }
  }
  return lines
}

function nearChange(lines: readonly DifferenceLine[], place: number): boolean {
  for (let near = place - AROUND; near <= place + AROUND; near++) {
    const kind = lines[near]?.kind
    if (kind !== undefined && kind !== 'same') return true
  }
  return false
}

export interface ValueChange {
  /** `policies.agents-on-shop.rules[2].maxRows`: entries of a list by their name, where they have one. */
  readonly path: string
  /** As text; null: it was not there. */
  readonly before: string | null
  readonly after: string | null
}

const MAX_VALUE = 300
const MAX_CHANGES = 1000

/** What changed between two configurations as values, whatever the texts look like. A list of words is one value. */
export function compareValues(before: unknown, after: unknown): ValueChange[] {
  const [old, now] = [leavesOf(before), leavesOf(after)]
  const changes: ValueChange[] = []
  for (const path of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(path), now.get(path)]
    if (!isDeepStrictEqual(was, is)) changes.push({ path, before: shown(was), after: shown(is) })
  }
  return changes.slice(0, MAX_CHANGES)
}

function leavesOf(value: unknown): Map<string, unknown> {
  const leaves = new Map<string, unknown>()
  walk(value, '')
  return leaves

  function walk(node: unknown, path: string): void {
    if (Array.isArray(node) && node.some((item) => item !== null && typeof item === 'object')) {
      for (const [i, item] of node.entries()) {
        const name = item !== null && typeof item === 'object' && typeof item.name === 'string' ? `${path}.${item.name}` : undefined
        walk(item, name === undefined || leaves.has(`${name}.name`) ? `${path}[${i}]` : name)
      }
    } else if (node !== null && typeof node === 'object' && !Array.isArray(node) && Object.keys(node).length > 0) {
      for (const [key, item] of Object.entries(node)) walk(item, path === '' ? key : `${path}.${key}`)
    } else leaves.set(path, node)
  }
}

function shown(value: unknown): string | null {
  if (value === undefined) return null
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.map(String).join(', ') : JSON.stringify(value)
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text
}
