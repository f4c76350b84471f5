import { describe, expect, it } from 'vitest'
import { describeHealth } from '../../main/api/host-health.ts'
import type { Catalog } from '../../proxy/catalog/catalog.ts'
import type { Policy } from '../../proxy/verdict/policy.ts'
import { unmatchedColumns } from '../../proxy/verdict/unmatched.ts'

const catalog = {
  relations: () => [
    { schema: 'public', name: 'customers', columns: [{ name: 'id' }, { name: 'ssn' }] },
    { schema: 'billing', name: 'payments', columns: [{ name: 'card' }] },
  ],
} as unknown as Catalog

const policyOf = (...columns: string[]) => ({ sensitive: [{ label: 'pii', mask: 'redact', columns }] }) as unknown as Policy

describe('a label that names what is not there', () => {
  it('is found, since a slip of the pen would leave a column in clear', () => {
    expect(unmatchedColumns(policyOf('public.customers.ssn', 'public.customers.snn', 'billing.payment.card'), catalog)).toEqual([
      'public.customers.snn',
      'billing.payment.card',
    ])
  })

  it('is not seen in patterns that match something', () => {
    expect(unmatchedColumns(policyOf('*.*.card', 'public.*.ssn', 'billing.payments.*'), catalog)).toEqual([])
  })

  it('is trouble in the health of the host, on every page', () => {
    const recordings = () => ({ trouble: [], writing: true, journalBytes: 0, behindBytes: 0, slowestWriteMs: 0 }) as never
    const health = describeHealth({
      version: '1',
      startedAt: 0,
      recordings,
      liveSessions: () => 0,
      pendingApprovals: () => 0,
      agentsPaused: () => undefined,
      siem: () => undefined,
      tls: () => ({ fingerprints: () => ({ proxy: null, web: null }), trouble: () => [] }),
      notify: () => ({ waiting: 0, failed: 0, trouble: [] }),
      connections: () => [],
      unmatchedColumns: () => [
        {
          connection: 'shop',
          columns: ['public.customers.snn'],
          misfits: ['public.people.born: date cannot hold a token: it will be masked as "redact"'],
        },
      ],
    })
    expect(health.status).toBe('trouble')
    expect(health.detail.trouble).toEqual([
      'Not masked on shop: the database has no public.customers.snn. Correct the columns under “sensitive”.',
      'On shop, public.people.born: date cannot hold a token: it will be masked as "redact".',
    ])
  })
})
