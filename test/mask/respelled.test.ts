import { describe, expect, it } from 'vitest'
import { maskNotice } from '../../proxy/mask/notice.ts'
import {
  DASHLESS,
  ENCODED,
  LETTERS,
  NODE_TREE,
  RECASED,
  REGROUPED,
  REVERSED,
  SENT,
  SPLIT,
  SPREAD,
} from '../../proxy/statement/respelled.ts'
import { CORPUS_PATTERNS, field, output, plan, policy } from './build.ts'
import { rewriteTexts } from './rewrite.ts'

const SSN = '916-81-7055'
const CARD = '4714182562964671'
const KEY = 'sk_live_kTUDVHCHxcUbkoZZnnhTP6tP'
const TEXT = 25
const JSONB = 3802

function shown(bits: number, value: string, type = TEXT): string | null | undefined {
  const outputs = [{ ...output('derived', [{ oid: 5, attnum: 1 }]), respelled: bits }]
  return rewriteTexts(plan({ fields: [field(type)], outputs, policy: policy(CORPUS_PATTERNS) }), [value])[0] as string | null | undefined
}

const back = (text: string): string => [...text].reverse().join('')
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const hex = (text: string): string => Buffer.from(text).toString('hex')

describe('a value in another spelling is masked whole', () => {
  it.each([
    [REVERSED, back(`My social is ${SSN} if you need it`)],
    [REVERSED, back(`card ${CARD}.`)],
    [REVERSED, back(`key=${KEY};`)],
    [ENCODED, base64(`We get 401 with key ${KEY} since this morning`)],
    [ENCODED, base64(`xMy social is ${SSN}`).slice(1)],
    [ENCODED, base64(`card ${CARD} and more of it`).replace(/(.{20})/g, '$1\n')],
    [ENCODED, hex(`card ${CARD}`)],
    [ENCODED, hex(`card ${CARD}`).toUpperCase()],
    [ENCODED | REVERSED, base64(back(`social ${SSN}!`))],
    [ENCODED | REVERSED, back(hex(`social ${SSN}!`))],
    [RECASED, `KEY ${KEY.toUpperCase()}`],
    [REGROUPED, 'is 916.81.7055 if'],
    [REGROUPED, ' 4,714,182,562,964,671'],
    [REGROUPED, `12${CARD}99`],
    [DASHLESS, 'My social is 916817055 if'],
    [SPREAD, `{${[...`is ${SSN} if you`].map((one) => (one === ' ' ? '" "' : one)).join(',')}}`],
    [SPREAD, `[${[...CARD].join(', ')}]`],
    [SPLIT, '{916,81,7055}'],
    [SPLIT, '{Charged,twice,on,4714,1825,6296,"4671,",exp,04/29.}'],
  ])('bits %i: %s', (bits, value) => {
    expect(shown(bits, value)).toBe('*redacted*')
    expect(shown(0, value)).toBe(value)
  })

  it('also bytes', () => {
    expect(shown(REVERSED, `\\x${hex(back(`applicant ${SSN}`))}`, 17)).toBe('\\x')
  })

  it('also a number as bytes', () => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64BE(BigInt(CARD))
    expect(shown(SENT, `\\x${bytes.toString('hex')}`, 17)).toBe('\\x')
    expect(shown(SENT, '\\x0000000000000007', 17)).toBe('\\x0000000000000007')
    expect(shown(SENT, '\\x0004000300000000126a07211898123f', 17)).toBe('\\x')
  })

  it('also its characters, whatever they are', () => {
    expect(shown(LETTERS, '9')).toBe('*redacted*')
    expect(shown(LETTERS, '57', 23)).toBe('0')
  })

  it('stays a legal value of its type', () => {
    expect(shown(ENCODED, `{"a": "${base64(KEY)}"}`, JSONB)).toBe('"*redacted*"')
  })

  it('finds constants in a stored expression tree', () => {
    const tree = `{CONST :constvalue 15 [ 60 0 0 0 ${[...SSN].map((one) => one.charCodeAt(0)).join(' ')} ] :location -1}`
    const p = plan({ fields: [field(NODE_TREE)], outputs: [output('itself', [{ oid: 2618, attnum: 8 }])], policy: policy(CORPUS_PATTERNS) })
    expect(rewriteTexts(p, [tree])).toEqual([null])
    expect(rewriteTexts(p, ['{VAR :varno 1}'])).toEqual(['{VAR :varno 1}'])
  })
})

describe('what holds nothing stays as it is', () => {
  it.each([
    [REVERSED, back('Where is my parcel? Call 555-867-5309, zip 90210-1234')],
    [ENCODED, base64('Newsletter issue 1, and hello to everybody who reads this')],
    [ENCODED, hex('Newsletter issue 1')],
    [REGROUPED, '2024-03-15 09:00:00.123456'],
    [REGROUPED, '1,234.56 EUR'],
    [REGROUPED, '16439.999999999998 and 0.4714182562964671'],
    [REGROUPED, '555-0101'],
    [DASHLESS, '5550101'],
    [DASHLESS, '20240315 and 90210'],
    [SPREAD, '{1,2,3,4,5,6,7,8,9,1}'],
    [RECASED, 'HUGO DUARTE'],
  ])('bits %i: %s', (bits, value) => {
    expect(shown(bits, value)).toBe(value)
  })

  it('a number is what it is', () => {
    expect(
      plan({ fields: [field(23)], outputs: [{ ...output('derived', []), respelled: REVERSED }], policy: policy(CORPUS_PATTERNS) }).kind,
    ).toBe('pass')
  })
})

describe('numbers', () => {
  const one = (type: number, value: string) => rewriteTexts(plan({ fields: [field(type)], policy: policy(CORPUS_PATTERNS) }), [value])[0]

  it('a card is one with a minus sign, and as an amount of money', () => {
    expect(one(20, `-${CARD}`)).toBe('0')
    expect(one(790, '$4,714,182,562,964,671.00')).toBe('0.00')
    expect(one(790, '$4,714.18')).toBe('$4,714.18')
  })
})

describe('an error that quotes a text in another spelling', () => {
  const message = (text: string): string | undefined => {
    const body = Buffer.from(`SERROR\0C22P02\0M${text}\0Fnumutils.c\0\0`)
    const head = Buffer.from([0x45, 0, 0, 0, 0])
    head.writeInt32BE(4 + body.length, 1)
    const frame = Buffer.concat([head, body])
    return maskNotice(frame, 0, frame.length, { touched: false, policy: policy(CORPUS_PATTERNS) })?.toString('latin1')
  }

  it('tells nothing of it', () => {
    for (const value of [back(`key ${KEY}`), base64(`key ${KEY}`), hex(`key ${KEY}`)]) {
      const masked = message(`invalid input syntax for type integer: "${value}"`)
      expect(masked).toContain('*redacted*')
      expect(masked).not.toContain(value)
      expect(masked).toContain('22P02')
    }
  })

  it('is left alone otherwise', () => {
    expect(message('invalid input syntax for type integer: "quiescent thalvian neuropathy"')).toBeUndefined()
  })
})
