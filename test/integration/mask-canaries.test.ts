import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Attempt } from '../canaries/attempt.ts'
import { CANARIES } from '../canaries/canaries.ts'
import { KNOWN_LIMITS, type KnownLimit, limitOf } from '../canaries/known-limits.ts'
import { leaksIn } from '../canaries/leaks.ts'
import { READS } from '../canaries/reads.ts'
import { openRig, type Rig } from '../canaries/rig.ts'
import { sameMessages, VARIES } from '../canaries/same-messages.ts'
import { SCRIPTS } from '../canaries/scripts.ts'
import { CanarySearch } from '../canaries/search.ts'
import { sendAll, textOf } from '../canaries/send.ts'

/** Every form of every type over every door is long: a part of them here, all of them with SALLYPORT_CANARIES=all. */
const ALL = process.env['SALLYPORT_CANARIES'] === 'all'
const every = (n: number, attempts: readonly Attempt[]): readonly Attempt[] => (ALL ? attempts : attempts.filter((_, at) => at % n === 0))

const TYPES = READS.filter(({ group }) => group === 'every type')
const QUERIES = READS.filter(({ group }) => group !== 'every type')
/** What stores values elsewhere, or changes what has them. */
const MOVING = SCRIPTS.filter(({ group }) => group === 'carried elsewhere' || group === 'writes' || group === 'the protocol')

describe('canaries', () => {
  const search = new CanarySearch(CANARIES)
  let rig: Rig
  beforeAll(async () => {
    rig = await openRig()
  })
  afterAll(async () => rig?.stop())

  it('no value leaves though everything is allowed; the record and its pages hold none either', { timeout: 900_000 }, async () => {
    const leaks: string[] = []
    const attempts = [...QUERIES, ...SCRIPTS, ...every(7, TYPES)]
    for await (const { attempt, messages } of sendAll(attempts, () => rig.login('masked'))) {
      const found = leaksIn(search, messages)
      if (found.length > 0) leaks.push(`${attempt.group}: ${textOf(attempt)}: ${found.slice(0, 3).join(', ')}`)
    }
    process.stdout.write(`canaries: ${new Set(attempts.map(textOf)).size} statements, ${leaks.length} leaks\n`)
    expect(leaks).toEqual([])

    const stored = [...filesUnder(rig.host.dataDir)].flatMap((file) =>
      search.find(fs.readFileSync(file, 'latin1')).map((hit) => ({ file: path.basename(file), ...hit })),
    )
    expect(stored).toEqual([])
    const token = await rig.issuer.mint({ groups: ['leads'], extra: { azp: 'sallyport-web' } })
    const pages = await rig.pages(token)
    expect(pages.length).toBeGreaterThan(20)
    expect(pages.flatMap(({ at, text }) => search.findDecoded(text).map((hit) => `${at}: ${hit.at} (${hit.how})`))).toEqual([])
  })

  it('nor where uses are allowed by the label’s name: it goes where the values go', { timeout: 900_000 }, async () => {
    const leaks: string[] = []
    const limits = new Set<KnownLimit>()
    for await (const { attempt, messages } of sendAll(MOVING, () => rig.login('following'))) {
      const found = leaksIn(search, messages)
      const limit = limitOf(attempt)
      if (found.length > 0 && limit === undefined) leaks.push(`${textOf(attempt)}: ${found.slice(0, 3).join(', ')}`)
      else if (found.length > 0 && limit !== undefined) limits.add(limit)
    }
    expect(leaks).toEqual([])
    expect(KNOWN_LIMITS.filter((limit) => !limits.has(limit)).map(({ why }) => why)).toEqual([])
  })

  it('nor where a rule asks about uses, writes and schema changes', { timeout: 900_000 }, async () => {
    const leaks: string[] = []
    const login = () => rig.login('asking')
    // Each waits a second for a person who does not come.
    const lanes = Array.from({ length: 12 }, (_, lane) => MOVING.filter((_, at) => at % 12 === lane))
    await Promise.all(
      lanes.map(async (lane) => {
        for await (const { attempt, messages } of sendAll(lane, login)) {
          const found = leaksIn(search, messages)
          if (found.length > 0) leaks.push(`${textOf(attempt)}: ${found[0]}`)
        }
      }),
    )
    expect(leaks).toEqual([])
  })

  it('without labels and patterns every byte is the server’s own', { timeout: 900_000 }, async () => {
    const attempts = [
      ...every(3, QUERIES),
      ...every(
        3,
        SCRIPTS.filter(({ shared }) => shared),
      ),
      ...every(25, TYPES),
    ].filter((attempt) => !VARIES.test(textOf(attempt)))
    const differing: string[] = []
    let live = 0
    const direct = sendAll(attempts, () => rig.login('direct'))
    for await (const through of sendAll(attempts, () => rig.login('plain'))) {
      const { value: server } = await direct.next()
      if (server === undefined) break
      if (leaksIn(search, server.messages).length > 0) live++
      const difference = sameMessages(server.messages, through.messages)
      if (difference !== undefined) differing.push(`${textOf(through.attempt)}: ${difference}`)
    }
    expect(differing).toEqual([])
    // What was tried above does give values away where nobody stands between.
    expect(live / attempts.length).toBeGreaterThan(0.5)
  })
})

function* filesUnder(folder: string): Generator<string> {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) yield path.join(entry.parentPath, entry.name)
}
