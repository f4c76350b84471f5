import { GatewayError } from '../../proxy/errors.ts'
import type { Pause } from '../contract/agents.ts'

/** One line, for a client's terminal. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')

/** `agents are paused by Lena Lead since 2026-11-24 14:03 UTC: the nightly import went wrong`. */
export function tellPause(pause: Pause, all: boolean): string {
  const since = new Date(pause.at).toISOString().slice(0, 16).replace('T', ' ')
  return `${all ? 'all agents are' : 'this agent is'} paused by ${plain(pause.by.name)} since ${since} UTC: ${plain(pause.reason)}`
}

/** A paused agent's log-in: the server "is not accepting connections at this time" (57P03, cannot_connect_now). */
export function pausedRefusal(pause: Pause, all: boolean): GatewayError {
  return new GatewayError({
    code: 'paused',
    sqlstate: '57P03',
    message: tellPause(pause, all),
    hint: 'Stop here and tell the person you work for. An admin lets agents go on, on Sallyport’s page; connect again after that.',
    severity: 'FATAL',
  })
}
