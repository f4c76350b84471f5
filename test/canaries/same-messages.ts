import { describeMessage, type Message } from '../helpers/decode.ts'

/** The first message in which two answers differ, or undefined. What names a process or a moment is left out. */
export function sameMessages(expected: readonly Message[], actual: readonly Message[]): string | undefined {
  const ours = told(actual)
  const theirs = told(expected)
  const at = theirs.findIndex((message, i) => message !== ours[i])
  const place = at === -1 && ours.length > theirs.length ? theirs.length : at
  return place === -1
    ? undefined
    : `message ${place}: ${(theirs[place] ?? 'nothing').slice(0, 200)} and ${(ours[place] ?? 'nothing').slice(0, 200)}`
}

/** What differs between two sessions of the server itself (salts, processes, transactions, times, the database's name), or is the gateway's by design, labels or none: samples, statements of others, its own application name. */
export const VARIES =
  /gen_salt|pgp_sym|armor|database_to_xml|pg_stat|pg_locks|pg_settings|application_name|SHOW ALL|ANALYZE|xmin|_large|relfilenode|filepath/

/** Authentication, parameters and the cancel key are the gateway's own. */
function told(messages: readonly Message[]): string[] {
  return messages.filter(({ tag }) => !'RSK'.includes(tag)).map(describeMessage)
}
