import type { Value } from './copy-text.ts'

/** The rows of one table, made while they are read. */
export interface TableRows {
  readonly table: string
  readonly columns: readonly string[]
  rows(): Iterable<readonly Value[]>
}

export interface ShopOptions {
  readonly seed: string
  /** Midnight of the day that counts as today; every date is before it. */
  readonly today: Date
  /** 1 is the demo's size, over 350,000 rows; tests make less. */
  readonly scale: number
}

export const DAY_MS = 86_400_000

/** A moment up to `days` before `today`, more often a recent one. */
export function before(today: Date, days: number, draw: number): Date {
  return new Date(today.getTime() - 1000 - Math.floor(draw ** 1.6 * days * DAY_MS))
}
