import { describe, expect, it } from 'vitest'
import { maskNotice, maskNotification, maskParameterStatus } from '../../proxy/mask/notice.ts'
import { CORPUS_PATTERNS, policy } from './build.ts'

function report(fields: Record<string, string>, type = 'E'): Buffer {
  const body = Buffer.from(
    `${Object.entries(fields)
      .map(([code, value]) => `${code}${value}\0`)
      .join('')}\0`,
  )
  const head = Buffer.from([type.charCodeAt(0), 0, 0, 0, 0])
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

function read(frame: Buffer): Record<string, string> {
  expect(frame.readInt32BE(1)).toBe(frame.length - 1)
  expect(frame.at(-1)).toBe(0)
  const fields = frame.toString('utf8', 5, frame.length - 2).split('\0')
  return Object.fromEntries(fields.map((field) => [field[0], field.slice(1)]))
}

function mask(fields: Record<string, string>, touched: boolean): Record<string, string> {
  const frame = Buffer.concat([Buffer.from('abc'), report(fields), Buffer.from('4714182562964671')])
  const masked = maskNotice(frame, 3, frame.length - 16, { touched, policy: policy(CORPUS_PATTERNS) })
  return masked === undefined ? fields : read(masked)
}

const CAST = {
  S: 'ERROR',
  V: 'ERROR',
  C: '22P02',
  M: 'invalid input syntax for type integer: "quiescent thalvian"',
  P: '8',
  F: 'numutils.c',
  L: '617',
  R: 'pg_strtoint32_safe',
}

describe('an error of a statement that touches something sensitive', () => {
  it('quotes no value, and still says what kind of error it was', () => {
    const masked = mask(CAST, true)
    expect(JSON.stringify(masked)).not.toContain('quiescent')
    expect(masked).toMatchObject({ S: 'ERROR', V: 'ERROR', C: '22P02', P: '8', M: 'a text cannot be read as that type' })
  })

  it('loses every field that a function or the server can fill with a value', () => {
    const values = {
      M: 's3cret',
      D: 's3cret',
      H: 's3cret',
      W: 's3cret',
      q: 's3cret',
      p: '5',
      s: 's3cret',
      t: 's3cret',
      c: '280637.16',
      d: 's3cret',
      n: 's3cret',
    }
    const masked = mask({ ...CAST, ...values, C: 'P0001', F: 'pl_exec.c', R: 'exec_stmt_raise' }, true)
    expect(Object.keys(masked).sort()).toEqual(['C', 'D', 'F', 'L', 'M', 'P', 'R', 'S', 'V'])
    expect(JSON.stringify(masked)).not.toMatch(/s3cret|280637/)
  })

  it('keeps the constraint that the server itself names', () => {
    const masked = mask(
      {
        ...CAST,
        C: '23505',
        F: 'nbtinsert.c',
        D: 'Key (ssn)=(916-81-7055) already exists.',
        s: 'public',
        t: 'customers',
        n: 'customers_ssn_key',
      },
      true,
    )
    expect(masked).toMatchObject({
      C: '23505',
      s: 'public',
      t: 'customers',
      n: 'customers_ssn_key',
      M: 'a unique constraint would be violated',
    })
    expect(masked['D']).not.toContain('916')
  })

  it.each([
    ['QUIES', 'XX000'],
    ['P0Q1E', 'P0000'],
    ['22ABC', '22000'],
    ['40001', '40001'],
  ])('repeats no SQLSTATE that PostgreSQL does not have: %s becomes %s', (given, expected) => {
    expect(mask({ ...CAST, C: given }, true)['C']).toBe(expected)
  })
})

describe('an error of any other statement', () => {
  it('is left alone when no pattern is in it', () => {
    expect(mask({ ...CAST, M: 'relation "x" does not exist' }, false)['M']).toBe('relation "x" does not exist')
  })

  it('is searched in every field', () => {
    const masked = mask(
      { ...CAST, M: 'invalid input: "929-78-6693"', D: 'row (1, 4714182562964671)', W: 'key sk_live_kTUDVHCHxcUbkoZZnnhTP6tP' },
      false,
    )
    expect(masked).toMatchObject({ M: 'invalid input: "*redacted*"', D: 'row (1, *redacted*)', W: 'key *redacted*', C: '22P02', P: '8' })
  })

  it('also as a notice', () => {
    const frame = report({ S: 'NOTICE', C: '00000', M: 'customer 929-78-6693' }, 'N')
    const masked = maskNotice(frame, 0, frame.length, { touched: false, policy: policy(CORPUS_PATTERNS) })
    expect(masked?.[0]).toBe('N'.charCodeAt(0))
    expect(read(masked!)['M']).toBe('customer *redacted*')
  })
})

describe('what comes at any time', () => {
  it('notifications are searched in channel and payload', () => {
    const body = Buffer.from('\0\0\0\x07jobs\0done 929-78-6693\0', 'latin1')
    const frame = Buffer.concat([Buffer.from([0x41, 0, 0, 0, 4 + body.length]), body])
    const masked = maskNotification(frame, 0, frame.length, policy(CORPUS_PATTERNS))!
    expect(masked.readInt32BE(1)).toBe(masked.length - 1)
    expect(masked.readInt32BE(5)).toBe(7)
    expect(masked.toString('latin1', 9)).toBe('jobs\0done *redacted*\0')
    expect(maskNotification(frame, 0, frame.length, policy())).toBe(undefined)
  })

  it('parameter values are searched', () => {
    const body = Buffer.from('application_name\0psql 929-78-6693\0')
    const frame = Buffer.concat([Buffer.from([0x53, 0, 0, 0, 4 + body.length]), body])
    expect(maskParameterStatus(frame, 0, frame.length, policy(CORPUS_PATTERNS))!.toString('latin1', 5)).toBe(
      'application_name\0psql *redacted*\0',
    )
  })
})

describe('an error of a statement that changes a table with a sensitive column, and touches none', () => {
  const changed = (fields: Record<string, string>): Record<string, string> => {
    const frame = report(fields)
    const masked = maskNotice(frame, 0, frame.length, { touched: false, changed: true, policy: policy(CORPUS_PATTERNS) })
    return masked === undefined ? fields : read(masked)
  }
  const NOT_NULL = {
    S: 'ERROR',
    C: '23502',
    M: 'null value in column "id" of relation "people" violates not-null constraint',
    D: 'Failing row contains (null, s3cret).',
    t: 'people',
    F: 'execMain.c',
  }

  it('names the constraint and not the row', () => {
    expect(changed(NOT_NULL)).toMatchObject({ M: NOT_NULL.M, t: 'people', C: '23502' })
    expect(JSON.stringify(changed(NOT_NULL))).not.toContain('s3cret')
  })

  it('is told as it is where it speaks of names', () => {
    const missing = { S: 'ERROR', C: '42703', M: 'column "nme" does not exist', H: 'Perhaps you meant "name".', F: 'parse_relation.c' }
    expect(changed(missing)).toEqual(missing)
  })

  it.each([
    { S: 'ERROR', C: '22P02', M: 'invalid input syntax for type integer: "s3cret"', F: 'numutils.c' },
    { S: 'ERROR', C: '42703', M: 's3cret', F: 'pl_exec.c' },
    { S: 'ERROR', C: '23505', M: 's3cret', F: 'pl_exec.c' },
    { S: 'ERROR', C: '23505', M: 's3cret' },
    { S: 'NOTICE', C: '00000', M: 's3cret', F: 'pl_exec.c' },
  ])('tells no value: $C of $F', (fields) => {
    expect(JSON.stringify(changed(fields))).not.toContain('s3cret')
  })
})
