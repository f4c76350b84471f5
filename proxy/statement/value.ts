import type { OutputColumn } from './facts.ts'

/** A base column that a value comes from. `plain`: the value is that column's, unchanged. `attnum` 0 is the whole row. */
export interface Origin {
  readonly oid: number
  readonly attnum: number
  readonly plain: boolean
}

/** What can be told of an expression without running it. */
export interface Value {
  readonly sources: readonly Origin[]
  /** Comes out as it lies in its sources; false when anything was computed. */
  readonly plain: boolean
  /** False: may hold something that the sources do not tell. */
  readonly known: boolean
  /** `pg_type.oid`; 0: not known; 705: a literal that takes its type from where it stands. */
  readonly type: number
}

export interface NamedValue {
  readonly name: string
  readonly value: Value
}

/** `unknown` in pg_type. */
export const LITERAL = 705
export const BOOL = 16
export const INT4 = 23
export const TEXT = 25
export const NUMERIC = 1700
export const RECORD = 2249

const NO_SOURCES: readonly Origin[] = Object.freeze([])

export function computed(type: number): Value {
  return { sources: NO_SOURCES, plain: false, known: true, type }
}

/** Something that nobody can tell. */
export function unknownValue(values: readonly Value[] = []): Value {
  return { ...derive(values, 0), known: false }
}

/** Computed from these. */
export function derive(values: readonly Value[], type: number): Value {
  let sources: Origin[] | undefined
  let known = true
  for (const value of values) {
    known &&= value.known
    for (const source of value.sources) {
      sources ??= []
      addSource(sources, source.plain ? { ...source, plain: false } : source)
    }
  }
  return { sources: sources ?? NO_SOURCES, plain: false, known, type }
}

/** One or the other, each as it is: set operations, candidates of one name. */
export function either(values: readonly Value[]): Value {
  const [first] = values
  if (first === undefined) return computed(0)
  if (values.length === 1) return first
  const sources: Origin[] = []
  for (const value of values) for (const source of value.sources) addSource(sources, source)
  const type = values.find((value) => value.type !== 0 && value.type !== LITERAL)?.type ?? first.type
  return {
    sources,
    plain: values.every((value) => value.plain || value.sources.length === 0) && values.some((value) => value.plain),
    known: values.every((value) => value.known),
    type: values.every((value) => value.type === type || value.type === LITERAL) ? type : 0,
  }
}

function addSource(sources: Origin[], one: Origin): void {
  if (!sources.some((other) => other.oid === one.oid && other.attnum === one.attnum && other.plain === one.plain)) sources.push(one)
}

/** As the facts say it. */
export function toOutput(column: NamedValue): OutputColumn {
  const { value, name } = column
  return {
    name,
    from: !value.known ? 'unknown' : value.plain ? 'itself' : 'derived',
    sources: value.sources.map(({ oid, attnum }) => ({ oid, attnum })),
  }
}
