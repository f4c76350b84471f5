import type { Attempt } from './attempt.ts'
import { textOf } from './send.ts'

export interface KnownLimit {
  readonly attempt: (attempt: Attempt, text: string) => boolean
  readonly why: string
}

/**
 * What still gives a canary away where a rule allows uses of every label by its name, and why. That some statement of each entry does so is tested
 * as well, so that nothing stands here that has been mended. Where no rule does, none of it is allowed.
 */
export const KNOWN_LIMITS: readonly KnownLimit[] = [
  {
    attempt: ({ group }, text) => group === 'carried elsewhere' && /set_config|setval|pg_notify/.test(text),
    why: 'Settings, sequences and notifications have no columns that a label could be on.',
  },
]

export function limitOf(attempt: Attempt): KnownLimit | undefined {
  return KNOWN_LIMITS.find((limit) => limit.attempt(attempt, textOf(attempt)))
}
