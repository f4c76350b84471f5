import { describe, expect, it } from 'vitest'
import { describeMask } from '../../proxy/mask/describe.ts'
import { CORPUS_PATTERNS, field, label, output, plan, policy } from './build.ts'
import { rewriteTexts } from './rewrite.ts'

const pii = label('pii')
const labelled = { '100.6': pii }

describe('provenance', () => {
  it('masks a labelled column whatever it is called', () => {
    const p = plan({ fields: [field(23), field(25, { name: 'harmless', tableOid: 100, attnum: 6 })], labelled })
    expect(p.kind).toBe('rewrite')
    expect(p.masked).toEqual(['pii'])
    expect(rewriteTexts(p, ['7', '916-81-7055'])).toEqual(['7', '*redacted*'])
  })

  it('leaves the other columns of the same table', () => {
    const p = plan({ fields: [field(25, { tableOid: 100, attnum: 2 })], labelled })
    expect(p.kind).toBe('pass')
    expect(p.masked).toEqual([])
  })

  it('counts even if lineage says that the column is harmless', () => {
    const p = plan({ fields: [field(25, { tableOid: 100, attnum: 6 })], outputs: [output('itself', [{ oid: 5, attnum: 1 }])], labelled })
    expect(rewriteTexts(p, ['x'])).toEqual(['*redacted*'])
  })
})

describe('lineage', () => {
  it('sees the base column behind a view, which provenance cannot', () => {
    const p = plan({ fields: [field(25, { tableOid: 900, attnum: 2 })], outputs: [output('itself', [{ oid: 100, attnum: 6 }])], labelled })
    expect(rewriteTexts(p, ['x'])).toEqual(['*redacted*'])
  })

  it('masks what is computed from a labelled column whole, whatever the form', () => {
    const fields = [field(25), field(23)]
    const outputs = fields.map(() => output('derived', [{ oid: 100, attnum: 6 }]))
    const p = plan({ fields, outputs, labelled: { '100.6': label('pii', 'partial') } })
    expect(rewriteTexts(p, ['16-81-7055', '57'])).toEqual(['*redacted*', '0'])
  })

  it('uses the form of the label for the column itself', () => {
    const p = plan({
      fields: [field(25)],
      outputs: [output('itself', [{ oid: 100, attnum: 6 }])],
      labelled: { '100.6': label('pii', 'partial') },
    })
    expect(rewriteTexts(p, ['916-81-7055'])).toEqual(['****7055'])
  })

  it('redacts where two labels with different forms meet in one column', () => {
    const outputs = [
      output('itself', [
        { oid: 100, attnum: 6 },
        { oid: 100, attnum: 7 },
      ]),
    ]
    const p = plan({ fields: [field(25)], outputs, labelled: { '100.6': label('pii', 'partial'), '100.7': label('card', 'token') } })
    expect(rewriteTexts(p, ['916-81-7055'])).toEqual(['*redacted*'])
    expect(p.masked).toEqual(['card', 'pii'])
  })

  it('masks a whole row whole', () => {
    const p = plan({ fields: [field(90_001)], outputs: [output('itself', [{ oid: 100, attnum: 0 }])], labelled: { '100.0': pii } })
    expect(rewriteTexts(p, ['(1,a)'])).toEqual([null])
  })

  it('lets pass what is computed from other columns', () => {
    const p = plan({ fields: [field(20)], outputs: [output('derived', [{ oid: 100, attnum: 1 }])], labelled })
    expect(p.kind).toBe('pass')
  })
})

describe('what cannot be told', () => {
  const touched = [pii]
  it.each([
    ['the facts have no outputs', undefined],
    ['the facts have another number of columns', [output('itself'), output('itself'), output('itself')]],
    ['lineage is unknown', [output('unknown'), output('unknown')]],
  ])('is masked whole if the statement touches something sensitive: %s', (_, outputs) => {
    const p = plan({ fields: [field(25), field(25, { tableOid: 900, attnum: 1 })], outputs, touched, labelled })
    expect(rewriteTexts(p, ['a', 'b'])).toEqual(['*redacted*', '*redacted*'])
  })

  it('passes if the statement touches nothing sensitive', () => {
    const p = plan({ fields: [field(25)], outputs: undefined, touched: [], labelled })
    expect(p.kind).toBe('pass')
  })
})

