import type { Agent } from '../../main/contract/index.ts'

/** One agent and no other: who it is and which of its programs. */
export const referenceOf = ({ issuer, subject, client }: Agent) => ({ issuer, subject, ...(client === null ? {} : { client }) })

/** One agent has one key, since names are not unique. */
export const keyOf = ({ issuer, subject, client }: Agent): string => JSON.stringify([issuer, subject, client])
