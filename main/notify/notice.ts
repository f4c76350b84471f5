import type { Notice } from '../config/notify.ts'

/**
 * What a receiver is told, version 1. It never holds a statement's text, a parameter or a value: who wants to see them follows `link` and signs in. Names
 * that an agent chose for itself are cut.
 */
export interface NoticeBody {
  readonly version: 1
  readonly event: Notice
  /** RFC 3339. */
  readonly time: string
  /** Where this host's pages are. */
  readonly host: string
  readonly link: string
  /** One sentence. */
  readonly text: string
  readonly approval?: ApprovalNotice
}

export interface ApprovalNotice {
  readonly id: number
  readonly state: string
  readonly connection: string
  readonly agent: string
  readonly rule: string | null
  readonly verbs: readonly string[]
  readonly tables: readonly string[]
  /** Who decided; null while nobody has. */
  readonly decidedBy: string | null
  /** RFC 3339: until when the client waits. */
  readonly waitsUntil: string
}

const MAX_NAME = 100

/** A name as others are shown it: on one line and not endless. */
export function shortName(name: string): string {
  const plain = name.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
  return plain.length > MAX_NAME ? `${plain.slice(0, MAX_NAME)}…` : plain
}
