import { z } from 'zod'
import type { StoredObject } from '../store/objects-table.ts'
import type { prepareUses } from '../store/uses-table.ts'
import type { JudgedReference } from './derive-events.ts'
import { facets } from './facets.ts'
import type { Opening } from './stored-event.ts'

const factsSchema = z.object({
  relations: z.array(z.object({ name: z.string() })),
  columns: z.array(z.object({ name: z.string() })),
})
const verdictSchema = z.object({ effect: z.enum(['allow', 'ask', 'deny']), labels: z.array(z.string()) })

/** Only the beginning of a very long statement is searched; all of it is kept. */
const SEARCHED_BYTES = 100_000
const REMEMBERED = 5000
/** A statement over a thousand partitions is found by the first of them. */
const MAX_NAMES = 200

interface FactWords {
  readonly names: readonly string[]
  readonly facets: readonly string[]
}
interface VerdictWords {
  readonly effect: 'allow' | 'ask' | 'deny'
  readonly facets: readonly string[]
}

/** Whose use it is. `seen` is what this session's uses were already noted for. */
export interface UseSession {
  readonly number: number
  readonly opening: Opening
  readonly seen: Set<string>
}

/** Makes statements findable: each text with each verdict once in a session. */
export class SearchIndex {
  readonly #uses: ReturnType<typeof prepareUses>
  readonly #find: (sha: string) => StoredObject | undefined
  readonly #facts = new Map<string, FactWords>()
  readonly #verdicts = new Map<string, VerdictWords>()

  /** `find`: a stored body by its SHA-256 (hex). */
  constructor(uses: ReturnType<typeof prepareUses>, find: (sha: string) => StoredObject | undefined) {
    this.#uses = uses
    this.#find = find
  }

  opened({ who }: Opening): void {
    if (who.kind !== 'host') this.#uses.person(who)
  }

  effectOf(verdict: string): 'allow' | 'ask' | 'deny' | undefined {
    return this.#verdictWords(verdict)?.effect
  }

  statement(
    session: UseSession,
    judged: JudgedReference,
    at: { readonly statement: number; readonly seq: number; readonly at: number },
  ): void {
    const { seen, number, opening } = session
    const key = `${judged.text}${judged.verdict}`
    if (seen.has(key)) return
    if (seen.size >= REMEMBERED) seen.clear()
    seen.add(key)
    const text = this.#find(judged.text)
    const verdict = this.#verdictWords(judged.verdict)
    if (text === undefined || verdict === undefined) return
    const facts = judged.facts.flatMap((sha) => this.#factWords(sha) ?? [])
    for (const sha of [judged.text, judged.verdict, ...judged.facts]) {
      const object = seen.has(sha) ? undefined : this.#find(sha)?.id
      seen.add(sha)
      if (object !== undefined) this.#uses.need(number, object)
    }
    const { who, connection } = opening
    this.#uses.use(
      { session: number, object: text.id, statement: at.statement, seq: at.seq, at: Math.round(at.at), effect: verdict.effect },
      {
        sql: text.body.toString('utf8', 0, SEARCHED_BYTES),
        names: facts.flatMap((one) => one.names).join(' '),
        facets: [
          facets.session(number),
          facets.connection(connection),
          facets.person(who.issuer, who.subject),
          ...verdict.facets,
          ...facts.flatMap((one) => one.facets),
        ].join(' '),
      },
    )
  }

  #factWords(sha: string): FactWords | undefined {
    const known = this.#facts.get(sha)
    if (known !== undefined) return known
    const body = this.#find(sha)?.body
    if (body === undefined) return undefined
    const { relations, columns } = factsSchema.parse(JSON.parse(body.toString()))
    const tables = [...new Set(relations.map((relation) => relation.name))].slice(0, MAX_NAMES)
    const words = {
      names: [...tables, ...new Set(columns.map((column) => column.name))].slice(0, MAX_NAMES),
      facets: tables.flatMap((name) => [facets.table(name), facets.table(name.slice(name.lastIndexOf('.') + 1))]),
    }
    remember(this.#facts, sha, words)
    return words
  }

  #verdictWords(sha: string): VerdictWords | undefined {
    const known = this.#verdicts.get(sha)
    if (known !== undefined) return known
    const body = this.#find(sha)?.body
    if (body === undefined) return undefined
    const { effect, labels } = verdictSchema.parse(JSON.parse(body.toString()))
    const words = { effect, facets: [facets.verdict(effect), ...labels.map((label) => facets.label(label))] }
    remember(this.#verdicts, sha, words)
    return words
  }
}

/** Forgets all when full: what is forgotten is looked up again. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= REMEMBERED) map.clear()
  map.set(key, value)
}
