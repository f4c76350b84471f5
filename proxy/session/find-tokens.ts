import type { Catalog } from '../catalog/catalog.ts'
import { uuidText } from '../mask/masked-value.ts'
import type { TokenBook } from '../mask/token-book.ts'
import { type Moved, moveOffset } from '../statement/alike.ts'
import type { ColumnUse, Equality, StatementFacts } from '../statement/facts.ts'
import { liftConstants } from '../statement/lift-constants.ts'
import type { TokensTold } from '../verdict/atoms.ts'
import { compileLabels, type Labels } from '../verdict/labels.ts'
import type { Policy } from '../verdict/policy.ts'
import { readBindBody } from '../wire/client-messages.ts'
import { asToken, looksLikeToken, readBinaryArray, readTextArray, writeBinaryArray, writeTextArray } from './token-text.ts'

/** What takes the place of a token. */
export interface Substitution {
  /** Strings of the text, in its order: `[start, end)` with their quotes. */
  readonly literals: readonly { readonly start: number; readonly end: number; readonly value: Buffer }[]
  /** Parameters by number, from 1: other bytes in the same format. */
  readonly parameters: ReadonlyMap<number, Buffer>
}

export interface FoundTokens {
  readonly told: TokensTold
  /** Undefined: nothing is put back. */
  readonly substitution: Substitution | undefined
  /** The same for what has the same verdict. */
  readonly signature: string
  /** What stands there has the form of a token, and is none that this person was shown here, or cannot be put back where it stands. */
  readonly strange: 'unknown' | 'place' | undefined
}

/** Bind's body. `any`: the statement is only prepared, and its parameters may turn out to be tokens. */
export type Bound = Buffer | 'any' | undefined

export interface TokenQuestion {
  readonly text: Buffer
  readonly facts: readonly StatementFacts[]
  readonly moved: Moved | undefined
  readonly policy: Policy
  readonly catalog: Catalog
  readonly book: TokenBook
  readonly bound: Bound
  /** Types of parameters that the client fixed. */
  readonly declared: readonly number[]
  /** The strings that were made parameters when it was prepared: no others count. */
  readonly lifted: readonly number[] | undefined
}

/** Statements whose parameters PostgreSQL plans with, so that no text holds a value. */
const KINDS = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE'])

/** `pg_type.oid` that a token may be declared as: none, unknown, text, varchar, character, uuid, and arrays of these. */
const TYPES = new Set([0, 705, 25, 1043, 1042, 2950, 1009, 1015, 1014, 2951])

const withPredicates = new WeakMap<Policy, boolean>()

function hasPredicates(policy: Policy): boolean {
  let has = withPredicates.get(policy)
  if (has === undefined) {
    has = policy.sensitive.some((label) => label.predicates === true)
    withPredicates.set(policy, has)
  }
  return has
}

/**
 * Tokens in the equalities of a statement that this person was shown on this connection. Undefined: there is nothing to look for.
 *
 * A value is put back only where every column that it is compared with has the label that the token is of: a column without it would be
 * told in clear which of its values is the same.
 */
export function findTokens(q: TokenQuestion): FoundTokens | undefined {
  if (!hasPredicates(q.policy)) return undefined
  const equalities = new Map<Equality, ColumnUse[]>()
  for (const facts of q.facts) {
    for (const use of facts.columns) {
      if (use.equals === undefined) continue
      const uses = equalities.get(use.equals)
      if (uses === undefined) equalities.set(use.equals, [use])
      else uses.push(use)
    }
  }
  if (equalities.size === 0) return undefined
  const labels = compileLabels(q.policy, q.catalog)
  if (![...equalities.values()].some((uses) => labelsOf(labels, uses).length > 0)) return undefined
  const spans = spansOf(q)
  const [statement] = q.facts
  const fits = q.facts.length === 1 && statement !== undefined && KINDS.has(statement.kind) && statement.names.length === 0
  return new Finder(q, labels, spans, fits ? statement : undefined).find(equalities)
}

/** The strings that may be tokens, by where they begin. */
function spansOf({ text, lifted: only }: TokenQuestion): ReadonlyMap<number, number> {
  const spans = new Map<number, number>()
  const lifted = liftConstants(text)
  if (lifted === undefined) return spans
  for (let i = 0; i < lifted.count; i++) {
    const start = lifted.starts[i] as number
    if (text[start] === 0x27 && (only === undefined || only.includes(start))) spans.set(start, lifted.ends[i] as number)
  }
  return spans
}

/** Labels that every one of these columns has, and whose tokens may be compared. */
function labelsOf(labels: Labels, uses: readonly ColumnUse[]): string[] {
  const each = uses.map(({ oid, attnum }) =>
    labels
      .all(oid, attnum)
      .filter((label) => label.predicates === true && label.mask === 'token')
      .map((label) => label.label),
  )
  return [...new Set(each[0] ?? [])].filter((name) => each.every((names) => names.includes(name)))
}

class Finder {
  private readonly literals = new Map<number, { start: number; end: number; value: Buffer }>()
  private readonly parameters = new Map<number, Buffer>()
  private readonly told = new Map<Equality, ReadonlySet<string>>()
  private strange: FoundTokens['strange']
  private bound: ReturnType<typeof readBindBody>['parameters'] | undefined
  private readonly q: TokenQuestion
  private readonly labels: Labels
  private readonly spans: ReadonlyMap<number, number>
  private readonly statement: StatementFacts | undefined