describe('NULL', () => {
  it('stays NULL in the column itself, since outer joins depend on it', () => {
    const p = plan({ fields: [field(25, { tableOid: 100, attnum: 6 })], labelled })
    expect(rewriteTexts(p, [null])).toEqual([null])
  })

  it('is hidden in what is computed, so that no CASE can ask a question', () => {
    const p = plan({ fields: [field(23)], outputs: [output('derived', [{ oid: 100, attnum: 6 }])], labelled })
    expect(rewriteTexts(p, [null])).toEqual(rewriteTexts(p, ['1']))
  })
})

describe('reveal', () => {
  it('shows labelled columns in clear, and searches the others still', () => {
    const fields = [field(25, { name: 'ssn', tableOid: 100, attnum: 6 }), field(25)]
    const p = plan({ fields, labelled, reveal: true, policy: policy(CORPUS_PATTERNS) })
    expect(rewriteTexts(p, ['916-81-7055', '916-81-7055'])).toEqual(['916-81-7055', '*redacted*'])
    expect(describeMask(p).revealed.map((one) => one.column)).toEqual(['ssn'])
    expect(describeMask(p).columns).toEqual([])
  })
})

describe('reveal of one label', () => {
  const fields = [field(25, { name: 'ssn', tableOid: 100, attnum: 6 }), field(25, { name: 'card', tableOid: 100, attnum: 7 })]
  const two = { '100.6': pii, '100.7': label('card') }

  it('leaves the others masked', () => {
    expect(rewriteTexts(plan({ fields, labelled: two, reveal: ['pii'] }), ['a', 'b'])).toEqual(['a', '*redacted*'])
    expect(rewriteTexts(plan({ fields, labelled: two, reveal: ['card', 'pii'] }), ['a', 'b'])).toEqual(['a', 'b'])
    expect(rewriteTexts(plan({ fields, labelled: two, reveal: [] }), ['a', 'b'])).toEqual(['*redacted*', '*redacted*'])
  })

  it('shows a column with two labels only when both are lifted', () => {
    const labels = { of: () => pii, all: () => [pii, label('card')], any: true }
    expect(rewriteTexts(plan({ fields, labels, reveal: ['pii'] }), ['a', 'b'])).toEqual(['*redacted*', '*redacted*'])
    expect(rewriteTexts(plan({ fields, labels, reveal: ['pii', 'card'] }), ['a', 'b'])).toEqual(['a', 'b'])
  })

  it('does not show what is computed from both, or what nobody can tell', () => {
    const sources = [
      { oid: 100, attnum: 6 },
      { oid: 100, attnum: 7 },
    ]
    const one = plan({ fields: [field(25)], outputs: [output('derived', sources)], labelled: two, reveal: ['pii'] })
    expect(rewriteTexts(one, ['ab'])).toEqual(['*redacted*'])
    const unknown = plan({ fields: [field(25)], outputs: [output('unknown')], labelled: two, reveal: ['pii'] })
    expect(rewriteTexts(unknown, ['ab'])).toEqual(['*redacted*'])
  })
})

describe('kinds of plans', () => {
  it('scans where there are patterns and text, passes where values cannot hold any', () => {
    expect(plan({ fields: [field(25)], policy: policy(CORPUS_PATTERNS) }).kind).toBe('scan')
    expect(plan({ fields: [field(23), field(1114), field(16), field(2950)], policy: policy(CORPUS_PATTERNS) }).kind).toBe('pass')
    expect(plan({ fields: [field(25)] }).kind).toBe('pass')
  })

  it('says which columns are masked and why', () => {
    const p = plan({ fields: [field(25, { name: 'ssn', tableOid: 100, attnum: 6 }), field(25)], labelled, policy: policy(CORPUS_PATTERNS) })
    expect(describeMask(p)).toEqual({
      columns: [{ column: 'ssn', label: 'pii', form: 'redact', why: 'it is a sensitive column' }],
      revealed: [],
      patterns: ['credit_card', 'ssn', 'api_key'],
    })
  })
})
