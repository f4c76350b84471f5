import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createRateLimits } from '../../main/api/rate-limits.ts'
import { problemSchema } from '../../main/contract/problem.ts'
import { type ApiFixture, apiFixture, people } from './fixture.ts'

interface Schema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly $ref?: string
}
interface Operation {
  readonly operationId?: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<Record<string, unknown>>
}
interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** In the fixture's configuration, and never in an answer. */
const CANARIES = ['the-secret-credential']
/** What hosts answer when somebody tries: never the host's own fault. 501 and 503 say that something is not there, as the fixture's database is not. */
const FINE = new Set([200, 204, 400, 401, 403, 404, 405, 409, 413, 415, 429, 501, 503])

const awkward = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e400',
    '../../host.db',
    "'; DROP TABLE approvals; --",
    '\0',
    '%00',
    '__proto__',
    'constructor',
    '💥'.repeat(20),
  ),
  fc.integer().map(String),
)
const anything: fc.Arbitrary<unknown> = fc.oneof(fc.jsonValue({ maxDepth: 3 }), awkward)

/** Mostly what the schema asks for, sometimes not. */
function valuesOf(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 6, arbitrary: fitting(schema, depth) }, { weight: 1, arbitrary: anything })
}

function fitting(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  if (depth > 4) return fc.constant(null)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const options = schema.anyOf ?? schema.oneOf
  if (options !== undefined) return fc.oneof(...options.map((one) => valuesOf(one, depth + 1)))
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(([name, one]) => [
        name,
        fc.option(valuesOf(one, depth + 1), { nil: undefined, freq: 6 }),
      ])
      return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>)
    }
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, depth + 1), { maxLength: 3 })
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: -2, max: 300 }), fc.constantFrom(0, 1, 2 ** 60, 1e308, -1e308, 0.5))
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.oneof(awkward, fc.constantFrom('shop', 'public.customers', 'SELECT 1', 'a'.repeat(64), 'requester'))
  }
}

const answers = new Map<number, number>()
let api: ApiFixture
let document: Document
const ends: (() => void)[] = []

beforeAll(async () => {
  api = apiFixture((end) => ends.push(end))
  // Limits are tried in their own test; here they would hide the rest.
  const limits = createRateLimits({ now: () => Date.now() })
  vi.spyOn(limits, 'take').mockReturnValue()
  Object.assign(api.context, { limits })
  document = (await (await api.call(undefined, 'GET', '/api/openapi.json')).json()) as Document
})
afterAll(() => {
  for (const end of ends) end()
})

async function send(who: string, method: string, path: string, body: unknown): Promise<void> {
  const response = await api.call(who === 'none' ? undefined : who, method.toUpperCase(), path, method === 'get' ? undefined : body)
  const where = `${who} ${method} ${path} ${JSON.stringify(body)?.slice(0, 300)}`
  if (response.headers.get('content-type') === 'text/event-stream') {
    await response.body?.cancel()
    return
  }
  const text = await response.text()
  answers.set(response.status, (answers.get(response.status) ?? 0) + 1)
  expect(FINE.has(response.status), `${where}: ${response.status} ${text.slice(0, 300)}`).toBe(true)
  for (const canary of CANARIES) expect(text.includes(canary), where).toBe(false)
  expect(text, where).not.toMatch(/node_modules|\.ts:\d+|SQLITE_|at async /)
  if (response.status < 400) return
  expect(response.headers.get('content-type'), where).toBe('application/problem+json')
  expect(problemSchema.parse(JSON.parse(text)).status).toBe(response.status)
}

test('the document is OpenAPI 3.1, and every operation has a name, its answers and its problems', () => {
  expect(document.openapi).toBe('3.1.0')
  const ids = new Set<string>()
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      expect(operation.operationId, `${method} ${path}`).toBeTruthy()
      expect(ids.has(operation.operationId ?? '')).toBe(false)
      ids.add(operation.operationId ?? '')
      expect(Object.keys(operation.responses)).toContain('default')
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const told = (operation.parameters ?? []).filter((one) => one.in === 'path').map((one) => one.name)
      expect(told.sort(), `${method} ${path}`).toEqual(named.sort())
    }
  }
})

test('whatever is sent by whomever: no fault of the host’s own, no hang, nothing of its inside', async () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const everyone = ['none', ...Object.keys(people)]
  const requests = fc.constantFrom(...operations).chain(({ path, method, operation }) => {
    const parameters = operation.parameters ?? []
    const body = operation.requestBody?.content['application/json']?.schema
    return fc.record({
      who: fc.constantFrom(...everyone, 'admin', 'admin'),
      method: fc.constant(method),
      place: fc
        .tuple(
          ...parameters.map(({ name, in: where, schema }) =>
            fc.option(valuesOf(schema), { nil: undefined, freq: 5 }).map((value) => ({ name, where, value })),
          ),
        )
        .map((given) => fill(path, given)),
      body: body === undefined ? fc.constant(undefined) : valuesOf(body),
    })
  })
  await fc.assert(
    fc.asyncProperty(requests, ({ who, method, place, body }) => send(who, method, place, body)),
    { numRuns: 1200, endOnFailure: true },
  )
  // It got behind the door, and not only to its bell.
  expect(answers.get(200)).toBeGreaterThan(100)
  expect(answers.get(400)).toBeGreaterThan(50)
  expect(answers.get(403)).toBeGreaterThan(50)
}, 60_000)

function fill(path: string, given: readonly { readonly name: string; readonly where: string; readonly value: unknown }[]): string {
  let place = path
  const query = new URLSearchParams()
  for (const { name, where, value } of given) {
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
    if (where === 'path') place = place.replace(`{${name}}`, encodeURIComponent(text.toWellFormed() || '1'))
    else if (value !== undefined) query.append(name, text)
  }
  return query.size === 0 ? place : `${place}?${query}`
}

test.each([
  '{"a":',
  '"\\ud800"',
  '[[[[[[',
  'null',
  '0',
  '"text"',
  '{"__proto__":{"admin":true}}',
  `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
])('a body such as %.20s breaks nothing', async (body) => {
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of Object.keys(methods)) {
      if (method === 'get') continue
      const response = await api.send('admin', method.toUpperCase(), path.replaceAll(/\{\w+\}/g, '1'), body)
      expect([method, path, FINE.has(response.status)]).toEqual([method, path, true])
      await response.body?.cancel()
    }
  }
})
