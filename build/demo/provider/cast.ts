/** Who plays in the demo. */
export interface CastMember {
  readonly key: 'lead' | 'approver' | 'engineer'
  readonly subject: string
  readonly name: string
  readonly email: string
  readonly part: string
  /** What this person may do in Sallyport, in a few words. */
  readonly may: string
  readonly groups: readonly string[]
}

export const CAST: readonly CastMember[] = [
  {
    key: 'lead',
    subject: 'lena.fischer',
    name: 'Lena Fischer',
    email: 'lena.fischer@shop.example',
    part: 'Team lead',
    may: 'may change everything, and decide',
    groups: ['leads', 'dba', 'engineering'],
  },
  {
    key: 'approver',
    subject: 'priya.nair',
    name: 'Priya Nair',
    email: 'priya.nair@shop.example',
    part: 'Approver',
    may: 'decides what is held',
    groups: ['dba', 'engineering'],
  },
  {
    key: 'engineer',
    subject: 'maya.lindqvist',
    name: 'Maya Lindqvist',
    email: 'maya.lindqvist@shop.example',
    part: 'Engineer',
    may: 'sees sessions, decides nothing',
    groups: ['engineering'],
  },
]

export const WEB_CLIENT = 'sallyport-web'
/** People who want a token of their own: public, code and PKCE, redirect to loopback. */
export const PERSON_CLIENT = 'sallyport-cli'
export const AGENT_CLIENT = 'cursor-agent'
export const AGENT = { name: 'Cursor agent', email: 'cursor-agent@agents.shop.example', groups: ['ai-agents'] } as const

/** `aud` of tokens for the gateway. */
export const AUDIENCE = 'sallyport'
/** What a client asks for as `resource` (RFC 8707) to get such a token. */
export const RESOURCE = 'urn:sallyport'

export const PERSON_REDIRECT = 'http://127.0.0.1/signed-in'
/** A working day and a little: the printed lines stay good as long as the demo runs. */
export const TOKEN_TTL_S = 12 * 3600
