import type { Message } from '../helpers/decode.ts'
import type { CanarySearch, Hit } from './search.ts'
import { joinings } from './search.ts'
import { bytesOf, cellsOf } from './send.ts'

/** Every canary in what came back, each named once. */
export function leaksIn(search: CanarySearch, messages: readonly Message[]): string[] {
  // The login's messages tell nothing of the database, and the cancel key is random.
  const told = messages.filter(({ tag }) => tag !== 'R' && tag !== 'K')
  const hits: Hit[] = search.findDecoded(bytesOf(told))
  hits.push(...search.findDecoded(bytesOf(told.filter(({ tag }) => tag === 'd'))))
  // The cells of one answer after the other: a value may be cut over columns, over rows and over answers.
  let from = 0
  told.forEach(({ tag }, at) => {
    if (tag !== 'C' && tag !== 'E' && tag !== 's' && at < told.length - 1) return
    for (const joined of joinings(cellsOf(told.slice(from, at + 1)))) hits.push(...search.find(joined))
    from = at + 1
  })
  for (const joined of joinings(cellsOf(told))) hits.push(...search.find(joined))
  return [...new Set(hits.map(({ at, how }) => `${at} (${how})`))]
}
