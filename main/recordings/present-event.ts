import type { Verdict } from '../../proxy/verdict/decide.ts'
import { summarize } from '../approvals/describe-request.ts'
import { type HiddenText, hideLiterals, moveMarks } from '../approvals/hide-literals.ts'
import { type LabelOf, markText } from '../approvals/mark-text.ts'
import { sentenceOfRule } from '../approvals/rule-sentence.ts'
import { sentenceOf } from '../approvals/sentence.ts'
import type { RecordedEvent } from '../contract/events.ts'
import { readObject } from '../store/objects-table.ts'
import type { Db } from '../store/open-database.ts'
import { decodeBind } from './decode-bind.ts'
import { decodeRows, type RowShape } from './decode-rows.ts'
import { moveFacts, type RecordedFacts } from './describe-facts.ts'
import type { StoredEvent } from './stored-event.ts'

interface Statement {
  readonly text: Buffer
  readonly sql: string
  readonly facts: readonly RecordedFacts[]
  /** Without literals that meet a labelled column. */
  readonly shown: HiddenText
}

/** Makes of stored events what the pages show. Give it the events of one session in order. */
export class EventPresenter {
  readonly #db: Db
  readonly #labelOf: LabelOf
  readonly #bodies = new Map<string, Buffer>()
  readonly #statements = new Map<number, Statement>()
  readonly #shapes = new Map<number, RowShape>()

  /** `labelOf`: the labels of now. A column that is labelled today is treated so in old records too. */
  constructor(db: Db, labelOf: LabelOf) {
    this.#db = db
    this.#labelOf = labelOf
  }

  /** Takes in an event that is not itself shown. */
  learn(event: StoredEvent, attachment: Buffer): void {
    if (event.kind === 'statement') this.#statementOf(event)
    if (event.kind === 'rows') this.#decode(event.statement, attachment)
  }

  /** Whether an answer's columns are known. */
  knowsShape(statement: number): boolean {
    return this.#shapes.has(statement)
  }

  present(event: StoredEvent, attachment: Buffer, hash: string): RecordedEvent {
    const { seq, at } = event
    const base = { seq, at: Math.round(at), hash }
    switch (event.kind) {
      case 'opened': {
        const { connection, who, groups, client, clientAddress, application, tls } = event.opening
        // A record of the host's own is not shown as a session.
        if (who.kind === 'host') return { ...base, kind: 'note', text: 'the host began its record' }
        return { ...base, kind: 'opened', connection, who: { ...who, kind: who.kind }, groups, client, clientAddress, application, tls }
      }
      case 'statement':
        return this.#presentStatement(base, event, attachment)
      case 'verdict':
        return this.#presentVerdict(base, event)
      case 'asked':
        return { ...base, kind: 'asked', statement: event.statement, approval: event.approval }
      case 'answered':
        return { ...base, kind: 'answered', statement: event.statement, ...event.answer }
      case 'untrusted':
        return { ...base, kind: 'untrusted', statement: event.statement, tables: event.tables }
      case 'sent':
        return { ...base, kind: 'sent', statement: event.statement }
      case 'rows': {
        const { columns, rows } = this.#decode(event.statement, attachment)
        return { ...base, kind: 'rows', statement: event.statement, columns, rows, cut: event.cut, bytes: attachment.length }
      }
      case 'finished': {
        const { statement, rows, bytes, ms, sqlstate, tag, masked } = event
        return { ...base, kind: 'finished', statement, rows, bytes, ms, sqlstate, tag, masked }
      }
      case 'note':
        return { ...base, kind: 'note', text: event.text }
      case 'act':
        return { ...base, kind: 'note', text: JSON.stringify(event.act) }
      case 'closed':
        return { ...base, kind: 'closed', reason: event.reason }
    }
  }

  #presentStatement(base: Base, event: StoredEvent & { kind: 'statement' }, attachment: Buffer): RecordedEvent {
    const { text, sql, facts, shown } = this.#statementOf(event)
    const values = event.bound ? decodeBind(attachment) : []
    // Which parameter is compared with a labelled column is not recorded: where one is looked at, none is shown.
    const hidden = facts.some((one) => one.columns.some((column) => column.how === 'uses' && this.#labelOf(column.name) !== undefined))
    return {
      ...base,
      kind: 'statement',
      statement: event.statement,
      sentence: sentenceOf(text, facts, 0),
      sql: shown.sql,
      ...(shown.hidden.length === 0 ? {} : { hidden: [...shown.hidden] }),
      lossy: Buffer.compare(Buffer.from(sql), text) !== 0,
      parameters: (values ?? [null]).map((value) =>
        hidden || values === undefined ? { text: null, hidden: true } : { text: value, hidden: false },
      ),
      facts: summarize(facts, this.#labelOf),
    }
  }

  #presentVerdict(base: Base, event: StoredEvent & { kind: 'verdict' }): RecordedEvent {
    const verdict: Verdict = JSON.parse(this.#body(event.verdict).toString())
    const statement = this.#statements.get(event.statement)
    const { rule } = verdict
    return {
      ...base,
      kind: 'verdict',
      statement: event.statement,
      effect: verdict.effect,
      rule: rule === undefined ? null : { id: rule.id, place: rule.place, reason: rule.reason ?? null, sentence: sentenceOfRule(rule) },
      policyVersion: verdict.policyVersion,
      because: verdict.because.map((reason) => reason.what),
      marks:
        statement === undefined
          ? []
          : moveMarks(
              markText(statement.sql, statement.facts, verdict.effect === 'allow' ? [] : verdict.because, this.#labelOf),
              statement.shown,
            ),
      // As the client read it: see `denied` in proxy/verdict/refusal.ts.
      hint: [verdict.effect === 'deny' ? rule?.message : undefined, verdict.hint]
        .filter((part) => part !== undefined && part !== '')
        .join(' '),
      labels: [...verdict.labels],
    }
  }

  #statementOf(event: StoredEvent & { kind: 'statement' }): Statement {
    const text = this.#body(event.text)
    const read: RecordedFacts[] = event.facts.map((sha) => JSON.parse(this.#body(sha).toString()))
    const { moved } = event
    const facts = moved === undefined ? read : read.map((one) => moveFacts(one, moved))
    const sql = text.toString('utf8')
    const statement = { text, sql, facts, shown: hideLiterals(sql, facts, this.#labelOf) }
    this.#statements.set(event.statement, statement)
    return statement
  }

  #decode(statement: number, frames: Buffer) {
    const decoded = decodeRows(frames, this.#shapes.get(statement))
    if (decoded.shape !== undefined) this.#shapes.set(statement, decoded.shape)
    return decoded
  }

  #body(sha: string): Buffer {
    const known = this.#bodies.get(sha)
    if (known !== undefined) return known
    const body = readObject(this.#db, Buffer.from(sha, 'hex'))?.body
    if (body === undefined) throw new RangeError(`the record names ${sha}, which the database does not hold; run "sallyport verify"`)
    this.#bodies.set(sha, body)
    return body
  }
}

interface Base {
  readonly seq: number
  readonly at: number
  readonly hash: string
}
