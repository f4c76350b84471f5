import { describe, expect, it } from 'vitest'
import { compilePatterns } from '../../proxy/mask/pattern-set.ts'
import { rewriteRow } from '../../proxy/mask/row.ts'
import { RowSearch } from '../../proxy/mask/row-search.ts'
import { ByteSink } from '../../proxy/wire/sink.ts'
import { dataRow, field, KEY, label, pattern, plan, policy } from './build.ts'
import { random } from './random.ts'

const PATTERNS = [
  ...['credit_card', 'ssn', 'api_key', 'jwt', 'private_key', 'email', 'iban', 'phone'].map((name) => pattern(name)),
  pattern('staff_id', 'token', 'EMP-[0-9]{6}'),
]
const PLANTED = [
  '4539 5787 6362 1486',
  '4539578763621486',
  '536-22-8743',
  'ssn 536228743',
  'sk_live_9fKx2LmQ7vTzR4wYc8BnJ6hD',
  'mira@example.com',
  'DE89370400440532013000',
  '+49 30 1234567',
  'EMP-004711',
  '\\u0035\\u0033\\u0036-22-8743',
  '５３６-22-8743',
  '-----BEGIN RSA PRIVATE KEY-----MIIEowIBAAKCAQEA',
]
const FILL = ['', ' ', '7', '12-', '0000', 'amber', '2024-01-10 08:30:01', '-----', '....', 'a b c', '\\', '&', 'é', '99999999']

/** Values of many rows, one after the other as the server sends them: lengths between them, hits at their edges. */
function rowsOf(seed: number): { readonly buf: Buffer; readonly values: readonly { start: number; end: number }[] } {
  const next = random(seed)
  const parts: Buffer[] = []
  const values: { start: number; end: number }[] = []
  let size = 0
  for (let i = 0; i < 60; i++) {
    const planted = next(3) === 0 ? PLANTED[next(PLANTED.length)]! : ''
    const text = Buffer.from(`${FILL[next(FILL.length)]}${planted}${FILL[next(FILL.length)]}`)
    const length = Buffer.alloc(4)
    length.writeInt32BE(text.length)
    parts.push(length, text)
    values.push({ start: size + 4, end: size + 4 + text.length })
    size += 4 + text.length
  }
  return { buf: Buffer.concat(parts), values }
}

describe('the search along rows', () => {
  it.each([[PATTERNS], [PATTERNS.slice(0, 3)], [PATTERNS.slice(8)], [PATTERNS.slice(5, 6)]])(
    'passes over no value in which something is found (%#)',
    (patterns) => {
      const set = compilePatterns(patterns, { key: KEY, connection: 'shop' })
      const search = new RowSearch()
      let found = 0
      for (let seed = 1; seed <= 150; seed++) {
        const { buf, values } = rowsOf(seed)
        search.begin(set, buf.length)
        for (const { start, end } of values) {
          const may = search.mayHold(buf, start, end)
          if (set.find(buf, start, end).length === 0) continue
          found++
          expect([seed, buf.toString('utf8', start, end), may]).toEqual([seed, buf.toString('utf8', start, end), true])
        }
      }
      expect(found).toBeGreaterThan(100)
    },
  )

  it('looks at other bytes anew, and has nothing to say where nothing is sought', () => {
    const set = compilePatterns([pattern('ssn')], { key: KEY, connection: 'shop' })
    const search = new RowSearch()
    const first = Buffer.from('nothing at all in these bytes')
    search.begin(set, first.length)
    expect(search.mayHold(first, 0, first.length)).toBe(false)
    const second = Buffer.from('it is 536-22-8743 in these   ')
    search.begin(set, second.length)
    expect(search.mayHold(second, 0, second.length)).toBe(true)
    search.begin(compilePatterns([], { key: KEY, connection: 'shop' }), second.length)
    expect(search.mayHold(second, 0, second.length)).toBe(false)
  })
})

describe('a run of rows', () => {
  it('is masked the same with one search for all of them as with one for each', () => {
    const fields = [0, 1, 2, 3].map((i) => field(25, { tableOid: 1, attnum: i + 1 }))
    const plans = [
      plan({ fields, policy: policy(PATTERNS) }),
      plan({ fields, labelled: { '1.2': label('pii') }, policy: policy(PATTERNS) }),
      plan({ fields, policy: policy([pattern('ssn', 'partial'), pattern('credit_card', 'token'), pattern('api_key', 'null')]) }),
    ]
    const next = random(7)
    const cell = () => (next(6) === 0 ? null : `${FILL[next(FILL.length)]}${next(3) === 0 ? PLANTED[next(PLANTED.length)] : ''}`)
    for (const one of plans) {
      const rows = Array.from({ length: 200 }, () => dataRow([cell(), cell(), cell(), cell()]))
      const all = Buffer.concat(rows)
      const [together, each] = [new ByteSink(65_536), new ByteSink(65_536)]
      const search = new RowSearch()
      search.begin(one.patterns, all.length)
      let at = 0
      for (const row of rows) {
        rewriteRow(one, all, at, at + row.length, together, new Set(), false, search)
        rewriteRow(one, row, 0, row.length, each, new Set())
        at += row.length
      }
      expect(together.buf.subarray(0, together.length).equals(each.buf.subarray(0, each.length))).toBe(true)
      expect(together.buf.subarray(0, together.length).equals(all)).toBe(false)
    }
  })
})
