import type { OpenAPIHono } from '@hono/zod-openapi'
import type { z } from 'zod'
import type { ActDetails } from '../contract/audit.ts'
import { type Calls, calls } from '../contract/calls.ts'
import { ACCESS, admit } from './access.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { beginAct } from './begin-act.ts'
import { type Caller, findCaller, keyOf } from './caller.ts'
import { problemsOf } from './problems-of.ts'
import { rateOf } from './rate-of-calls.ts'
import { readJson } from './read-json.ts'
import { withSetUp } from './set-up-access.ts'

export interface CallInput<K extends keyof Calls> {
  readonly params: z.output<Calls[K]['params']>
  readonly query: z.output<Calls[K]['query']>
  readonly body: Calls[K]['body'] extends z.ZodType ? z.output<Calls[K]['body']> : undefined
  readonly caller: CallerOf<K>
  readonly request: Request
  /** Adds to what is recorded of this act: names and ids, never a secret, a statement's text or a value. */
  note(details: ActDetails): void
  /** A `Set-Cookie` value for the answer. */
  setCookie(value: string): void
}

/** Calls that anyone may make have perhaps no caller; all others always have one. */
type CallerOf<K extends keyof Calls> = K extends 'health' | 'signIn' | 'setUpCode' ? Caller | undefined : Caller

/** Puts one call of the contract on the wire: who calls, whether they may, what they sent, and its place in the OpenAPI document. */
export function serveCall<K extends keyof Calls>(
  app: OpenAPIHono,
  context: ApiContext,
  name: K,
  answer: (input: CallInput<K>) => z.input<Calls[K]['response']> | Promise<z.input<Calls[K]['response']>>,
): void {
  const call = calls[name]
  const access = ACCESS[name]
  app.openAPIRegistry.registerPath({
    method: call.method,
    path: call.path,
    operationId: name,
    request: {
      params: call.params,
      query: call.query,
      ...(call.body === undefined ? {} : { body: { required: true, content: { 'application/json': { schema: call.body } } } }),
    },
    security: access === 'anyone' ? [] : [{ bearer: [] }, { session: [] }],
    responses: {
      200: { description: 'As asked.', content: { 'application/json': { schema: call.response } } },
      ...problemsOf(call, access),
    },
  })
  app.on(call.method.toUpperCase(), call.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c) => {
    const request = c.req.raw
    const who = await findCaller(context, request)
    const act = beginAct(context.audit, name, who, c.req.param())
    c.header('cache-control', 'no-store')
    return act.run(async () => {
      const caller = admit(access, withSetUp(name, who))
      const rate = rateOf(name)
      if (rate !== undefined && caller !== undefined) context.limits.take(rate, keyOf(caller))
      const params = check(call.params, c.req.param(), 'path')
      const query = check(call.query, c.req.query(), 'query')
      const body = call.body === undefined ? undefined : check(call.body, await readJson(request), 'body')
      // The schemas above are those of this very call: the compiler cannot follow that through the map, the type of `answer` says it.
      const input = {
        params,
        query,
        body,
        caller,
        request,
        note: act.note,
        setCookie: (value: string) => c.header('set-cookie', value, { append: true }),
      } as CallInput<K>
      return c.json(await answer(input))
    })
  })
}

function check(schema: z.ZodType, value: unknown, where: string): unknown {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const errors = result.error.issues.map((issue) => ({ at: [where, ...issue.path.map(String)].join('.'), message: issue.message }))
  throw new ApiProblem(400, 'not-understood', `${errors[0]?.at ?? where}: ${errors[0]?.message ?? 'is not right'}.`, errors)
}
