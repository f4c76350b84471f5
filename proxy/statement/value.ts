import type { OutputColumn } from './facts.ts'
import { LETTERS } from './respelled.ts'

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
  /** Bits of `respelled.ts`: through what the value may have come. Missing: nothing of that kind. */
  readonly respelled?: number
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
  let known = true
  let any = false
  let respelled = 0
  for (const value of values) {
    known &&= value.known
    any ||= value.sources.length > 0
    respelled |= value.respelled ?? 0
  }
  const value: Value = { sources: any ? gather(values, true) : NO_SOURCES, plain: false, known, type }
  return withSpelling(value, respelled)
}

/** The same, written in these ways as well. */
export function withSpelling(value: Value, bits: number): Value {
  return bits === 0 ? value : { ...value, respelled: (value.respelled ?? 0) | bits }
}

/** One or the other, each as it is: set operations, candidates of one name. */
export function either(values: readonly Value[]): Value {
  const [first] = values
  if (first === undefined) return computed(0)
  if (values.length === 1) return first
  const type = values.find((value) => value.type !== 0 && value.type !== LITERAL)?.type ?? first.type
  const value: Value = {
    sources: gather(values, false),
    plain: values.every((value) => value.plain || value.sources.length === 0) && values.some((value) => value.plain),
    known: values.every((value) => value.known),
    type: values.every((value) => value.type === type || value.type === LITERAL) ? type : 0,
  }
  return withSpelling(
    value,
    values.reduce((bits, one) => bits | (one.respelled ?? 0), 0),
  )
}

/** Each source once. `worked`: what comes of them is no longer any of them as it is. */
function gather(values: readonly Value[], worked: boolean): readonly Origin[] {
  const only = values.length === 1 ? values[0]?.sources : undefined
  if (only !== undefined && (!worked || only.every((source) => !source.plain))) return only
  const sources = new Map<string, Origin>()
  for (const value of values) {
    for (const source of value.sources) {
      const plain = source.plain && !worked
      const key = `${source.oid} ${source.attnum} ${plain}`
      if (!sources.has(key)) sources.set(key, plain === source.plain ? source : { ...source, plain })
    }
  }
  return [...sources.values()]
}

/** Characters of a constant are nobody's. */
function spelling({ respelled, sources }: Value): { readonly respelled?: number } {
  const bits = sources.length === 0 ? (respelled ?? 0) & ~LETTERS : (respelled ?? 0)
  return bits === 0 ? {} : { respelled: bits }
}

/** As the facts say it. */
export function toOutput(column: NamedValue): OutputColumn {
  const { value, name } = column
  return {
    name,
    from: !value.known ? 'unknown' : value.plain ? 'itself' : 'derived',
    sources: value.sources.map(({ oid, attnum }) => ({ oid, attnum })),
    ...spelling(value),
  }
}
