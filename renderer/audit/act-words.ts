import { ACTS, type Act } from '../../main/contract/index.ts'

/** What was done, as it stands behind a name: `ended a session`. An act of a newer host keeps its own name. */
export const actWords = (act: string): string => new Map<string, string>(Object.entries(ACTS)).get(act) ?? act

/** Of the host itself: it started, it did not start the host. */
export const hostWords = (act: string): string => (act === 'host-started' ? 'started' : act === 'host-stopped' ? 'stopped' : actWords(act))

/** What it was done to: `connection shop, reason “an incident”`. */
export function detailWords(details: Act['details']): readonly { readonly name: string; readonly value: string }[] {
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => ({
      name: name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase(),
      value: Array.isArray(value) ? value.join(', ') : value === true ? 'yes' : value === false ? 'no' : String(value),
    }))
}
