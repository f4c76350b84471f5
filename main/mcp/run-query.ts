import { createHash } from 'node:crypto'
import { GatewayError } from '../../proxy/errors.ts'
import type { QueryInput, QueryOutput } from '../contract/mcp.ts'
import { describeRefusal } from './describe-refusal.ts'
import { type Call, type InsideTarget, LoginRefused } from './inside-client.ts'
import type { McpCaller, McpContext } from './mcp-context.ts'
import { misused, NO_COPY, unknownConnection } from './own-refusals.ts'
import { presentAnswer, presentHeld, presentRefusal } from './present-answer.ts'
import { type Preview, previewStatement } from './preview.ts'
import type { Run, RunControls } from './runs.ts'
import { type JsonValue, parameterText } from './typed-value.ts'

/** How long a call may wait for a person, and who hears that it waits. */
export interface Patience {
  readonly untilMs: number
  readonly signal: AbortSignal
  /** Called when it begins to wait, and every few seconds while it does. */
  readonly waiting: (held: NonNullable<Run['held']>) => void
}

/** Runs a statement down the gateway's path, or gives more of an earlier answer. Never rejects for what an agent could have done otherwise. */
export async function runQuery(context: McpContext, caller: McpCaller, input: QueryInput, patience: Patience): Promise<QueryOutput> {
  if (input.cursor !== undefined) return nextPage(context, caller, input.cursor, input.max_rows)
  const { connection, sql } = input
  if (connection === undefined || sql === undefined)
    return presentRefusal(misused('connection and sql are missing', 'Give both, or a cursor.'))
  if (sql.includes('\0')) return presentRefusal(misused('the text holds a zero byte', 'Send the statement without it.'))
  const upstream = context.upstreams.open(connection, caller.who)
  if (upstream === undefined) return presentRefusal(unknownConnection(connection))
  const preview = await previewStatement(context, connection, caller, sql)
  if (!(preview instanceof GatewayError) && preview.facts.some((facts) => facts.copy !== undefined)) return presentRefusal(NO_COPY)
  const key = keyOf(caller, connection, sql, input.parameters as readonly JsonValue[] | undefined)
  if (input.again === true) context.runs.forget(key)
  const found = preview instanceof GatewayError || preview.verdict.effect !== 'ask' ? undefined : context.runs.find(key)
  const alreadyRan = found?.isDone === true
  const run = found ?? start(context, caller, key, input, connection, sql, preview)
  return settle(context, caller, run, patience, alreadyRan, input.max_rows)
}

/** Waits for a run within one's patience, and tells what became of it. */
export async function settle(
  context: McpContext,
  caller: McpCaller,
  run: Run,
  patience: Patience,
  alreadyRan: boolean,
  limit: number | undefined,
): Promise<QueryOutput> {
  await run.heldOrDone
  if (!run.isDone && run.held !== undefined) await waitFor(run, run.held, patience)
  if (run.answer !== undefined) return presentAnswer(context, caller, run.connection, run.answer, { offset: 0, limit, alreadyRan })
  if (run.failure instanceof LoginRefused) return presentRefusal(describeRefusal(run.failure.report, undefined))
  if (run.failure !== undefined) throw run.failure
  if (run.held === undefined) throw new Error('a run that is neither held nor done')
  return presentHeld(context, caller, run.connection, run.held)
}

const TELL_MS = 5000

async function waitFor(run: Run, held: NonNullable<Run['held']>, { untilMs, signal, waiting }: Patience): Promise<void> {
  const left = untilMs - Date.now()
  if (left <= 0 || signal.aborted) return
  waiting(held)
  const telling = setInterval(() => waiting(held), TELL_MS)
  let stop: () => void = () => undefined
  const enough = new Promise<void>((resolve) => {
    stop = resolve
  })
  const timer = setTimeout(stop, left)
  signal.addEventListener('abort', stop, { once: true })
  await Promise.race([run.done, enough])
  signal.removeEventListener('abort', stop)
  clearTimeout(timer)
  clearInterval(telling)
}

function start(
  context: McpContext,
  caller: McpCaller,
  key: string,
  input: QueryInput,
  connection: string,
  sql: string,
  preview: Preview | GatewayError,
): Run {
  const { who } = caller
  const asks = !(preview instanceof GatewayError) && preview.verdict.effect === 'ask'
  const target: InsideTarget = {
    gateway: context.gateway,
    connection,
    token: caller.token,
    application: applicationName(caller.client),
    address: caller.address,
    tls: caller.tls,
    reads: caller.lanes(connection).reads,
  }
  const call: Omit<Call, 'onHeld'> = {
    sql,
    parameters: input.parameters?.map((value) => parameterText(value as JsonValue)),
    stops: onlyReads(preview),
    reason: oneLine(input.reason),
  }
  const work = async ({ held, cancelBy }: RunControls) => {
    if (!asks) return caller.lanes(connection).run(target, { ...call, onHeld: held }, (client) => cancelBy(() => client.cancel()))
    // It will be held, perhaps for long: it gets a session of its own.
    const client = await caller.lanes(connection).open(target)
    cancelBy(() => client.cancel())
    const answer = await client.run({ ...call, onHeld: held })
    client.close()
    return answer
  }
  return context.runs.start(key, { owner: who, connection, sql, shared: asks }, work)
}

async function nextPage(context: McpContext, caller: McpCaller, cursor: string, limit: number | undefined): Promise<QueryOutput> {
  const kept = context.rows.find(cursor, caller.who)
  if (kept === undefined || context.upstreams.open(kept.connection, caller.who) === undefined) {
    return presentRefusal(misused('the cursor is not known any more', 'Send the query again. Cursors are kept for some minutes.'))
  }
  return presentAnswer(context, caller, kept.connection, kept.answer, { offset: kept.offset, limit, alreadyRan: true })
}

/** One statement that does nothing but read, and can be stopped after some rows. */
function onlyReads(preview: Preview | GatewayError): boolean {
  if (preview instanceof GatewayError || preview.facts.length !== 1) return false
  return preview.facts.every(
    ({ verbs, unknown, outputs }) => verbs.every((verb) => verb === 'read') && unknown.length === 0 && outputs !== undefined,
  )
}

function keyOf({ who }: McpCaller, connection: string, sql: string, parameters: readonly JsonValue[] | undefined): string {
  const parts = [who.issuer, who.subject, [...who.groups].sort(), connection, sql, parameters ?? null]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64')
}

/** PostgreSQL keeps 63 bytes of it, and shows others as `?`. */
export function applicationName(client: string): string {
  return `${client.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 57)} (MCP)`
}

function oneLine(text: string | undefined): string | undefined {
  const line = text?.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return line === '' ? undefined : line
}
