import { describe, expect, it } from 'vitest'
import { Names } from '../../proxy/session/names.ts'

describe('a name at the server', () => {
  it('counts at once within its own batch, since an error would skip the rest too', () => {
    const names = new Names<string>()
    names.change('s', 'SELECT 1', 7)
    expect(names.lookup('s', 7)).toEqual({ value: 'SELECT 1' })
  })

  it('must be waited for in a later batch, until the server has said', () => {
    const names = new Names<string>()
    const change = names.change('s', 'SELECT 1', 7)
    expect(names.lookup('s', 8)).toBe('wait')
    change.confirm()
    expect(names.lookup('s', 8)).toEqual({ value: 'SELECT 1' })
  })

  it('keeps its old meaning when the server failed before the change', () => {
    const names = new Names<string>()
    names.change('s', 'SELECT harmless', 1).confirm()
    const close = names.change('s', undefined, 2)
    const parse = names.change('s', 'DELETE FROM customers', 2)
    expect(names.lookup('s', 2)).toEqual({ value: 'DELETE FROM customers' })
    close.drop()
    parse.drop()
    expect(names.lookup('s', 3)).toEqual({ value: 'SELECT harmless' })
  })

  it('keeps a change that was confirmed before the failure', () => {
    const names = new Names<string>()
    names.change('s', 'old', 1).confirm()
    const close = names.change('s', undefined, 2)
    const parse = names.change('s', 'new', 2)
    close.confirm()
    parse.drop()
    expect(names.lookup('s', 3)).toBe('missing')
  })

  it('forgets at the end of a transaction all but what is held', () => {
    const names = new Names<{ hold: boolean }>()
    names.change('a', { hold: false }, 1).confirm()
    names.change('b', { hold: true }, 1).confirm()
    names.forget((portal) => portal.hold)
    expect(names.lookup('a', 2)).toBe('missing')
    expect(names.lookup('b', 2)).toEqual({ value: { hold: true } })
  })

  it('goes with all others once the server has dropped them, so that none is kept for ever; the unnamed one stays', () => {
    const names = new Names<string>()
    for (const name of ['', 'a', 'b']) names.change(name, 'SELECT 1', 1).confirm()
    const all = names.clear()
    expect(names.size).toBe(3)
    all.confirm()
    expect(names.size).toBe(1)
    expect(names.lookup('', 2)).toEqual({ value: 'SELECT 1' })
    expect(names.lookup('a', 2)).toBe('missing')
  })
})
