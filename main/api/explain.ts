import type { OpenAPIHono } from '@hono/zod-openapi'
import { GatewayError } from '../../proxy/errors.ts'
import { decide } from '../../proxy/verdict/decide.ts'
import { summarize } from '../approvals/describe-request.ts'
import { labelColumns } from '../approvals/label-columns.ts'
import { markText } from '../approvals/mark-text.ts'
import { sentenceOfRule } from '../approvals/rule-sentence.ts'
import { sentenceOf } from '../approvals/sentence.ts'
import type { ExplainRequest, ExplainResponse } from '../contract/explain.ts'
import { compilePolicy } from '../policies/compile.ts'
import { describeFacts } from '../recordings/describe-facts.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import type { Caller } from './caller.ts'
import { readDraft } from './read-draft.ts'
import { serveCall } from './serve-call.ts'

export function serveExplain(app: OpenAPIHono, context: ApiContext): void {
  serveCall(app, context, 'explain', ({ body, caller }) => explain(context, body, caller))
}

/** What the policy says of a statement, by the same steps as for a running one, with the catalog of now. Nothing is run. */
async function explain(context: ApiContext, request: ExplainRequest, caller: Caller): Promise<ExplainResponse> {
  const { config, upstreams, policies, gateway, clock } = context
  const upstream = upstreams.own(request.connection)
  if (upstream === undefined) throw new ApiProblem(404, 'not-found', `There is no connection "${request.connection}".`)
  const inForce = policies.current(request.connection)
  const draft = request.draft === undefined ? undefined : readDraft(request.draft, config.current())
  // Nothing is masked here, so the key of the mask form `token` does not matter.
  const policy =
    draft === undefined ? inForce : compilePolicy(draft, request.connection, Buffer.alloc(32), inForce.vouched, inForce.followed)
  const labelOf = labelColumns(policy)
  const text = Buffer.from(request.sql)
  try {
    const catalog = await gateway.catalog(upstream)
    const analysis = await gateway.analyst.analyse(text, catalog)
    if (analysis instanceof GatewayError) return unreadable(analysis, policy.version)
    const who = { ...caller.who, groups: request.groups ?? caller.who.groups }
    const verdict = decide(analysis.statements, policy, catalog, who, new Date(clock.now()))
    const facts = analysis.statements.map(describeFacts)
    const { rule } = verdict
    return {
      effect: verdict.effect,
      rule: rule === undefined ? null : { id: rule.id, place: rule.place, reason: rule.reason ?? null, sentence: sentenceOfRule(rule) },
      policyVersion: verdict.policyVersion,
      sentence: sentenceOf(text, facts, verdict.statement),
      because: verdict.because.map((reason) => reason.what),
      marks: markText(request.sql, facts, verdict.because, labelOf),
      hint: verdict.hint,
      labels: [...verdict.labels],
      facts: summarize(facts, labelOf),
      error: null,
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    if (error.code === 'upstream-unavailable' || error.code === 'upstream-refused' || error.code === 'catalog-unavailable') {
      throw new ApiProblem(
        503,
        error.code,
        `The database behind "${request.connection}" cannot be asked for its catalog: ${error.message}.`,
      )
    }
    return unreadable(error, policy.version)
  }
}

/** A text that is not read is not run: denied, with what the client would be told. */
function unreadable({ fields }: GatewayError, policyVersion: string): ExplainResponse {
  return {
    effect: 'deny',
    rule: null,
    policyVersion,
    sentence: 'Cannot be read, so it does not run.',
    because: [fields.message],
    marks: [],
    hint: fields.hint ?? '',
    labels: [],
    facts: { verbs: ['unknown'], relations: [], columns: [], unknown: [fields.message] },
    error: { sqlstate: fields.sqlstate, message: fields.message, position: fields.position ?? null },
  }
}
