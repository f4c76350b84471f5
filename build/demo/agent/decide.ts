import { setTimeout as wait } from 'node:timers/promises'
import type { ConnectFile } from '../connect-file.ts'
import { fetchPersonToken } from '../provider/tokens.ts'

interface Pending {
  readonly id: number
  readonly revision: number
}

/** What a person would do on the page, over the API: signs in as the approver, and decides this request. For `--auto` and tests. */
export async function decideAs(connect: ConnectFile, number: number, decision: 'approve' | 'deny', reason: string): Promise<void> {
  const { email, password } = connect.approver
  const token = await fetchPersonToken(connect.issuer, email, password)
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const found = await findPending(connect.web, headers, number)
  const response = await fetch(`${connect.web}/api/approvals/${number}/decision`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ decision, reason, revision: found.revision }),
  })
  if (!response.ok) throw new Error(`The decision on #${number} was answered with ${response.status}: ${await response.text()}`)
}

async function findPending(web: string, headers: Record<string, string>, number: number): Promise<Pending> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const response = await fetch(`${web}/api/approvals?state=pending`, { headers })
    if (!response.ok) throw new Error(`The list of approvals was answered with ${response.status}: ${await response.text()}`)
    const { items } = (await response.json()) as { items: Pending[] }
    const found = items.find((item) => item.id === number)
    if (found !== undefined) return found
    await wait(100)
  }
  throw new Error(`Approval #${number} is not among those that wait.`)
}