  constructor(q: TokenQuestion, labels: Labels, spans: ReadonlyMap<number, number>, statement: StatementFacts | undefined) {
    this.q = q
    this.labels = labels
    this.spans = spans
    this.statement = statement
  }

  find(equalities: ReadonlyMap<Equality, readonly ColumnUse[]>): FoundTokens {
    const parts: string[] = []
    const unsure = this.unsure(equalities)
    for (const [equality, uses] of equalities) {
      const names = labelsOf(this.labels, uses)
      const found = names.length === 0 ? undefined : this.look(equality, names, unsure)
      if (found !== undefined) this.told.set(equality, new Set(found))
      parts.push(found?.join('\0') ?? '')
    }
    const nothing = this.literals.size === 0 && this.parameters.size === 0
    return {
      told: this.told,
      substitution: nothing
        ? undefined
        : { literals: [...this.literals.values()].sort((a, b) => a.start - b.start), parameters: this.parameters },
      signature: `${this.strange ?? ''}\n${parts.join('\n')}`,
      strange: this.strange,
    }
  }

  /** Parameters that stand elsewhere too, or that are compared with columns that do not all have one label. */
  private unsure(equalities: ReadonlyMap<Equality, readonly ColumnUse[]>): ReadonlySet<number> {
    const unsure = new Set(this.statement?.parameters?.elsewhere ?? [])
    const together = new Map<number, ColumnUse[]>()
    const arrays = new Map<number, boolean>()
    for (const [equality, uses] of equalities) {
      for (const number of equality.parameters) {
        if ((arrays.get(number) ?? equality.arrays) !== equality.arrays) unsure.add(number)
        arrays.set(number, equality.arrays)
        together.set(number, [...(together.get(number) ?? []), ...uses])
      }
    }
    for (const [number, uses] of together) {
      const type = this.q.declared[number - 1] ?? 0
      if (!TYPES.has(type) || labelsOf(this.labels, uses).length === 0) unsure.add(number)
    }
    return unsure
  }

  /** The labels under which all that stands there are tokens; undefined when any of it is not one. */
  private look(equality: Equality, names: readonly string[], unsure: ReadonlySet<number>): readonly string[] | undefined {
    let all = true
    for (const offset of equality.constants) if (!this.constant(offset, equality.arrays, names)) all = false
    for (const number of equality.parameters) if (unsure.has(number) || !this.parameter(number, equality.arrays, names)) all = false
    return all ? names : undefined
  }

  private constant(offset: number, array: boolean, names: readonly string[]): boolean {
    const { text, moved } = this.q
    const start = moved === undefined ? offset : moveOffset(moved, offset)
    const end = this.spans.get(start)
    if (end === undefined) return false
    const written = text.toString('latin1', start + 1, end - 1).replaceAll("''", "'")
    const value = array ? this.array(readTextArray(written), names) : this.one(written, names)
    if (value === undefined) return false
    this.literals.set(start, { start, end, value: Buffer.from(Array.isArray(value) ? writeTextArray(value) : value, 'latin1') })
    return true
  }

  private parameter(number: number, array: boolean, names: readonly string[]): boolean {
    const { bound } = this.q
    if (bound === undefined) return false
    if (bound === 'any') return this.statement !== undefined
    this.bound ??= readBindBody(bound, 0, bound.length).parameters
    const given = this.bound[number - 1]
    if (given === undefined || given.value === null) return false
    const value = given.format === 1 ? this.binary(given.value, array, names) : this.written(given.value, array, names)
    if (value === undefined) return false
    this.parameters.set(number, value)
    return true
  }

  private written(bytes: Buffer, array: boolean, names: readonly string[]): Buffer | undefined {
    const text = bytes.toString('latin1')
    const value = array ? this.array(readTextArray(text), names) : this.one(text, names)
    return value === undefined ? undefined : Buffer.from(Array.isArray(value) ? writeTextArray(value) : value, 'latin1')
  }

  private binary(bytes: Buffer, array: boolean, names: readonly string[]): Buffer | undefined {
    if (!array) return this.bytes(bytes, names)
    const values = readBinaryArray(bytes)?.map((one) => this.bytes(one, names))
    return values?.every((one) => one !== undefined) ? writeBinaryArray(bytes, values) : undefined
  }

  /** A uuid has 16 bytes in binary, which no token of characters has. */
  private bytes(bytes: Buffer, names: readonly string[]): Buffer | undefined {
    const uuid = bytes.length === 16
    const value = this.one(uuid ? uuidText(bytes) : bytes.toString('latin1'), names)
    return value === undefined ? undefined : uuid ? Buffer.from(value.replaceAll('-', ''), 'hex') : Buffer.from(value, 'latin1')
  }

  private array(elements: readonly string[] | undefined, names: readonly string[]): string[] | undefined {
    const values = elements?.map((one) => this.one(one, names))
    return values?.every((one) => one !== undefined) ? values : undefined
  }

  private one(written: string, names: readonly string[]): string | undefined {
    const token = asToken(written)
    if (token === undefined) return undefined
    const value = this.statement === undefined ? undefined : this.lookUp(token, names)
    if (value === undefined && looksLikeToken(written)) this.strange = this.statement === undefined ? 'place' : 'unknown'
    return value
  }

  private lookUp(token: string, names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = this.q.book.page(name).find(token)
      if (value !== undefined) return value
    }
    return undefined
  }
}
