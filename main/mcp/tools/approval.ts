import { personJson } from '../../approvals/approval-detail.ts'
import { type ApprovalOutput, approvalInputSchema, approvalOutputSchema, type QueryOutput } from '../../contract/mcp.ts'
import type { ApprovalRow } from '../../store/approvals-table.ts'
import { frameQuery } from '../frame-text.ts'
import type { McpCaller, McpContext } from '../mcp-context.ts'
import { type Patience, settle } from '../run-query.ts'
import { isSamePerson, type Run } from '../runs.ts'
import { patienceOf, type ToolKit, toolResult } from './tool-kit.ts'

const LOOK_MS = 500

export function registerApproval(kit: ToolKit): void {
  const { server, context, callerOf } = kit
  server.registerTool(
    'approval',
    {
      title: 'State of an approval request',
      description: `Tells the state of one of your own requests for approval, or waits for a person's decision up to wait_seconds, and gives the statement's result once it has run. You cannot decide it: a person does, on their own page. withdraw: true takes the request back.`,
      inputSchema: approvalInputSchema.shape,
      outputSchema: approvalOutputSchema.shape,
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    },
    async ({ id, wait_seconds: seconds = 0, withdraw }, extra) => {
      const caller = callerOf(extra)
      const row = context.approvals.read(id)
      if (row === undefined || !isSamePerson(row, caller.who))
        return { content: [{ type: 'text', text: `You have made no request #${id}.` }], isError: true }
      const run = context.runs.ofApproval(id, caller.who)
      if (withdraw === true && row.state === 'pending') run?.cancel?.()
      const patience = patienceOf(kit, extra, withdraw === true ? 5000 : seconds * 1000)
      const result = run === undefined ? await watch(context, id, patience) : await settle(context, caller, run, patience, true, undefined)
      const now = context.approvals.read(id) ?? row
      const output = present(now, run, result === undefined || result.status === 'pending' ? null : { ...result, alreadyRan: true }, caller)
      return toolResult(frame(output), output)
    },
  )
}

/** The statement is not waited for here (the wait is over, or the host was started anew): only the decision can be. */
async function watch({ approvals }: McpContext, id: number, { untilMs, signal }: Patience): Promise<undefined> {
  while (approvals.read(id)?.state === 'pending' && Date.now() < untilMs && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, Math.max(1, untilMs - Date.now()))))
  }
  return undefined
}

function present(row: ApprovalRow, run: Run | undefined, result: QueryOutput | null, { who }: McpCaller): ApprovalOutput {
  const waiting = run !== undefined && !run.isDone
  return {
    id: row.id,
    state: row.state,
    connection: row.connection,
    sql: sqlOf(row, run),
    by: row.decided_by === null ? null : personJson.parse(JSON.parse(row.decided_by)).name,
    reason: row.reason === '' ? null : row.reason,
    openUntil: new Date(row.open_until).toISOString(),
    next: nextStep(row, waiting, result !== null, who.kind),
    result,
  }
}

function sqlOf({ detail }: ApprovalRow, run: Run | undefined): string {
  if (run !== undefined) return run.sql
  const { sql } = JSON.parse(detail) as { sql?: unknown }
  return typeof sql === 'string' ? sql : ''
}

function nextStep({ state, id }: ApprovalRow, waiting: boolean, hasResult: boolean, kind: McpCaller['who']['kind']): string {
  switch (state) {
    case 'pending':
      return waiting
        ? `A person has not decided yet. Call approval again with {"id": ${id}, "wait_seconds": 45}, or go on with something else.`
        : 'The statement no longer waits, but a person may still decide. Call approval again later; once it is approved, send the same statement again.'
    case 'approved':
      return 'Approved and not run. Send the very same statement again with query: it runs at once, and only once.'
    case 'used':
      return hasResult
        ? 'It has run, once. Its result is in "result".'
        : 'It has run, once. Its result is no longer kept: look at the data.'
    case 'denied':
      return `A person said no. Do what the reason says, or ask ${kind === 'agent' ? 'your person' : 'them'}. Do not send the same statement again.`
    case 'expired':
      return 'Nobody decided in time. Send the statement again if it is still needed: a person is asked anew.'
    case 'withdrawn':
      return 'The request was taken back. The statement did not run.'
  }
}

function frame(output: ApprovalOutput): string {
  const { id, state, by, reason, next, result, connection } = output
  const who = by === null ? '' : ` by ${by}`
  const why = reason === null ? '' : ` (reason: ${reason})`
  const lines = [`Approval #${id}: ${state}${who}${why}.`, next]
  if (result !== null) lines.push('', frameQuery({ ...result, alreadyRan: false }, connection))
  return lines.join('\n')
}
