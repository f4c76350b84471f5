import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type McpFixture, startMcp } from '../../helpers/mcp-fixture.ts'

describe('a budget by the hour', () => {
  let fixture: McpFixture
  beforeAll(async () => {
    fixture = await startMcp({ limits: { budget: { statements: 6, rows: 40 } } })
  })
  afterAll(() => fixture.stop())

  it('is one for the wire and for MCP, says what is left, and stops in the middle of a result', async () => {
    const wire = await fixture.host.through(await fixture.issuer.mint())
    expect((await wire.query('SELECT id FROM customers WHERE id <= 10')).rows).toHaveLength(10)
    const mcp = await fixture.connect()
    const answer = await mcp.query({ sql: 'SELECT id FROM customers WHERE id <= 20' })
    expect(answer.budget).toMatchObject([
      { kind: 'statements', limit: 6, left: 4 },
      { kind: 'rows', limit: 40, left: 10 },
    ])
    expect(answer.text).toContain('Left this hour: 4 of 6 statements, 10 of 40 rows.')
    const over = await wire.query('SELECT id FROM customers')
    expect(over.errors[0]).toMatchObject({ C: '53400', M: expect.stringContaining('budget of 40 rows an hour on "shop"') })
    expect(over.errors[0]?.['H']).toMatch(/comes back at 20\d\d-/)
    const spent = await mcp.query({ sql: 'SELECT 1' })
    expect(spent).toMatchObject({ status: 'refused', refusal: { kind: 'budget', sqlstate: '53400' } })
    const listed = await mcp.tool('list_connections')
    expect(listed.structuredContent).toMatchObject({ connections: [{ budget: [{ left: 3 }, { left: 0 }] }] })
    wire.destroy()
  })

  it('is each identity’s own', async () => {
    const other = await fixture.connect({ sub: 'another-agent' })
    expect(await other.query({ sql: 'SELECT 1 AS one' })).toMatchObject({ status: 'done', rows: [[1]] })
  })

  it('counts statements that return nothing, and not those that are refused', async () => {
    const mcp = await fixture.connect({ sub: 'busy' })
    for (let i = 0; i < 3; i++) expect(await mcp.query({ sql: 'DROP TABLE customers' })).toMatchObject({ refusal: { kind: 'rule' } })
    for (let i = 0; i < 6; i++) expect(await mcp.query({ sql: 'SELECT id FROM customers WHERE false' })).toMatchObject({ status: 'done' })
    expect(await mcp.query({ sql: 'SELECT id FROM customers WHERE false' })).toMatchObject({
      refusal: { message: expect.stringContaining('6 statements') },
    })
  })
})
