import { describe, expect, it } from 'vitest'
import { describeConnection, fieldsOf, sourceWith } from '../../../renderer/connections/connection-draft.ts'

const shop = {
  name: 'shop',
  engine: 'postgres',
  host: '10.0.0.5',
  database: 'shop',
  user: 'app_rw',
  password: `\${vault:shop}`,
  groups: ['ai-agents'],
  limits: { rows: 1000, budget: { statements: 500 } },
}

describe('a connection in the form', () => {
  it('comes back as it was when nothing is changed, with its secret’s reference', () => {
    expect(sourceWith(shop, fieldsOf(shop))).toEqual({ ...shop, port: 5432, tls: 'verify-full' })
    expect(describeConnection(shop, fieldsOf(shop))).toEqual([])
  })

  it('leaves emptied limits out, so that the defaults hold', () => {
    const { limits } = sourceWith(shop, { ...fieldsOf(shop), rows: '', budgetStatements: '' })
    expect(limits).toBeUndefined()
  })

  it('never shows a password in what it says of the change', () => {
    const fields = { ...fieldsOf(shop), password: 'hunter2', groups: 'ai-agents, analytics' }
    const lines = describeConnection(shop, fields)
    expect(JSON.stringify(lines)).not.toContain('hunter2')
    expect(lines.map(({ text }) => text)).toEqual([
      'shop: another password, kept in the vault',
      'shop: groups is ai-agents, analytics; it was ai-agents',
    ])
    expect(sourceWith(shop, fields)).toMatchObject({ password: 'hunter2', groups: ['ai-agents', 'analytics'] })
  })
})
