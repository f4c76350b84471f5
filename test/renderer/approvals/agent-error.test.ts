import { expect, it } from 'vitest'
import { deniedByPerson } from '../../../proxy/verdict/refusal.ts'
import { agentErrorOf } from '../../../renderer/approvals/agent-error.ts'

it.each(['Narrow it to customer 1042.', ''])('shows the approver the very error that the gateway sends (reason “%s”)', (reason) => {
  const { message, detail, hint } = deniedByPerson('Priya Nair', reason, 218).fields
  expect(agentErrorOf('Priya Nair', reason, 218)).toEqual({ message, detail, hint })
})
