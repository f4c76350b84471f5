import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Postgres, startPostgres } from '../../helpers/postgres.ts'
import { runOracle } from '../../peers/oracle-run.ts'

/** A small part of `npm run test:peers -- oracle`. */
const COUNT = 400

describe("facts beside the server's own analysis", () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres?.stop())

  it('miss no base column that the server reads, and name none besides', async () => {
    const result = await runOracle(postgres, COUNT, 7)
    expect(result.compared).toBe(COUNT)
    expect(result.missed).toEqual([])
    expect(result.unknown.length).toBeLessThan(COUNT * 0.02)
    expect(result.over.length).toBeLessThan(COUNT * 0.05)
  })
})
