import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { NOTICES, type NotifyConfig } from '../../main/config/notify.ts'
import { Secret } from '../../main/config/secret.ts'
import { describeApproval } from '../../main/notify/approval-notice.ts'
import { NoticeRefused, type Post, postNotice } from '../../main/notify/post-notice.ts'
import { refuseAddress } from '../../main/notify/refuse-addresses.ts'
import { startNotify } from '../../main/notify/start-notify.ts'
import { hostMigrations } from '../../main/store/migrations/index.ts'
import { openDatabase } from '../../main/store/open-database.ts'

const SECRET = 'a-secret-of-the-receiver'
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const webhook: NotifyConfig = {
  name: 'ops',
  events: NOTICES,
  to: { kind: 'webhook', url: 'http://127.0.0.1:9/', secret: new Secret(SECRET), ca: undefined },
}
const slack: NotifyConfig = { name: 'slack', events: ['approval-asked'], to: { kind: 'slack', url: new Secret('http://127.0.0.1:9/hook') } }

function rig(receivers: readonly NotifyConfig[], post: (post: Post) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-notify-'))
  const db = openDatabase(join(folder, 'host.db'), { migrations: hostMigrations })
  const clock = { at: 1_700_000_000_000, now: () => clock.at }
  const start = () => startNotify({ db, receivers, origin: () => 'https://sallyport.corp', clock, log: silent, post })
  const running: ReturnType<typeof startNotify>[] = []
  onTestFinished(async () => {
    for (const one of running) await one.stop()
    db.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    clock,
    start: () => {
      const one = start()
      running.push(one)
      return one
    },
  }
}

test('a webhook is signed over time and body, and says no more than it should', async () => {
  const posts: Post[] = []
  const { clock, start } = rig([webhook], async (post) => void posts.push(post))
  start().tell('host-trouble', 'The disk is full.', '/')
  await vi.waitUntil(() => posts.length === 1)
  const { headers, body }: Pick<Post, 'headers' | 'body'> = posts[0] ?? { headers: {}, body: '' }
  const seconds = Math.floor(clock.at / 1000)
  const expected = createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex')
  expect(headers['sallyport-signature']).toBe(`t=${seconds},v1=${expected}`)
  expect(JSON.parse(body)).toEqual({
    version: 1,
    event: 'host-trouble',
    time: '2023-11-14T22:13:20.000Z',
    host: 'https://sallyport.corp',
    link: 'https://sallyport.corp/',
    text: 'The disk is full.',
  })
})

test('Slack gets a text in which no name is a link or calls a channel', async () => {
  const posts: Post[] = []
  const { start } = rig([slack], async (post) => void posts.push(post))
  const notify = start()
  notify.tell('host-trouble', 'not asked for', '/')
  notify.tell('approval-asked', '<!channel> & <https://evil.test|agent> asks', '/approvals/7')
  await vi.waitUntil(() => posts.length === 1)
  const { text } = JSON.parse(posts[0]?.body ?? '{}') as { text: string }
  expect(text).toBe('&lt;!channel&gt; &amp; &lt;https://evil.test|agent&gt; asks <https://sallyport.corp/approvals/7|Open in Sallyport>')
})

test('a receiver that is down is tried again, later and later, in order, and after a restart', async () => {
  let down = true
  const got: string[] = []
  const tried: number[] = []
  const { clock, start } = rig([webhook], async ({ body }) => {
    tried.push(clock.at)
    if (down) throw new Error('connect ECONNREFUSED')
    got.push((JSON.parse(body) as { text: string }).text)
  })
  const first = start()
  first.tell('host-trouble', 'one', '/')
  await vi.waitUntil(() => tried.length === 1)
  first.tell('host-trouble', 'two', '/')
  await vi.waitUntil(() => tried.length === 2)
  clock.at += 1001
  await vi.waitUntil(() => tried.length === 4)
  expect(first.state()).toMatchObject({ waiting: 2, failed: 0 })
  await first.stop()
  down = false
  clock.at += 600_000
  start()
  await vi.waitUntil(() => got.length === 2)
  expect(got).toEqual(['one', 'two'])
})

test('what a receiver refuses for good is given up, shows in health, and is sent again after a restart', async () => {
  let refuse = true
  const got: string[] = []
  const { start } = rig([webhook], async ({ body }) => {
    if (refuse) throw new NoticeRefused('the receiver answered 404')
    got.push(body)
  })
  const notify = start()
  notify.tell('host-trouble', 'one', '/')
  await vi.waitUntil(() => notify.state().failed === 1)
  expect(notify.state().trouble).toEqual([
    'A notification for ops could not be delivered (the receiver answered 404). Correct its address under “notify” and restart the host, which sends them again.',
  ])
  refuse = false
  await notify.stop()
  const again = start()
  await vi.waitUntil(() => got.length === 1)
  expect(again.state()).toEqual({ waiting: 0, failed: 0, trouble: [] })
})

test('the queue is bounded', async () => {
  const { start } = rig([webhook], () => new Promise(() => undefined))
  const notify = start()
  for (let i = 0; i < 1100; i += 1) notify.tell('host-trouble', `${i}`, '/')
  expect(notify.state().waiting).toBe(1000)
  expect(notify.state().trouble[0]).toContain('are dropped')
  // This one never ends: the test does not wait for it.
  vi.spyOn(notify, 'stop').mockResolvedValue()
})

test.each([
  ['hooks.corp', '169.254.169.254', /no receiver can be/],
  ['hooks.corp', '::ffff:169.254.169.254', /no receiver can be/],
  ['[::ffff:a9fe:a9fe]', '::ffff:a9fe:a9fe', /no receiver can be/],
  ['hooks.corp', '64:ff9b::a9fe:a9fe', /no receiver can be/],
  ['hooks.corp', '::ffff:7f00:1', /this machine/],
  ['hooks.corp', 'fe80::1', /no receiver can be/],
  ['hooks.corp', '0.0.0.0', /no receiver can be/],
  ['hooks.corp', '127.0.0.1', /this machine/],
  ['hooks.corp', '::1', /this machine/],
  ['localhost', '127.0.0.1', undefined],
  ['hooks.corp', '10.0.0.9', undefined],
  ['hooks.corp', '93.184.216.34', undefined],
])('%s at %s', (host, address, expected) => {
  const said = refuseAddress(host, address)
  if (expected === undefined) expect(said).toBeUndefined()
  else expect(said).toMatch(expected)
})

test('redirects are not followed, and a wrong address is told from an outage', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const status = Number(/\d+/.exec(request.url ?? '')?.[0] ?? 200)
    response.writeHead(status, status === 302 ? { location: '/200' } : {}).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const post = (path: string) => postNotice({ url: `${base}${path}`, headers: {}, body: '{}', ca: undefined })
  await post('/200')
  await expect(post('/302')).rejects.toThrow('the receiver answered 302')
  await expect(post('/500')).rejects.not.toBeInstanceOf(NoticeRefused)
  await expect(post('/404')).rejects.toBeInstanceOf(NoticeRefused)
  expect(asked).toEqual(['/200', '/302', '/500', '/404'])
  await expect(postNotice({ url: 'http://169.254.169.254/latest', headers: {}, body: '', ca: undefined })).rejects.toBeInstanceOf(
    NoticeRefused,
  )
})

