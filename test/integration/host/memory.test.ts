import { expect, it } from 'vitest'
import { measureMemory } from '../../memory/measure-memory.ts'

/** Ten million rows and five hundred sessions: `npm run test:peers -- memory`. */
it('memory does not grow with rows, with a value, or much with sessions', async () => {
  const { rows, value, sessions, faults } = await measureMemory({ rows: 1_000_000, value: 100_000_000, sessions: 100 })
  expect(faults).toEqual([])
  expect({ rows, value, sessions }).toSatisfy((grown: Record<string, number>) => Object.values(grown).every((mib) => mib < 40))
}, 180_000)
