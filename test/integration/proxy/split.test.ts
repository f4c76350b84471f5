import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeMessage } from '../../helpers/decode.ts'
import * as m from '../../helpers/encode.ts'
import { AGENT_TOKEN, type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import { Wire } from '../../helpers/wire-client.ts'

/** A session that meets most of the session's paths, as bytes from the password on. Four answers come. */
const BYTES = Buffer.concat([
  m.query('SELECT id, ssn, note FROM public.customers ORDER BY id LIMIT 2'),
  ...[m.parse('SELECT $1::int', 's'), m.bind(['5'], { statement: 's', resultFormats: [1] }), m.describePortal(), m.execute(), m.sync()],
  m.query('DROP TABLE public.orders'),
  ...[m.closeStatement('s'), m.parse('SELEC'), m.bind(), m.execute(), m.sync()],
])
const ANSWERS = 4

describe('where the client’s bytes are cut makes no difference', () => {
  let fixture: GatewayFixture
  let expected: string[]
  beforeAll(async () => {
    fixture = await startGateway({ policy: READS_AND_ASKED_WRITES })
    expected = await run((wire) => wire.send(BYTES))
    expect(expected.length).toBeGreaterThan(12)
  })
  afterAll(async () => fixture?.stop())

  const run = async (send: (wire: Wire) => unknown): Promise<string[]> => {
    const wire = await fixture.through()
    await send(wire)
    const { messages } = await wire.answer(ANSWERS)
    wire.destroy()
    return messages.map(describeMessage)
  }

  it('one byte at a time', async () => {
    expect(await run((wire) => wire.sendSplit(BYTES, 1))).toEqual(expected)
  })

  it('cut once at every byte', async () => {
    const wire = await fixture.through()
    for (let at = 1; at < BYTES.length; at++) {
      wire.send(BYTES.subarray(0, at))
      await new Promise((resolve) => setImmediate(resolve))
      wire.send(BYTES.subarray(at))
      const { messages } = await wire.answer(ANSWERS)
      expect(messages.map(describeMessage), `cut at ${at}`).toEqual(expected)
    }
    wire.destroy()
  })

  it('in pieces of 2 to 17 bytes', async () => {
    for (let size = 2; size <= 17; size++) expect(await run((wire) => wire.sendSplit(BYTES, size)), `pieces of ${size}`).toEqual(expected)
  })

  it('many sessions’ worth in one write', async () => {
    const wire = await fixture.through()
    wire.send(Buffer.concat(Array.from({ length: 20 }, () => BYTES)))
    for (let i = 0; i < 20; i++) expect((await wire.answer(ANSWERS)).messages.map(describeMessage)).toEqual(expected)
    wire.destroy()
  })

  it('the login one byte at a time, with the first statement behind the password', async () => {
    const wire = await Wire.connect({ port: fixture.port })
    await wire.sendSplit(m.startup({ user: 'agent', database: 'shop' }), 1)
    await wire.until('R')
    await wire.sendSplit(Buffer.concat([m.password(AGENT_TOKEN), m.query('SELECT 42')]), 1)
    await wire.until('Z')
    expect((await wire.answer()).text).toEqual([['42']])
    wire.destroy()
  })
})
