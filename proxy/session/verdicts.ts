import type { Catalog } from '../catalog/catalog.ts'
import { GatewayError } from '../errors.ts'
import type { TokenBook } from '../mask/token-book.ts'
import type { SessionRecord } from '../ports.ts'
import type { Analysis, Recognised } from '../statement/analyst.ts'
import type { StatementFacts, Verb } from '../statement/facts.ts'
import { unknownParameterTypes } from '../statement/parameter-types.ts'
import type { Approved } from '../verdict/clearance.ts'
import { changesData, readOnlySession } from '../verdict/read-only-session.ts'
import { denied, keptSetting, missingName, schemaInDoubt } from '../verdict/refusal.ts'
import type { Spending } from './budget.ts'
import { composeNames } from './compose.ts'
import { type Bound, findTokens } from './find-tokens.ts'
import type { Flow } from './flow.ts'
import { type Hold, sameQuestion } from './hold.ts'
import type { Judge } from './judge.ts'
import { meaningOf } from './put-back.ts'
import type { SchemaChanges } from './schema-changes.ts'
import type { SessionNames } from './session-names.ts'
import type { JudgedHere, Prepared } from './unit.ts'

type Again = () => Promise<void> | undefined
type Next = (judged: JudgedHere, facts: readonly StatementFacts[]) => Promise<void> | undefined

/** A statement that a person approved, judged again as of then. */
export interface ApprovedStatement {
  readonly judged: JudgedHere
  readonly approved: Approved
  /** Its number in the record, which it has had since it was asked about. */
  readonly number: number
}

/** Text to facts to verdict, and a person where the verdict asks for one. Simple and extended statements both come through here. */
export class Verdicts {
  private readonly judge: Judge
  private readonly names: SessionNames
  private readonly record: SessionRecord
  private readonly hold: Hold
  private readonly flow: Flow
  private readonly book: TokenBook
  private readonly refresh: () => Promise<void>
  private readonly schema: SchemaChanges
  private readonly spending: Spending | undefined
  private readonly readOnly: boolean

  constructor(parts: {
    judge: Judge
    names: SessionNames
    record: SessionRecord
    hold: Hold
    flow: Flow
    book: TokenBook
    refresh: () => Promise<void>
    schema: SchemaChanges
    spending: Spending | undefined
    /** The server was told at login that this session changes nothing. */
    readOnly: boolean
  }) {
    this.judge = parts.judge
    this.names = parts.names
    this.record = parts.record
    this.hold = parts.hold
    this.flow = parts.flow
    this.book = parts.book
    this.refresh = parts.refresh
    this.schema = parts.schema
    this.spending = parts.spending
    this.readOnly = parts.readOnly
  }

  /**
   * Goes on with `next` unless the statement is denied or cannot be read: then throws, and the record has it. `bound` is `any` for Parse,
   * whose parameters come later.
   */
  of(text: Buffer, next: Next, declared: readonly number[] = [], bound?: 'any', first = true): Promise<void> | undefined {
    const recognised = this.judge.recognise(text)
    const again = first ? () => this.of(text, next, declared, bound, false) : undefined
    const { catalog } = this.judge
    const go = ({ analysis, moved }: Recognised) => {
      const facts = factsFor(this.read(text, analysis), { within: undefined, declared }, catalog)
      return this.decide({ text, facts, moved, catalog, within: undefined, declared }, next, bound, again)
    }
    return recognised instanceof Promise ? recognised.then(go) : go(recognised)
  }

  /** The same for a statement that was prepared: its facts are made again only when the catalog has moved. */
  ofPrepared(prepared: Prepared, next: Next, bound: Buffer | undefined): Promise<void> | undefined {
    return prepared.catalog === this.judge.catalog ? this.decide(prepared, next, bound) : this.renewed(prepared, next, bound)
  }

  private renewed(text: ReadText, next: Next, bound: Bound, again?: Again): Promise<void> | undefined {
    const renewed = this.renew(text)
    return renewed instanceof Promise ? renewed.then(() => this.decide(text, next, bound, again)) : this.decide(text, next, bound, again)
  }

