import { describe, expect, it } from 'vitest'
import {
  applyDraft,
  type ColumnEdit,
  describeDraft,
  editColumns,
  editUntrusted,
  emptyDraft,
  labelsWith,
} from '../../../renderer/masking/draft.ts'

const source = {
  sensitive: [
    { connection: 'shop', label: 'pii', mask: 'redact', columns: ['public.customers.ssn', 'public.customers.born'] },
    { connection: 'shop', label: 'contact', mask: 'partial', columns: ['public.customers.email'] },
  ],
  untrusted: [{ connection: 'shop', tables: ['public.reviews'] }],
  patterns: [{ name: 'credit_card', mask: 'redact' }],
  vouched: [],
}
const edit = (column: string, label: string | null, more: Partial<ColumnEdit> = {}): ColumnEdit => ({
  connection: 'shop',
  column,
  label,
  mask: 'redact',
  predicates: false,
  ...more,
})

describe('a draft of the masking', () => {
  it('adds a column to the entry of the same label and form, and makes another for another form', () => {
    const draft = editColumns(emptyDraft, [edit('public.customers.phone', 'pii'), edit('public.customers.fax', 'contact')])
    expect(applyDraft(source, draft).sensitive).toEqual([
      {
        connection: 'shop',
        label: 'pii',
        mask: 'redact',
        columns: ['public.customers.ssn', 'public.customers.born', 'public.customers.phone'],
      },
      source.sensitive[1],
      { connection: 'shop', label: 'contact', mask: 'redact', columns: ['public.customers.fax'] },
    ])
  })

  it('moves a column from one label to another, and drops an entry that is empty then', () => {
    const draft = editColumns(emptyDraft, [edit('public.customers.email', 'pii')])
    expect(applyDraft(source, draft).sensitive).toEqual([
      {
        connection: 'shop',
        label: 'pii',
        mask: 'redact',
        columns: ['public.customers.ssn', 'public.customers.born', 'public.customers.email'],
      },
    ])
    expect(describeDraft(source, draft)).toEqual([
      { kind: 'changed', text: 'shop: public.customers.email is pii, redacted; it was contact, last four' },
    ])
  })

  it('says plainly what a removed label means, and nothing where nothing changes', () => {
    const draft = editColumns(emptyDraft, [edit('public.customers.ssn', null), edit('public.customers.born', 'pii')])
    expect(describeDraft(source, draft)).toEqual([
      { kind: 'removed', text: 'shop: public.customers.ssn is no longer pii, redacted: agents see its values' },
    ])
  })

  it('leaves other connections and sections alone', () => {
    const draft = editColumns(emptyDraft, [edit('public.customers.ssn', null, { connection: 'warehouse' })])
    expect(applyDraft(source, draft)).toEqual({ sensitive: source.sensitive })
  })

  it('keeps predicates only where tokens can be compared', () => {
    const draft = editColumns(emptyDraft, [
      edit('public.customers.card', 'card', { mask: 'token', predicates: true }),
      edit('public.customers.iban', 'bank', { mask: 'partial', predicates: true }),
    ])
    expect(labelsWith(source, draft, 'shop').slice(2)).toEqual([
      { label: 'card', mask: 'token', predicates: true, columns: ['public.customers.card'] },
      { label: 'bank', mask: 'partial', predicates: false, columns: ['public.customers.iban'] },
    ])
  })

  it('says of a table that outsiders write there, and takes it back', () => {
    const on = editUntrusted(emptyDraft, 'shop', 'public.tickets', true)
    expect(applyDraft(source, on).untrusted).toEqual([{ connection: 'shop', tables: ['public.reviews', 'public.tickets'] }])
    const off = editUntrusted(emptyDraft, 'shop', 'public.reviews', false)
    expect(applyDraft(source, off).untrusted).toEqual([])
  })

  it('tells which patterns come, go and change', () => {
    const draft = {
      ...emptyDraft,
      patterns: [
        { name: 'credit_card', mask: 'token' as const },
        { name: 'iban', mask: 'redact' as const },
      ],
    }
    expect(describeDraft(source, draft).map(({ kind }) => kind)).toEqual(['changed', 'added'])
    expect(describeDraft(source, { ...draft, patterns: [] })).toEqual([
      { kind: 'removed', text: 'the pattern credit_card is no longer looked for' },
    ])
  })
})
