import { describe, expect, it } from 'vitest'
import { decidedIn, emptyBook, hear, read, waitingIn } from '../../../renderer/approvals/book.ts'
import { makeApproval } from '../fake-host/made-up-approvals.ts'

const now = 1_000_000
const pending = (id: number, revision = 1) => makeApproval(now, { id, revision, askedAt: now + id })
const denied = (id: number, revision: number) => makeApproval(now, { id, revision, state: 'denied', askedAt: now + id })
const ids = (approvals: readonly { readonly id: number }[]) => approvals.map((approval) => approval.id)

describe('the book of approvals', () => {
  it('keeps arrival order whatever the order of news', () => {
    const book = [pending(3), pending(1), pending(2)].reduce(hear, emptyBook)
    expect(ids(waitingIn(book))).toEqual([1, 2, 3])
  })

  it('never doubles an approval that comes by the list and by the stream', () => {
    const heard = hear(emptyBook, pending(1))
    expect(ids(waitingIn(read(heard, [pending(1), pending(2)], 0).book))).toEqual([1, 2])
  })

  it('is the same book when the stream says nothing new', () => {
    const book = hear(emptyBook, pending(1, 2))
    expect(hear(book, pending(1, 2))).toBe(book)
    expect(hear(book, pending(1, 1))).toBe(book)
  })

  it('hears that the agent stopped waiting, which changes no revision', () => {
    const book = hear(hear(emptyBook, pending(1)), makeApproval(now, { id: 1, askedAt: now + 1, waiting: false }))
    expect(waitingIn(book)[0]?.waiting).toBe(false)
  })

  it('is not taken back by a list that was asked for before a decision was heard', () => {
    const listed = [pending(1, 1)]
    const book = hear(read(emptyBook, listed, 0).book, denied(1, 2))
    const late = read(book, listed, 0).book
    expect(waitingIn(late)).toEqual([])
    expect(ids(decidedIn(late))).toEqual([1])
  })

  it('keeps one that arrived by the stream after the list was asked for', () => {
    const asked = emptyBook.tick
    const book = hear(emptyBook, pending(7))
    const merged = read(book, [pending(1)], asked)
    expect(ids(waitingIn(merged.book))).toEqual([1, 7])
    expect(merged.unsure).toEqual([])
  })

  it('asks about one that silently left the list, and does not forget it', () => {
    const known = [pending(1), pending(2)].reduce(hear, emptyBook)
    const merged = read(known, [pending(2)], known.tick)
    expect(merged.unsure).toEqual([1])
    expect(ids(waitingIn(merged.book))).toEqual([1, 2])
    expect(ids(waitingIn(hear(merged.book, denied(1, 2))))).toEqual([2])
  })

  it('takes a fresh reading of the same revision, in which the reader may now decide', () => {
    const known = hear(emptyBook, makeApproval(now, { id: 1, mayDecide: false }))
    const merged = read(known, [makeApproval(now, { id: 1, mayDecide: true })], known.tick)
    expect(waitingIn(merged.book)[0]?.mayDecide).toBe(true)
  })

  it('shows what was decided last first', () => {
    const decidedAt = (id: number, at: number) =>
      makeApproval(now, {
        id,
        state: 'used',
        decision: { decision: 'approve', by: makeApproval(now).requester, reason: '', at, reveal: false },
      })
    const book = [decidedAt(1, 500), decidedAt(2, 900), decidedAt(3, 100)].reduce(hear, emptyBook)
    expect(ids(decidedIn(book))).toEqual([2, 1, 3])
  })
})
