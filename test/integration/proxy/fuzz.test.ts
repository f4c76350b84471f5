import { expect, it } from 'vitest'
import { runFuzz } from '../../fuzz/run-fuzz.ts'

/** Ten minutes of it: `npm run test:peers -- fuzz`. */
it('spoiled bytes from both sides: no crash, no session that stays, no byte upstream without a clearance', async () => {
  const seed = Number(process.env['SALLYPORT_FUZZ_SEED'] ?? 1)
  const { conversations, checkedBytes, grownMiB, faults } = await runFuzz({ seconds: 10, seed })
  expect(faults, `seed ${seed}`).toEqual([])
  expect(conversations).toBeGreaterThan(10)
  expect(checkedBytes).toBeGreaterThan(500)
  expect(grownMiB).toBeLessThan(300)
})
