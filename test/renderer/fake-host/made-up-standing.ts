import type { StandingApproval } from '../../../main/contract/index.ts'
import { aiko, jonas, nightly } from './made-up-approvals.ts'

export function makeStanding(now: number): StandingApproval[] {
  const base = { connection: 'shop', hidden: [], rule: 'agents-on-shop/3', ended: null, mayRevoke: true }
  return [
    {
      ...base,
      id: 7,
      approval: 203,
      requester: nightly,
      sentence: 'Changes rows of refunds chosen by day: sets reported.',
      sql: 'UPDATE refunds SET reported = true WHERE day = current_date - 1',
      maxRows: 500,
      times: 5,
      used: 2,
      until: now + 3 * 86_400_000,
      by: [jonas],
      reason: 'The nightly report, agreed in ticket 4790.',
      at: now - 2 * 86_400_000,
      uses: [
        { use: 2, approval: 212, at: now - 11 * 3_600_000 },
        { use: 1, approval: 206, at: now - 35 * 3_600_000 },
      ],
    },
    {
      ...base,
      id: 8,
      approval: 213,
      requester: aiko,
      sentence: 'Changes rows of products chosen by sku: sets price.',
      sql: 'UPDATE products SET price = $1 WHERE sku = $2',
      maxRows: 200,
      times: null,
      used: 0,
      until: now + 9 * 60_000,
      by: [jonas],
      reason: '',
      at: now - 6 * 60_000,
      uses: [],
    },
  ]
}
