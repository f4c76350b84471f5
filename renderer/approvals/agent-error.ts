/** What the agent reads when a person denies: the gateway's own words, line by line as psql prints them. */
export interface AgentError {
  readonly message: string
  readonly detail: string
  readonly hint: string
}

/** Must say what the gateway says (`proxy/verdict/refusal.ts`); a test holds the two together. */
export function agentErrorOf(by: string, reason: string, approval: number): AgentError {
  return {
    message: reason === '' ? `denied by ${by} (approval #${approval})` : reason,
    detail: `${by} denied approval #${approval}.`,
    hint: 'Do what the message says instead, or ask the person. Do not send the same statement again.',
  }
}
