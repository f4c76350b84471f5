import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { prepareSecret } from '../../proxy/login/prepare-secret.ts'
import { beginScram } from '../../proxy/login/scram.ts'

const text = (value: string) => Buffer.from(value, 'latin1')
const NONCE = 'rOprNGfwEbeRWgbNEkqO'
const FIRST = `r=${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`

async function refusal(run: () => unknown): Promise<string> {
  try {
    await run()
  } catch (error) {
    if (error instanceof GatewayError) return `${error.fields.sqlstate} ${error.message}`
    throw error
  }
  return 'passed'
}

describe('SCRAM', () => {
  it('without a channel has the header n,, and no user name, which PostgreSQL does not read', async () => {
    const scram = beginScram('pencil', 'unable', NONCE)
    expect(scram.mechanism).toBe('SCRAM-SHA-256')
    expect(scram.first.toString()).toBe(`n,,n=,r=${NONCE}`)
    const final = (await scram.answer(text(FIRST))).toString()
    expect(final).toMatch(/^c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj\)hNlF\$k0,p=[A-Za-z0-9+/]{43}=$/)
    expect(await refusal(() => scram.verify(text('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')))).toMatch(/signature is wrong/)
  })

  it('says which channel it is bound to, and that it could be where the server says that it cannot', async () => {
    const hash = Buffer.alloc(32, 7)
    const bound = beginScram('pencil', hash, NONCE)
    expect({ mechanism: bound.mechanism, first: bound.first.toString() }).toEqual({
      mechanism: 'SCRAM-SHA-256-PLUS',
      first: `p=tls-server-end-point,,n=,r=${NONCE}`,
    })
    const channel = Buffer.concat([Buffer.from('p=tls-server-end-point,,'), hash]).toString('base64')
    expect((await bound.answer(text(FIRST))).toString()).toContain(`c=${channel},`)
    const could = beginScram('pencil', 'not-offered', NONCE)
    expect(could.first.toString()).toMatch(/^y,,/)
    expect((await could.answer(text(FIRST))).toString()).toMatch(/^c=eSws,/)
  })

  it.each([
    ['2^31 iterations', FIRST.replace('4096', '2147483648'), /2147483648 iterations/],
    ['more than a million', FIRST.replace('4096', '1000001'), /1000001 iterations/],
    ['more digits than a number has', FIRST.replace('4096', '9'.repeat(400)), /malformed/],
    ['no iterations', FIRST.replace('4096', '0'), /malformed/],
    ['negative iterations', FIRST.replace('4096', '-1'), /malformed/],
    ['hexadecimal iterations', FIRST.replace('4096', '0x10'), /malformed/],
    ['another nonce', FIRST.replace(NONCE, 'x'.repeat(20)), /nonce is not ours/],
    ['only our nonce', `r=${NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`, /nonce is not ours/],
    ['no salt', `r=${NONCE}x,s=,i=4096`, /malformed/],
    ['an extension that we must know', `m=x,${FIRST}`, /malformed/],
    ['an error', 'e=other-error', /malformed/],
    ['nothing', '', /malformed/],
  ])('refuses a server that sends %s, before it costs anything', async (_name, first, why) => {
    const started = Date.now()
    const refused = await refusal(() => beginScram('pencil', 'unable', NONCE).answer(text(first)))
    expect(refused).toMatch(/^08004/)
    expect(refused).toMatch(why)
    expect(Date.now() - started).toBeLessThan(500)
  })

  it.each(['', 'v=', 'v=AAAA', 'e=invalid-proof', `v=${'A'.repeat(43)}=`])('does not believe the signature %j', async (final) => {
    const scram = beginScram('pencil', 'unable', NONCE)
    expect(await refusal(() => scram.verify(text(final)))).toMatch(/signature is wrong/)
    await scram.answer(text(FIRST))
    expect(await refusal(() => scram.verify(text(final)))).toMatch(/signature is wrong/)
  })
})

describe('a password before it is hashed (RFC 4013)', () => {
  it.each([
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
    ['a\u00a0b', 'a b'],
    ['pa\u200dss', 'pass'],
    // Not allowed by the RFC: taken as it is.
    ['a\u0007\u00aa', 'a\u0007\u00aa'],
    ['\u00ad', '\u00ad'],
  ])('%j is %j', (given, prepared) => {
    expect(prepareSecret(given)).toBe(prepared)
  })
})