test('of a request nothing of the statement is told', () => {
  const canary = 'CANARY-7f3a'
  const person = { name: 'Agent\u202e\n<x>', issuer: 'i', subject: 's', kind: 'agent' }
  const detail = {
    ...{ sentence: canary, warnings: [canary], sql: canary, marks: [], parameters: [{ text: canary, hidden: false }], requester: person },
    ...{ application: canary, client: null, because: [canary], labels: [], approvers: [] },
    rule: { id: 'agents/3', place: 3, reason: canary, sentence: canary },
    facts: { verbs: ['write'], relations: [{ name: 'public.customers', access: 'write', via: null }], columns: [], unknown: [canary] },
  }
  const notice = describeApproval({
    ...{ id: 7, revision: 1, state: 'pending', key: canary, issuer: 'i', subject: 's', connection: 'shop', session: 'x', statement: 1 },
    ...{ detail: JSON.stringify(detail), asked_at: 0, wait_until: 0, open_until: 0, max_rows: null, decision: null, decided_at: null },
    ...{ decided_by: null, reason: canary, reveal: 0, reveal_labels: null },
  } as unknown as Parameters<typeof describeApproval>[0])
  expect(JSON.stringify(notice)).not.toContain(canary)
  expect(notice).toMatchObject({ agent: 'Agent  <x>', rule: 'agents/3', verbs: ['write'], tables: ['public.customers'] })
})