  /** Reads it anew, for itself, with the catalog of now. */
  private renew(text: ReadText): Promise<void> | undefined {
    const { catalog } = this.judge
    const analysis = this.judge.analyse(text.text)
    const keep = (made: Analysis): undefined => {
      text.facts = factsFor(this.read(text.text, made), text, catalog)
      text.moved = undefined
      text.catalog = catalog
    }
    return analysis instanceof Promise ? analysis.then(keep) : keep(analysis)
  }

  private read(text: Buffer, made: Analysis): readonly StatementFacts[] {
    if (!(made instanceof GatewayError)) return made.statements
    this.refused(this.judge.unreadable(text, made.message), made)
    throw made
  }

  private decide(read: ReadText, next: Next, bound: Bound, again?: Again): Promise<void> | undefined {
    const { text, facts } = read
    const stale = this.names.stale(facts, this.flow.batch, this.judge.catalog)
    if (stale.length > 0)
      return Promise.all(stale.map((prepared) => this.renew(prepared))).then(() => this.decide(read, next, bound, again))
    const composed = composeNames(facts, this.names.scope(this.flow.batch))
    if (composed === 'wait') return this.flow.earlierBatches().then(() => this.decide(read, next, bound, again))
    const judged = this.judge.judge(text, composed, read.moved, this.tokensIn(read, composed, read.moved, bound))
    // What a person is told points into the text.
    if (judged.verdict.effect !== 'allow' && read.moved !== undefined) return this.renewed(read, next, bound, again)
    if (this.schema.wouldHelp(judged)) return this.schema.look().then(() => this.renewed(read, next, bound, again))
    if (judged.verdict.effect !== 'deny') {
      if (judged.facts.some(({ because }) => because.some((one) => one.changesReading))) this.refuse(judged, keptSetting(judged))
      if (this.readOnly && changesData(judged)) this.refuse(judged, readOnlySession())
      if (this.schema.inDoubt(judged)) this.refuse(judged, schemaInDoubt())
      // Parse alone runs nothing: what is bound later counts.
      if (
        this.spending !== undefined &&
        !(bound === 'any' ? this.spending.some() : this.spending.statement(Math.max(1, judged.facts.length)))
      ) {
        this.refuse(judged, this.spending.refusal())
      }
      return next(judged, facts)
    }
    const missing = missingName(judged)
    if (missing === undefined || again === undefined) this.refuse(judged, missing ?? denied(judged))
    // It may have been made behind our back: looked up once more before anybody is told that it is not there.
    return this.refresh().then(() => (this.judge.catalog === judged.catalog ? this.refuse(judged, missing) : again()))
  }

  private tokensIn(read: PreparedText & Pick<ReadText, 'text'>, facts: readonly StatementFacts[], moved: ReadText['moved'], bound: Bound) {
    const { policy, catalog } = this.judge
    const { text, declared, lifted } = read
    return findTokens({ text, facts, moved, policy, catalog, book: this.book, bound, declared, lifted })
  }

  /** Where tokens became parameters: does that text mean the same as the one that was judged? */
  meansTheSame(text: Buffer, judged: JudgedHere): boolean | Promise<boolean> {
    const same = (made: Analysis) => !(made instanceof GatewayError) && meaningOf(made.statements) === meaningOf(judged.facts)
    const analysis = this.judge.recognise(text)
    return analysis instanceof Promise ? analysis.then((one) => same(one.analysis)) : same(analysis.analysis)
  }

  private refuse(judged: JudgedHere, refusal: GatewayError): never {
    this.refused(judged, refusal)
    throw refusal
  }

  /** Stands in the record as a statement that never ran. */
  refused(judged: JudgedHere, error: GatewayError): void {
    this.ended(this.record.statement(judged, undefined), error)
  }

  private ended(number: number, error: GatewayError): GatewayError {
    this.record.finished(number, { rows: 0, bytes: 0, ms: 0, sqlstate: error.fields.sqlstate, tag: '', masked: [] })
    return error
  }

