import { expect, it } from 'vitest'
import { startMcp } from '../../helpers/mcp-fixture.ts'
import { SECRETS } from '../../helpers/shop.ts'

it('an approved copy gives its answer, although a label followed the value and changed the policy', async () => {
  const fixture = await startMcp({
    sensitive: [{ connection: 'shop', label: 'pii', mask: 'redact', columns: ['public.customers.ssn'] }],
    policies: [
      {
        name: 'agents',
        groups: ['ai-agents'],
        connections: ['shop'],
        rules: [
          { effect: 'ask', uses: ['pii'], approvers: ['dba'] },
          { effect: 'allow', statements: ['read', 'write', 'session', 'transaction'] },
        ],
      },
    ],
  })
  try {
    const mcp = await fixture.connect()
    const answer = mcp.query({
      connection: 'shop',
      sql: 'INSERT INTO imported (id, body) SELECT 9, ssn FROM customers WHERE id = 1 RETURNING id, body',
    })
    await fixture.decide('approve')
    expect(await answer).toMatchObject({ status: 'done', rows: [[9, '*redacted*']], masked: ['pii'] })
    // It lies there with its label.
    const later = await mcp.query({ connection: 'shop', sql: 'SELECT body FROM imported WHERE id = 9' })
    expect(later.masked).toEqual(['pii'])
    for (const secret of SECRETS) expect(JSON.stringify(later)).not.toMatch(secret)
  } finally {
    await fixture.stop()
  }
})
