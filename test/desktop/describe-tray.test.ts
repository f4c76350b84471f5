import { describe, expect, it } from 'vitest'
import { cut, describeTray, type TrayEntry } from '../../main/desktop/describe-tray.ts'
import { type DeskState, type Held, idleDesk } from '../../main/desktop/desk-state.ts'

const NOW = 1_700_000_000_000
const held = (id: number, sentence = `Changes row ${id} of carts.`): Held => ({
  id,
  revision: 1,
  sentence,
  asks: 'Maya Lindqvist with Cursor on shop',
  waitUntil: NOW + 600_000,
  quick: true,
})
const live: DeskState = { ...idleDesk, mode: 'desk', link: 'live', host: 'sallyport.corp', mayPause: true }
const labels = (entries: readonly TrayEntry[]): string[] =>
  entries.flatMap((entry) => (entry.kind === 'line' ? [] : entry.kind === 'menu' ? [entry.label, ...labels(entry.entries)] : [entry.label]))

describe('the tray', () => {
  it('shows the worst: trouble, then paused, then pending, then idle, over every state there is', () => {
    const links = ['none', 'starting', 'signed-out', 'live', 'lost', 'failed'] as const
    const seen = new Set<string>()
    for (const mode of ['unset', 'host', 'desk'] as const)
      for (const link of links)
        for (const paused of [false, true])
          for (const count of [0, 1, 3])
            for (const trouble of [[], ['The disk is full.']])
              for (const pendingHere of [0, 2]) {
                const state: DeskState = {
                  ...live,
                  mode,
                  link,
                  paused,
                  trouble,
                  pendingHere,
                  held: Array.from({ length: count }, (_, index) => held(index + 1)),
                }
                const view = describeTray(state, NOW)
                const pending = link === 'live' ? count : pendingHere
                const expected =
                  trouble.length > 0 || link === 'lost' || link === 'failed'
                    ? 'trouble'
                    : paused
                      ? 'paused'
                      : pending > 0
                        ? 'pending'
                        : 'idle'
                expect(view.icon, JSON.stringify(state)).toBe(expected)
                expect(view.tooltip).toMatch(/^Sallyport: ./)
                expect(view.title).toBe(pending > 0 && expected !== 'trouble' ? String(pending) : '')
                // Every state can be left: there is always a way to the window and out.
                const words = labels(view.entries)
                expect(words).toContain('Quit')
                expect(words.some((label) => label === 'Open Sallyport' || label === 'Set up…')).toBe(true)
                seen.add(view.icon)
              }
    expect([...seen].sort()).toEqual(['idle', 'paused', 'pending', 'trouble'])
  })

  it('names what waits, oldest first, each leading to its card, and counts the rest', () => {
    const many = Array.from({ length: 11 }, (_, index) => held(index + 1))
    const { entries } = describeTray({ ...live, held: many }, NOW)
    const cards = entries.flatMap((entry) => (entry.kind === 'item' && entry.does.act === 'show-approval' ? [entry.does.id] : []))
    expect(cards).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(labels(entries)).toContain('3 more…')
    expect(labels(entries)[0]).toBe('11 statements wait for you')
  })

  it('tells nothing by name while nobody is signed in, only how many', () => {
    const { entries } = describeTray({ ...live, mode: 'host', link: 'signed-out', held: [held(1)], pendingHere: 1 }, NOW)
    expect(labels(entries)[0]).toBe('1 statement waits. Sign in to see.')
    expect(labels(entries)).not.toContain('Changes row 1 of carts.')
    expect(labels(entries)).toContain('Sign in…')
  })

  it('offers the pause only to who may, and to let go on once it is on', () => {
    expect(labels(describeTray(live, NOW).entries)).toContain('Pause all agents…')
    expect(labels(describeTray({ ...live, mayPause: false }, NOW).entries)).not.toContain('Pause all agents…')
    const paused = labels(describeTray({ ...live, paused: true, held: [held(1)] }, NOW).entries)
    expect(paused).toContain('Let agents go on')
    expect(paused[0]).toBe('Agents are paused. 1 statement waits for you')
  })

  it('says the trouble in the host’s own words, and that a host is silent', () => {
    expect(describeTray({ ...live, trouble: ['No statement passes: the record cannot be written.'] }, NOW).tooltip).toContain(
      'No statement passes',
    )
    expect(labels(describeTray({ ...live, link: 'lost' }, NOW).entries)[0]).toBe('Sallyport.corp does not answer')
    expect(labels(describeTray({ ...live, link: 'lost' }, NOW).entries)).toContain('Try again')
  })

  it('shows do-not-disturb as on until it has run out', () => {
    const on = describeTray({ ...live, quietUntil: NOW + 1 }, NOW).entries.find(
      (entry) => entry.kind === 'item' && entry.label === 'Do not disturb',
    )
    expect(on).toMatchObject({ checked: true, does: { act: 'quiet', minutes: null } })
    expect(labels(describeTray({ ...live, quietUntil: NOW }, NOW).entries)).toContain('For 30 minutes')
  })

  it('keeps a line of the menu one line, without accelerators, cut at a word', () => {
    expect(cut('Reads a & b.')).toBe('Reads a && b.')
    expect(cut('Reads\nmany\tlines')).toBe('Reads many lines')
    const long = cut(`Changes ${'every '.repeat(30)}row`)
    expect(long.length).toBeLessThanOrEqual(64)
    expect(long).toMatch(/every…$/)
  })
})
