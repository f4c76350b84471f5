import type { Verdict } from '../verdict/decide.ts'
import type { FoundTokens } from './find-tokens.ts'

const HINTS: Readonly<Record<NonNullable<FoundTokens['strange']>, string>> = {
  unknown:
    'A token in it was not shown to you on this connection, or has been forgotten since: select the row again and use the token that it shows now.',
  place: 'A token can be compared only in a SELECT, INSERT, UPDATE, DELETE or MERGE that is sent by itself.',
}

/** A refusal or a question says what is wrong with what looks like a token. */
export function withTokenHint(verdict: Verdict, strange: FoundTokens['strange']): Verdict {
  if (strange === undefined || verdict.effect === 'allow') return verdict
  return Object.freeze({ ...verdict, hint: [HINTS[strange], verdict.hint].filter((part) => part !== '').join(' ') })
}
