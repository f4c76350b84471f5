import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GatewayFixture, startGateway } from '../helpers/gateway-fixture.ts'
import { ALLOW_ALL } from '../helpers/policy-literal.ts'
import { SHOP } from '../helpers/shop.ts'
import { FORMS, TYPED_COLUMNS, TYPED_LABELS, TYPED_SQL } from '../helpers/typed-tables.ts'

/** Each type × text and binary × each form, read by node-postgres with its own decoders. psycopg and JDBC: `npm run test:peers -- types`. */
describe('masked values, as node-postgres reads them', () => {
  let fixture: GatewayFixture
  let client: pg.Client
  beforeAll(async () => {
    fixture = await startGateway({ policy: { ...ALLOW_ALL, sensitive: TYPED_LABELS } })
    await fixture.postgres.query(TYPED_SQL, SHOP.database)
    await fixture.postgres.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${SHOP.user}`, SHOP.database)
    client = new pg.Client({ connectionString: fixture.url })
    await client.connect()
  })
  afterAll(async () => {
    await client?.end()
    await fixture?.stop()
  })

  it.each(FORMS.flatMap((form) => [false, true].map((binary) => ({ form, binary }))))(
    '$form, binary: $binary',
    async ({ form, binary }) => {
      const direct = new pg.Client({ connectionString: fixture.directUrl })
      await direct.connect()
      const faults: string[] = []
      for (const [at, type] of TYPED_COLUMNS.entries()) {
        const query = { text: `SELECT c${at} AS value FROM typed_${form} ORDER BY id`, values: [], binary }
        const kindOf = (value: unknown) =>
          value === null ? 'null' : Array.isArray(value) ? 'array' : value instanceof Date ? 'date' : typeof value
        try {
          const [shown, none] = (await client.query<{ value: unknown }>(query)).rows
          const [real] = (await direct.query<{ value: unknown }>(query)).rows
          if (JSON.stringify(shown?.value) === JSON.stringify(real?.value)) faults.push(`${type}: not masked: ${JSON.stringify(shown)}`)
          if (none?.value !== null) faults.push(`${type}: NULL became ${JSON.stringify(none)}`)
          if (form === 'null' && shown?.value !== null) faults.push(`${type}: not NULL`)
          // A json value is a text where it is masked, whatever it was.
          if (form !== 'null' && shown?.value !== null && !type.startsWith('json') && kindOf(shown?.value) !== kindOf(real?.value))
            faults.push(`${type}: ${kindOf(shown?.value)} instead of ${kindOf(real?.value)}`)
        } catch (error) {
          if (!(error instanceof Error)) throw error
          // Some types have no binary form at all: the server itself says so.
          if (!/no binary output function/.test(error.message)) faults.push(`${type}: ${error.message}`)
        }
      }
      await direct.end()
      expect(faults).toEqual([])
    },
  )
})
