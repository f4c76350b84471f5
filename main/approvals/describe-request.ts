import type { ApprovalRequest, PreparedBody } from '../../proxy/ports.ts'
import type { Facts } from '../contract/verdicts.ts'
import { describeFacts, type RecordedFacts } from '../recordings/describe-facts.ts'
import type { ApprovalDetail } from './approval-detail.ts'
import { hideAllLiterals, hideLiterals, moveMarks } from './hide-literals.ts'
import { type LabelOf, markText } from './mark-text.ts'
import { sentenceOfRule } from './rule-sentence.ts'
import { sentenceOf } from './sentence.ts'
import { statedReason } from './stated-reason.ts'
import { warningsOf } from './warnings.ts'

/** Everything an approver is shown about a request, made once, when it is asked. */
export function describeRequest(request: ApprovalRequest, labelOf: LabelOf): ApprovalDetail {
  const { sql, who, verdict } = request
  const facts = request.facts.map(describeFacts)
  const { rule } = verdict
  const untrusted = request.untrusted ?? []
  const shown = hideLiterals(sql, facts, labelOf)
  return {
    sentence: sentenceOf(Buffer.from(sql), facts, verdict.statement),
    warnings: warningsOf(sql, facts, verdict.labels, untrusted),
    sql: shown.sql,
    hidden: [...shown.hidden],
    prepared: (request.prepared ?? []).map((one) => describePrepared(one, verdict.labels.length > 0)),
    history: describeHistory(request),
    untrusted: untrusted.map((read) => ({ ...read })),
    statedReason: statedReason(request),
    marks: moveMarks(markText(sql, facts, verdict.because, labelOf), shown),
    parameters: request.parameters.map(({ text, hidden }) => ({ text: hidden ? null : text, hidden })),
    requester: { name: who.name, issuer: who.issuer, subject: who.subject, kind: who.kind },
    application: request.applicationName,
    client: who.client ?? null,
    rule: rule === undefined ? null : { id: rule.id, place: rule.place, reason: rule.reason ?? null, sentence: sentenceOfRule(rule) },
    because: verdict.because.map((reason) => reason.what),
    facts: summarize(facts, labelOf),
    labels: [...verdict.labels],
    ...(rule?.passkey === true ? { passkey: true } : {}),
    approvers: [...(rule?.approvers ?? [])],
  }
}

function describeHistory({ history }: ApprovalRequest): ApprovalDetail['history'] {
  if (history === undefined) return { statements: 0, allowed: 0, held: 0, denied: 0, recent: [] }
  const recent = history.recent.map(({ number, at, judged }) => ({
    statement: number,
    at: Math.round(at),
    effect: judged.verdict.effect,
    sentence: sentenceOf(judged.text, judged.facts.map(describeFacts), judged.verdict.statement),
  }))
  return { statements: history.statements, allowed: history.allowed, held: history.held, denied: history.denied, recent }
}

/** Which of its literals meet a labelled column is not known here: where any label is touched, none is shown. */
function describePrepared({ name, sql }: PreparedBody, hides: boolean): ApprovalDetail['prepared'][number] {
  return { name, sql: hides ? hideAllLiterals(sql).sql : sql, marks: [] }
}

/** The facts of all statements of a string together, as the pages show them. */
export function summarize(facts: readonly RecordedFacts[], labelOf: LabelOf): Facts {
  return {
    verbs: [...new Set(facts.flatMap((one) => one.verbs))],
    relations: distinct(facts.flatMap((one) => one.relations.map(({ name, access, via }) => ({ name, access, via })))),
    columns: distinct(
      facts.flatMap((one) => one.columns.map((column) => ({ name: column.name, how: column.how, label: labelOf(column.name) ?? null }))),
    ),
    unknown: [...new Set(facts.flatMap((one) => one.unknown))],
  }
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
}
