import type { Identity, Judged } from '../../proxy/ports.ts'
import type { Answer } from './answer.ts'

/** What was held and has run (or was denied by a person) can be asked for again for this long: agents time out, and come back. */
const KEPT_MS = 15 * 60_000
const KEPT_RUNS = 1000
const KEPT_BYTES = 64 * 1024 * 1024
const KEPT_PER_PERSON = 50

export type Owner = Pick<Identity, 'issuer' | 'subject' | 'kind' | 'groups'>

export const isSamePerson = (a: Pick<Owner, 'issuer' | 'subject'>, b: Pick<Owner, 'issuer' | 'subject'>): boolean =>
  a.issuer === b.issuer && a.subject === b.subject

/** With the same rights too: what was shown to a group is not for who has left it. */
export const isSame = (a: Owner, b: Owner): boolean => isSamePerson(a, b) && a.kind === b.kind && groupsOf(a) === groupsOf(b)

const groupsOf = ({ groups }: Owner): string => JSON.stringify([...groups].sort())

/** What a run does of itself: cancel is as Ctrl-C. */
export interface RunControls {
  readonly held: (approval: number, judged: Judged | undefined) => void
  /** How it can be cancelled, as soon as there is something to cancel. */
  readonly cancelBy: (cancel: () => void) => void
}

export interface Held {
  readonly approval: number
  readonly at: number
  readonly judged: Judged | undefined
}

/** One statement on its way, whoever waits for it. It goes on when nobody does. */
export class Run {
  readonly owner: Owner
  readonly connection: string
  readonly sql: string
  held: Held | undefined
  answer: Answer | undefined
  /** It never came to a statement: the login was refused. */
  failure: Error | undefined
  finishedAt = 0
  /** Settles when it waits for a person, or is done. Never rejects. */
  readonly heldOrDone: Promise<void>
  readonly done: Promise<void>
  cancel: (() => void) | undefined

  constructor(owner: Owner, connection: string, sql: string, work: (controls: RunControls) => Promise<Answer>, onHeld: (run: Run) => void) {
    this.owner = owner
    this.connection = connection
    this.sql = sql
    const held = Promise.withResolvers<void>()
    this.done = work({
      held: (approval, judged) => {
        this.held = { approval, at: Date.now(), judged }
        onHeld(this)
        held.resolve()
      },
      cancelBy: (cancel) => {
        this.cancel = cancel
      },
    }).then(
      (answer) => this.#finish(answer, undefined),
      (failure: unknown) => this.#finish(undefined, failure instanceof Error ? failure : new Error(String(failure))),
    )
    this.heldOrDone = Promise.race([held.promise, this.done])
  }

  get isDone(): boolean {
    return this.finishedAt > 0
  }

  #finish(answer: Answer | undefined, failure: Error | undefined): void {
    this.answer = answer
    this.failure = failure
    this.finishedAt = Date.now()
    this.cancel = undefined
  }
}

/**
 * Statements that wait for a person, and what became of them. Calls for the very same one (person, connection, text, parameters) share one
 * run, so that a client which retries, reconnects or asks twice never makes it run twice. Lives in memory, and is bounded there.
 */
export class Runs {
  readonly #byKey = new Map<string, Run>()
  readonly #byApproval = new Map<number, Run>()
  readonly #timer = setInterval(() => this.#prune(), 30_000).unref()

  /** The run of this key that is under way, or was held and is done a short while ago. */
  find(key: string): Run | undefined {
    const run = this.#byKey.get(key)
    if (run === undefined || !run.isDone || Date.now() - run.finishedAt < KEPT_MS) return run
    this.#forget(key, run)
    return undefined
  }

  ofApproval(approval: number, owner: Owner): Run | undefined {
    const run = this.#byApproval.get(approval)
    return run !== undefined && isSame(run.owner, owner) ? run : undefined
  }

  /** `shared`: whoever asks for the same meanwhile waits for this one. Otherwise only from when it is held. */
  start(
    key: string,
    what: { readonly owner: Owner; readonly connection: string; readonly sql: string; readonly shared: boolean },
    work: (controls: RunControls) => Promise<Answer>,
  ): Run {
    const run = new Run(what.owner, what.connection, what.sql, work, (held) => {
      if (!this.#byKey.has(key)) this.#byKey.set(key, held)
      if (held.held !== undefined) this.#byApproval.set(held.held.approval, held)
    })
    if (what.shared) this.#byKey.set(key, run)
    void run.done.then(() => {
      if (!isKept(run)) this.#forget(key, run)
      this.#prune()
    })
    return run
  }

  /** It is wanted anew, whatever became of it. What is still under way stays. */
  forget(key: string): void {
    const run = this.#byKey.get(key)
    if (run?.isDone) this.#forget(key, run)
  }

  close(): void {
    clearInterval(this.#timer)
    for (const run of new Set([...this.#byKey.values(), ...this.#byApproval.values()])) run.cancel?.()
    this.#byKey.clear()
    this.#byApproval.clear()
  }

  #forget(key: string, run: Run): void {
    if (this.#byKey.get(key) === run) this.#byKey.delete(key)
    if (run.held !== undefined && this.#byApproval.get(run.held.approval) === run) this.#byApproval.delete(run.held.approval)
  }

  /** Too old, too many, or too large: the oldest go first. Those that are under way stay. */
  #prune(): void {
    const done = [...this.#byKey].filter(([, run]) => run.isDone).sort(([, a], [, b]) => b.finishedAt - a.finishedAt)
    const perPerson = new Map<string, number>()
    let bytes = 0
    for (const [place, [key, run]] of done.entries()) {
      const person = `${run.owner.issuer}\0${run.owner.subject}`
      const count = (perPerson.get(person) ?? 0) + 1
      perPerson.set(person, count)
      bytes += run.answer?.bytes ?? 0
      const tooMany = place >= KEPT_RUNS || count > KEPT_PER_PERSON || bytes > KEPT_BYTES
      if (tooMany || Date.now() - run.finishedAt >= KEPT_MS) this.#forget(key, run)
    }
  }
}

/** A held statement that ran, well or not, or that a person denied. What lapsed may still be approved: it is asked for anew. */
function isKept({ held, answer }: Run): boolean {
  if (held === undefined || answer === undefined) return false
  return answer.decision?.outcome === 'denied' || (answer.decision?.outcome === 'approved' && answer.error?.sqlstate !== '57014')
}
