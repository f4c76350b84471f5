import type { FirstIn, PatternSet } from './pattern-set.ts'

/**
 * Asks of value after value, from left to right through a stretch of the server's bytes, whether a pattern could be found in it. Each prefilter
 * looks at each byte about once, whatever the rows and columns: what it has said of the bytes ahead is kept until they are reached.
 */
export class RowSearch {
  private filters: readonly FirstIn[] = []
  /** For each of them, the first place ahead where it may find something. */
  private ahead = new Int32Array(0)
  private to = 0

  /** Values in another stretch follow, which ends at `to`; or other patterns are looked for. */
  begin({ filters }: PatternSet, to: number): void {
    if (filters !== this.filters) {
      this.filters = filters
      this.ahead = new Int32Array(filters.length)
    }
    this.ahead.fill(-1)
    this.to = to
  }

  /** Never false where a pattern would be found in the value `[start, end)`, or in one of the values that lie there. */
  mayHold(src: Buffer, start: number, end: number): boolean {
    const { ahead, filters } = this
    for (let i = 0; i < ahead.length; i++) {
      if (ahead[i]! < start) ahead[i] = filters[i]!(src, start, this.to)
      if (ahead[i]! < end) return true
    }
    return false
  }
}