  /** Holds it for a person. Throws when it is not approved, or when policy or catalog have moved so that it is denied now. */
  async ask(judged: JudgedHere, bind: Buffer | undefined, prepared: Prepared | undefined): Promise<ApprovedStatement> {
    const number = this.record.statement(judged, bind)
    const meaning = {
      texts: this.meaningOf(judged, prepared),
      types: prepared?.parameterTypes ?? [],
      prepared: this.names.bodies(judged.facts, this.flow.batch),
    }
    for (let asked = judged; ; ) {
      const decision = await this.hold.ask(asked, bind, meaning, number)
      const again = await this.again(judged.text, prepared, bind)
      if (again.verdict.effect === 'deny') throw this.ended(number, denied(again))
      // It will not run: the approval stays for when it is sent again.
      if (this.flow.stopped) throw this.ended(number, pipelineFailed())
      if (again.verdict.effect === 'allow' || sameQuestion(again, asked)) {
        this.hold.use(decision)
        return { judged: again, approved: { decision }, number }
      }
      // Another rule asks now, and perhaps other people.
      asked = again
    }
  }

  /** The same text can mean other things: by what its names stand for, by which of its statements is meant, by types of parameters. */
  private meaningOf({ facts }: JudgedHere, prepared: Prepared | undefined): Buffer[] {
    const used = this.names.used(facts, this.flow.batch)
    const all = prepared === undefined ? used : [prepared, ...used]
    return all.flatMap(({ text, within, declared }) => [text, Buffer.from(JSON.stringify([within ?? null, declared]))])
  }

  private async again(text: Buffer, prepared: Prepared | undefined, bind: Buffer | undefined): Promise<JudgedHere> {
    const analysis = await this.judge.analyse(text)
    if (analysis instanceof GatewayError) throw analysis
    const facts = prepared === undefined ? analysis.statements : factsFor(analysis.statements, prepared, this.judge.catalog)
    const composed = composeNames(facts, this.names.scope(this.flow.batch))
    if (composed === 'wait')
      throw new GatewayError({ code: 'internal', sqlstate: 'XX000', message: 'a name moved while the statement was held' })
    const read = prepared ?? { text, within: undefined, declared: [] }
    return this.judge.judge(text, composed, undefined, this.tokensIn(read, composed, undefined, bind))
  }
}

/** What its text's facts mean for this prepared statement, with what the declared types could run. */
export function factsFor(made: readonly StatementFacts[], prepared: PreparedText, catalog: Catalog): readonly StatementFacts[] {
  const facts = bodyOf(made, prepared)
  const unknown = prepared.declared.length === 0 ? [] : unknownParameterTypes(catalog, prepared.declared)
  if (unknown.length === 0) return facts
  return facts.map((one) => ({
    ...one,
    verbs: [...new Set<Verb>([...one.verbs, 'unknown'])],
    unknown: [...one.unknown, ...unknown],
  }))
}

type PreparedText = Pick<Prepared, 'within' | 'declared' | 'lifted'>
/** A text with its facts, which are made anew when the catalog moves. */
type ReadText = Pick<Prepared, 'text' | 'facts' | 'moved' | 'catalog' | 'within' | 'declared' | 'lifted'>

function pipelineFailed(): GatewayError {
  return new GatewayError({ code: 'protocol', sqlstate: '25P02', message: 'an earlier message of the same pipeline failed' })
}

/** A statement that PREPARE or DECLARE made is found again inside the text that made it. */
function bodyOf(facts: readonly StatementFacts[], { within }: PreparedText): readonly StatementFacts[] {
  if (within === undefined) return facts
  for (const use of facts.flatMap((statement) => statement.names)) {
    if (use.kind === within.kind && use.name === within.name && (use.kind === 'prepare' || use.kind === 'declare')) return [use.body]
  }
  throw new GatewayError({ code: 'internal', sqlstate: 'XX000', message: `what "${within.name}" stands for was not found again` })
}
