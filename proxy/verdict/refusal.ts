/** The refusals that a verdict or a person makes, worded once for every protocol. */
import { GatewayError } from '../errors.ts'
import type { Judged } from '../ports.ts'
import type { Verdict } from './decide.ts'

/** 42501 `denied by rule "…"`, DETAIL: what in the statement met it, HINT: what to do instead. */
export function denied(judged: Judged): GatewayError {
  const { verdict } = judged
  const first = verdict.because[0]
  const detail = verdict.because.map((reason) => reason.what).join('; ')
  const hint = [verdict.rule?.message, verdict.hint].filter((part) => part !== undefined && part !== '').join(' ')
  return new GatewayError({
    code: 'denied',
    sqlstate: '42501',
    message: messageOf(verdict),
    ...(detail === '' ? {} : { detail }),
    ...(hint === '' ? {} : { hint }),
    ...(first === undefined ? {} : { position: characterPosition(judged.text, first.offset) }),
  })
}

function messageOf({ rule, carried, effect }: Verdict): string {
  if (rule !== undefined) return `denied by rule "${rule.id}"`
  return effect === 'deny' && carried !== undefined && carried.length > 0
    ? 'denied: it would keep a labelled value where its label is not'
    : 'denied: no rule allows this statement'
}

const MISSING: Readonly<Record<string, string>> = {
  relation: '42P01',
  column: '42703',
  type: '42704',
  function: '42883',
  procedure: '42883',
}

/**
 * A statement that is denied only because it names what is not there: the server's own error, since that is what it would say
 * (appendix A, class 42). Undefined when anything else stands against it.
 */
export function missingName(judged: Judged): GatewayError | undefined {
  const { because, effect } = judged.verdict
  const names = because.map((reason) => /^(relation|column|type|function|procedure) ("[^"]*") is not known here$/.exec(reason.what))
  const first = names[0]
  if (effect !== 'deny' || first === undefined || first === null || names.includes(null)) return undefined
  const [, kind = '', name = ''] = first
  return new GatewayError({
    code: 'denied',
    sqlstate: MISSING[kind] ?? '42501',
    message: `${kind} ${name} does not exist`,
    hint: 'Look the name up in information_schema. If an earlier statement of the same string or pipeline makes it, send them one after the other.',
    position: characterPosition(judged.text, because[0]?.offset ?? 0),
  })
}

/** It uses relations that its own transaction may have remade, and whose columns have labels that can no longer be followed. */
export function schemaInDoubt(): GatewayError {
  return new GatewayError({
    code: 'denied',
    sqlstate: '42501',
    message: 'denied: this transaction has changed the schema',
    detail: 'What the changed tables and views show cannot be told before the change is committed.',
    hint: 'Send the statements one after the other, not in one string or pipeline, or COMMIT the change first.',
  })
}

/** It would change how the server reads statements, which no policy can allow. */
export function keptSetting(judged: Judged): GatewayError {
  const at = judged.facts.flatMap((facts) => facts.because).find((one) => one.changesReading)
  return new GatewayError({
    code: 'unsupported',
    sqlstate: '0A000',
    message: 'standard_conforming_strings and client_encoding cannot be changed through the gateway',
    detail: 'With other values the server would read other statements than the gateway judges. They are kept at "on" and "UTF8".',
    hint: "Leave the setting out. Write backslash escapes as E'…' strings, and convert encodings in your program.",
    ...(at === undefined ? {} : { position: characterPosition(judged.text, at.offset) }),
  })
}

/** A statement that must be asked about but cannot even be prepared before that. */
export function cannotPrepare(judged: Judged): GatewayError {
  const code = judged.facts.flatMap((facts) => facts.unknown.filter((unknown) => unknown.code))
  const [first] = code
  return new GatewayError({
    code: 'denied',
    sqlstate: '42501',
    message: `denied by rule "${judged.verdict.rule?.id ?? ''}": it cannot be prepared before it is approved`,
    detail: `preparing it could already run ${code.map((unknown) => unknown.what).join(', ')}`,
    hint: 'Send it as a simple query without bound parameters, so that a person can approve the whole of it first.',
    ...(first === undefined ? {} : { position: characterPosition(judged.text, first.offset) }),
  })
}

/** What tokens stand for goes to the server as parameters, which this text has no room for. */
export function cannotPutBack(): GatewayError {
  return new GatewayError({
    code: 'unsupported',
    sqlstate: '0A000',
    message: 'the tokens in this statement cannot be put back where they stand',
    hint: "Write a token as a plain string ('tok_…') right beside the column, or bind it as a parameter.",
  })
}

/** A prepared statement holds tokens that are not known any more. */
export function forgottenToken(): GatewayError {
  return new GatewayError({
    code: 'denied',
    sqlstate: '42501',
    message: 'a token in this prepared statement has been forgotten',
    hint: 'Select the row again, and prepare the statement anew with the token that it shows now.',
  })
}

export function deniedByPerson(by: string, reason: string, approval: number): GatewayError {
  return new GatewayError({
    code: 'denied-by-person',
    sqlstate: '42501',
    message: reason === '' ? `denied by ${by} (approval #${approval})` : reason,
    detail: `${by} denied approval #${approval}.`,
    hint: 'Do what the message says instead, or ask the person. Do not send the same statement again.',
  })
}

/** 57014: nobody decided in time. */
export function notApproved(approval: number, openUntil: number): GatewayError {
  return new GatewayError({
    code: 'not-approved',
    sqlstate: '57014',
    message: `approval #${approval} was not given in time`,
    hint: `The request stays open until ${new Date(openUntil).toISOString()}. Send the same statement again once it is approved.`,
  })
}

/** 57014, as PostgreSQL words it. */
export function cancelled(): GatewayError {
  return new GatewayError({ code: 'withdrawn', sqlstate: '57014', message: 'canceling statement due to user request' })
}

/** 54000: an approved statement touched more rows than the person allowed. It was rolled back. */
export function tooManyRows(rows: number | undefined, ceiling: number): GatewayError {
  return new GatewayError({
    code: 'limit',
    sqlstate: '54000',
    message:
      rows === undefined
        ? `how many rows the statement touched cannot be told, and ${ceiling} were approved: it was rolled back`
        : `the statement touched ${rows} rows, and ${ceiling} were approved: it was rolled back`,
    hint: `Narrow it to at most ${ceiling} rows, and send it again.`,
  })
}

export function heldNotice(verdict: Verdict, approval: number, waitMs: number): string {
  return `held for approval #${approval} (rule "${verdict.rule?.id ?? ''}"), waiting up to ${inWords(waitMs)}`
}

function inWords(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`
}

/** PostgreSQL counts positions in characters, from 1. */
export function characterPosition(text: Buffer, offset: number): number {
  let characters = 0
  for (let i = 0; i < offset && i < text.length; i++) if (((text[i] as number) & 0xc0) !== 0x80) characters++
  return characters + 1
}
