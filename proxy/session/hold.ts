import { GatewayError } from '../errors.ts'
import type { Decision, Identity, PendingApproval, Ports, PreparedBody, SessionRecord } from '../ports.ts'
import { cancelled, deniedByPerson, heldNotice, notApproved } from '../verdict/refusal.ts'
import { noticeFrame } from '../wire/server-messages.ts'
import type { ClientOut } from './client-out.ts'
import { approvalKey, describeParameters } from './parameters.ts'
import type { SessionPast } from './session-past.ts'
import type { JudgedHere } from './unit.ts'

export interface HoldOptions {
  readonly ports: Ports
  readonly record: SessionRecord
  readonly connection: string
  readonly who: Identity
  readonly applicationName: string
  readonly reason?: (() => string | undefined) | undefined
  readonly out: ClientOut
  /** False while a long row is passing in pieces: a notice in its middle would break it. */
  readonly canNotify: () => boolean
  readonly inTransaction: () => boolean
  readonly past: SessionPast
}

/** An approval answers the question of one rule, to its people. */
export function sameQuestion(one: JudgedHere, other: JudgedHere): boolean {
  return askedBy(one).equals(askedBy(other))
}

function askedBy({ verdict: { rule } }: JudgedHere): Buffer {
  return Buffer.from(JSON.stringify([rule?.id, rule?.approvers, rule?.approvals, rule?.passkey, rule?.maxRows]))
}

/** What the text alone does not tell. */
export interface Meaning {
  /** All that decides what the text does: the texts of names that it uses, the types that Parse declared. An approval binds to it. */
  readonly texts: readonly Buffer[]
  /** Of the parameters, for people to read. */
  readonly types: readonly number[]
  readonly prepared: readonly PreparedBody[]
}

type Approval = Extract<Decision, { outcome: 'approved' }>

/** One statement of this session that waits for a person. */
export class Hold {
  private readonly o: HoldOptions
  private pending: { readonly approval: PendingApproval; readonly stop: (error: GatewayError) => void } | undefined

  constructor(options: HoldOptions) {
    this.o = options
  }

  get active(): boolean {
    return this.pending !== undefined
  }

  /**
   * Asks, tells the client that it waits, and waits. Throws `denied-by-person`, `not-approved` (the request stays open), or `withdrawn`
   * when the client cancels.
   */
  async ask(judged: JudgedHere, bind: Buffer | undefined, meaning: Meaning, statement: number): Promise<Approval> {
    const { ports, record, out } = this.o
    const approval = ports.approvals.ask({
      session: record.id,
      connection: this.o.connection,
      who: this.o.who,
      applicationName: this.o.applicationName,
      sql: judged.text.toString('utf8'),
      parameters: describeParameters(
        bind,
        meaning.types,
        judged.facts.some((facts) => facts.columns.some((column) => column.how === 'uses')) && judged.verdict.labels.length > 0,
      ),
      key: approvalKey(this.o.connection, this.o.who, [judged.text, ...meaning.texts, askedBy(judged)], bind),
      verdict: judged.verdict,
      facts: judged.facts,
      statement,
      prepared: meaning.prepared,
      inTransaction: this.o.inTransaction(),
      history: this.o.past.before(statement),
      untrusted: this.o.past.reads,
      reason: this.o.reason?.(),
    })
    record.asked(statement, approval.number)
    ports.recorder.commit()
    const stopped = new Promise<GatewayError>((stop) => {
      this.pending = { approval, stop }
    })
    // What was approved before does not wait, and needs no word.
    if (approval.waitMs > 0 && this.o.canNotify()) {
      out.frame(
        noticeFrame(
          heldNotice(judged.verdict, approval.number, approval.waitMs),
          'A person has been asked. The statement runs as soon as it is approved.',
        ),
      )
      out.flush()
    }
    const settled = await Promise.race([approval.decision, stopped])
    this.pending = undefined
    if (settled instanceof GatewayError) {
      record.answered(statement, { outcome: 'withdrawn', approval: approval.number })
      this.finish(statement, settled)
      throw settled
    }
    record.answered(statement, settled)
    if (settled.outcome === 'approved') return settled
    const refusal =
      settled.outcome === 'denied'
        ? deniedByPerson(settled.by, settled.reason, settled.approval)
        : notApproved(settled.approval, settled.openUntil)
    this.finish(statement, refusal)
    throw refusal
  }

  /** The approval is spent on what follows. Throws `not-approved` when it was spent or revoked meanwhile. */
  use(decision: Approval): void {
    if (this.o.ports.approvals.use(decision.approval)) return
    throw new GatewayError({
      code: 'not-approved',
      sqlstate: '57014',
      message: `approval #${decision.approval} was used or revoked meanwhile`,
      hint: 'Send the statement again to ask anew.',
    })
  }

  /** The client asked to cancel. False: nothing is held. */
  cancel(): boolean {
    if (this.pending === undefined) return false
    this.withdraw(cancelled())
    return true
  }

  /** The session ends. */
  leave(): void {
    if (this.pending !== undefined)
      this.withdraw(new GatewayError({ code: 'closing', sqlstate: '57P01', message: 'the session has ended', severity: 'FATAL' }))
  }

  private withdraw(why: GatewayError): void {
    const { pending } = this
    if (pending === undefined) return
    pending.approval.leave(true)
    pending.stop(why)
  }

  private finish(statement: number, error: GatewayError): void {
    this.o.record.finished(statement, { rows: 0, bytes: 0, ms: 0, sqlstate: error.fields.sqlstate, tag: '', masked: [] })
  }
}
