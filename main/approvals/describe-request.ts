import type { ApprovalRequest } from '../../proxy/ports.ts'
import type { Facts } from '../contract/verdicts.ts'
import { describeFacts, type RecordedFacts } from '../recordings/describe-facts.ts'
import type { ApprovalDetail } from './approval-detail.ts'
import { type LabelOf, markText } from './mark-text.ts'
import { sentenceOfRule } from './rule-sentence.ts'
import { sentenceOf } from './sentence.ts'
import { warningsOf } from './warnings.ts'

/** Everything an approver is shown about a request, made once, when it is asked. */
export function describeRequest(request: ApprovalRequest, labelOf: LabelOf): ApprovalDetail {
  const { sql, who, verdict } = request
  const facts = request.facts.map(describeFacts)
  const { rule } = verdict
  return {
    sentence: sentenceOf(Buffer.from(sql), facts, verdict.statement),
    warnings: warningsOf(sql, facts, verdict.labels),
    sql,
    hidden: [],
    prepared: [],
    history: { statements: 0, allowed: 0, held: 0, denied: 0, recent: [] },
    untrusted: [],
    statedReason: null,
    marks: markText(sql, facts, verdict.because, labelOf),
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
