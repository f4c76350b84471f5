import type { Activity } from '../../main/contract/index.ts'

/** Buckets with their time and what was allowed. */
export function hoursOf({ from, step, buckets }: Activity) {
  return buckets.map((bucket, index) => ({
    ...bucket,
    at: from + index * step,
    allowed: Math.max(0, bucket.statements - bucket.held - bucket.denied),
  }))
}

/** Two to four round numbers, the last at least the most. */
export function ticksFor(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)))
  const step = [0.5, 1, 2, 5, 10].map((factor) => Math.max(1, factor * power)).find((one) => most / one <= 4) ?? power * 10
  const ticks: number[] = []
  for (let tick = 0; tick < most + step; tick += step) ticks.push(tick)
  return ticks
}
