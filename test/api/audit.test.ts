import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { auditListSchema } from '../../main/contract/audit.ts'
import { type ApiFixture, apiFixture } from './fixture.ts'

let api: ApiFixture
const ends: (() => void)[] = []
beforeAll(() => {
  api = apiFixture((end) => ends.push(end))
})
afterAll(() => {
  for (const end of ends) end()
})

const read = async (query = '') => auditListSchema.parse(await (await api.call('viewer', 'GET', `/api/audit${query}`)).json())

async function until(count: number, query: string) {
  return vi.waitUntil(
    async () => {
      const list = await read(query)
      return list.items.length >= count && list
    },
    { timeout: 20_000, interval: 50 },
  )
}

test('an act is recorded with who, from where, what and outcome; one that was not allowed too', async () => {
  const since = Date.now()
  expect((await api.call('viewer', 'POST', '/api/retention', undefined)).status).toBe(403)
  expect((await api.call('admin', 'POST', '/api/retention', undefined)).status).toBe(200)
  const { items } = await until(2, `?act=retention-run&from=${since}`)
  expect(items.map(({ act, outcome, by, details }) => ({ act, outcome, by: by?.name, details }))).toEqual([
    { act: 'retention-run', outcome: 'done', by: 'Admin', details: {} },
    { act: 'retention-run', outcome: 'refused', by: 'Viewer', details: { status: 403 } },
  ])
})

test('pages, filters, and what is no cursor', async () => {
  const since = Date.now()
  for (let number = 0; number < 5; number += 1) api.context.audit.record({ who: undefined, address: '' }, 'host-started', { number })
  await until(5, `?act=host-started&from=${since}`)
  const first = await read(`?act=host-started&limit=3&from=${since}`)
  expect(first.items.map(({ details }) => details['number'])).toEqual([4, 3, 2])
  const second = await read(`?act=host-started&limit=3&from=${since}&after=${first.next}`)
  expect(second.items.map(({ details }) => details['number'])).toEqual([1, 0])
  expect(second.next).toBeNull()
  expect((await read('?person=admi')).items.every(({ by }) => by?.name === 'Admin')).toBe(true)
  expect((await api.call('viewer', 'GET', '/api/audit?after=x')).status).toBe(400)
  expect((await api.call('viewer', 'GET', '/api/audit?limit=501')).status).toBe(400)
})

test('the host’s own record is no session, and exports as a bundle', async () => {
  api.context.audit.record({ who: undefined, address: '' }, 'host-started')
  const { items } = await until(1, '?act=host-started')
  const record = items[0]?.record ?? ''
  const sessions = (await (await api.call('viewer', 'GET', '/api/sessions')).json()) as { items: { id: string }[] }
  expect(sessions.items.map(({ id }) => id)).not.toContain(record)
  expect((await api.call('viewer', 'GET', `/api/sessions/${record}`)).status).toBe(404)
  expect((await api.call('viewer', 'GET', `/api/audit/${record}/export`)).status).toBe(403)
  const lines = (await (await api.call('admin', 'GET', `/api/audit/${record}/export`)).text()).trimEnd().split('\n')
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ sallyport: 'bundle', id: record })
  expect(lines.some((line) => line.includes('host-started'))).toBe(true)
})

test('nothing begins while the record cannot be written', async () => {
  const ready = vi.spyOn(api.context.audit, 'ready').mockImplementation(() => {
    throw new Error('the disk is full')
  })
  const retain = vi.spyOn(api.context.recordings, 'retain')
  expect((await api.call('admin', 'POST', '/api/retention', undefined)).status).toBe(500)
  expect(retain).not.toHaveBeenCalled()
  ready.mockRestore()
})
