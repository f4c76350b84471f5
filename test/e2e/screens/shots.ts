import type { Page } from 'playwright'
import { jonas, makeApproval, marksOf } from '../../renderer/fake-host/made-up-approvals.ts'
import type { FakeHost } from '../../renderer/fake-host/start-fake-host.ts'

export interface Shot {
  readonly name: string
  readonly path: string
  /** Sizes; `pop-up` is drawn only where it is named. */
  readonly only?: readonly string[]
  readonly prepare?: (host: FakeHost) => void
  readonly act?: (page: Page, host: FakeHost) => Promise<void>
}

const mayDecide = (page: Page) => page.getByRole('button', { name: /^Approve/, disabled: false }).waitFor()
const evil = `SELECT id, total FROM orders\n WHERE status = 'paid\u200b' OR true --\u202e`
const long = `INSERT INTO products (sku, name, price) VALUES\n${Array.from({ length: 180 }, (_, at) => `  ('SKU-${at}', 'Lamp no. ${at}', ${at * 3}.90)`).join(',\n')}\nON CONFLICT (sku) DO UPDATE SET price = excluded.price`

const down = { status: 503, detail: 'The record cannot be read just now. The host goes on by itself; try again in a minute.' }
const change = (host: FakeHost, id: number, changes: Parameters<typeof makeApproval>[1]) => {
  const before = host.state.approvals.get(id)
  if (!before) throw new Error(`there is no approval ${id}`)
  const approval = { ...before, ...changes, revision: before.revision + 1 }
  host.state.approvals.set(id, approval)
  host.say({ type: 'approval', approval })
}

/** Every screen and state, by what a person would see there. */
export const shots: readonly Shot[] = [
  {
    name: 'sign-in',
    path: '/',
    prepare: (host) => {
      host.state.me = undefined
    },
  },
  {
    name: 'sign-in-two-providers-signed-out',
    path: '/sign-in?signed-out=1',
    only: ['1440'],
    prepare: (host) => {
      host.state.me = undefined
      host.state.providers = [...host.state.providers, { name: 'contractors', url: '/auth/sign-in?provider=contractors' }]
    },
  },
  {
    name: 'sign-in-host-down',
    path: '/',
    only: ['1440'],
    prepare: (host) => {
      host.state.me = undefined
      host.fail('signIn', { status: 502, detail: 'The identity provider “corp” cannot be reached just now.' })
    },
  },
  {
    name: 'no-role',
    path: '/',
    only: ['1440', '420'],
    prepare: (host) => {
      if (host.state.me) host.state.me = { ...host.state.me, roles: [], groups: ['marketing'], roleGroups: ['leads', 'dba', 'engineering'] }
    },
  },
  { name: 'approvals', path: '/approvals/218' },
  { name: 'approvals-no-warning', path: '/approvals/220', only: ['1440'] },
  { name: 'approvals-label-used', path: '/approvals/219', only: ['1440', '420'] },
  { name: 'approvals-list', path: '/approvals', only: ['420'] },
  {
    name: 'approvals-limits',
    path: '/approvals/218',
    only: ['1440', '420'],
    act: async (page) => {
      await mayDecide(page)
      await page.keyboard.press('l')
      await page.getByLabel('several times').check({ force: true })
    },
  },
  { name: 'pop-up', path: '/approvals/218?popup=1', only: ['pop-up'] },
  { name: 'pop-up-read', path: '/approvals/219?popup=1', only: ['pop-up'] },
  {
    name: 'pop-up-limits',
    path: '/approvals/218?popup=1',
    only: ['pop-up'],
    act: async (page) => {
      await mayDecide(page)
      await page.keyboard.press('l')
    },
  },
  {
    name: 'pop-up-deny',
    path: '/approvals/218?popup=1',
    only: ['pop-up'],
    act: async (page) => {
      await mayDecide(page)
      await page.keyboard.press('d')
    },
  },
  {
    name: 'approvals-counting',
    path: '/approvals/220',
    only: ['1440'],
    prepare: (host) =>
      change(host, 220, {
        passkey: true,
        sentence: 'Deletes rows of carts chosen by updated_at.',
        needs: { approvals: 2, given: [{ by: jonas, at: Date.now() - 30_000, reason: '' }] },
        preview: {
          ...makeApproval(Date.now()).preview,
          state: 'pending',
          at: null,
          plan: null,
          estimatedRows: null,
          exactRows: null,
          rows: null,
          whyNoRehearsal: 'It is still being read.',
        },
      }),
  },
  {
    name: 'approvals-rehearsed',
    path: '/approvals/220',
    only: ['1440'],
    act: async (page) => {
      await mayDecide(page)
      await page.keyboard.press('r')
    },
  },
  { name: 'standing', path: '/approvals?view=standing', only: ['1440', '420'] },
  {
    name: 'approvals-armed',
    path: '/approvals/220',
    only: ['1440'],
    act: async (page) => {
      await mayDecide(page)
      await page.keyboard.press('a')
    },
  },
  {
    name: 'approvals-deny',
    path: '/approvals/218',
    act: async (page) => {
      await mayDecide(page)
      await page.keyboard.press('d')
      await page.keyboard.press('1')
    },
  },
  {
    name: 'approvals-hidden-characters',
    path: '/approvals/218',
    only: ['1440'],
    prepare: (host) => change(host, 218, { sql: evil, marks: marksOf(evil, ['OR true', 'rule', 'always true']) }),
  },
  {
    name: 'approvals-long',
    path: '/approvals/218',
    only: ['1440', '420'],
    prepare: (host) =>
      change(host, 218, {
        sql: long,
        marks: marksOf(long, ['INSERT INTO products', 'rule', 'it is a write'], ['ON CONFLICT (sku) DO UPDATE', 'rule', 'it is a write']),
      }),
  },
  {
    name: 'approvals-changed',
    path: '/approvals/218',
    only: ['1440'],
    act: async (_, host) => change(host, 218, { maxRows: 200, warnings: ['There is no WHERE: every row of customers is concerned.'] }),
  },
  {
    name: 'approvals-decided-by-another',
    path: '/approvals/218',
    only: ['1440'],
    act: async (_, host) =>
      change(host, 218, {
        state: 'used',
        waiting: false,
        decision: {
          decision: 'approve',
          by: { name: 'Jonas Weber', issuer: 'https://login.corp/realms/main', subject: 'jonas.weber', kind: 'person' },
          reason: 'Matches ticket 4821.',
          at: Date.now() - 4000,
          reveal: false,
        },
      }),
  },
  {
    name: 'approvals-late',
    path: '/approvals/218',
    only: ['1440'],
    prepare: (host) => change(host, 218, { waiting: false, waitUntil: Date.now() - 60_000 }),
  },
  {
    name: 'approvals-not-yours',
    path: '/approvals/218',
    only: ['1440', '420'],
    prepare: (host) => change(host, 218, { mayDecide: false, whyNot: 'This is your own agent. Someone else from dba has to decide.' }),
  },
  {
    name: 'approvals-sign-in-old',
    path: '/approvals/218',
    only: ['1440', '420'],
    prepare: (host) => {
      if (host.state.me) host.state.me = { ...host.state.me, signInAt: Date.now() - 22 * 60_000, decideUntil: Date.now() - 7 * 60_000 }
    },
  },
  {
    name: 'approvals-lost',
    path: '/approvals/218',
    only: ['1440', '420'],
    act: async (page, host) => {
      host.silence(true)
      await page.waitForTimeout(600)
    },
  },
  { name: 'approvals-empty', path: '/approvals', prepare: (host) => host.state.approvals.clear() },
  { name: 'approvals-loading', path: '/approvals', only: ['1440'], prepare: (host) => host.stall('listApprovals', true) },
  {
    name: 'approvals-failing',
    path: '/approvals',
    only: ['1440'],
    prepare: (host) => host.fail('listApprovals', { ...down, status: 400 }),
  },
  {
    name: 'approvals-huge',
    path: '/approvals',
    only: ['1440'],
    prepare: (host) => {
      for (let id = 300; id < 517; id++)
        host.state.approvals.set(
          id,
          makeApproval(Date.now(), {
            id,
            sentence: 'Changes rows of carts chosen by id: sets coupon.',
            askedAt: Date.now() - 517_000 + id * 1000,
          }),
        )
    },
  },
  {
    name: 'approvals-shortcuts',
    path: '/approvals/218',
    only: ['1440'],
    act: async (page) => page.keyboard.press('?'),
  },
  { name: 'sessions', path: '/sessions' },
  { name: 'sessions-search', path: '/sessions?q=email', only: ['1440', '420'] },
  { name: 'sessions-no-match', path: '/sessions?q=nothing-like-this', only: ['1440'] },
  {
    name: 'sessions-empty',
    path: '/sessions',
    only: ['1440'],
    prepare: (host) => {
      host.state.sessions = []
    },
  },
  { name: 'sessions-loading', path: '/sessions', only: ['1440'], prepare: (host) => host.stall('listSessions', true) },
  { name: 'sessions-failing', path: '/sessions', only: ['1440'], prepare: (host) => host.fail('listSessions', { ...down, status: 400 }) },
  { name: 'session', path: '/sessions/S-20411?statement=4' },
  { name: 'session-read', path: '/sessions/S-20411?statement=2', only: ['1440'] },
  { name: 'session-denied', path: '/sessions/S-20411?statement=3', only: ['1440', '420'] },
  { name: 'session-held', path: '/sessions/S-20411?statement=23', only: ['1440'] },
  { name: 'session-list', path: '/sessions/S-20411', only: ['420'] },
  {
    name: 'session-end',
    path: '/sessions/S-20411',
    only: ['1440'],
    act: async (page) => page.getByRole('button', { name: 'End session' }).click(),
  },
  { name: 'start', path: '/' },
  { name: 'start-nothing', path: '/', only: ['1440'], prepare: (host) => host.state.approvals.clear() },
  {
    name: 'start-trouble',
    path: '/',
    only: ['1440'],
    prepare: (host) => {
      if (host.state.health.detail)
        host.state.health.detail.trouble = ['No statement passes: the record cannot be written. The disk is full.']
    },
  },
  { name: 'policies', path: '/policies#agents-on-shop/3' },
  {
    name: 'masking',
    path: '/masking?table=public.customers',
    act: async (page) => page.getByRole('checkbox', { name: 'Select phone' }).check(),
  },
  {
    name: 'masking-draft',
    path: '/masking?table=public.customers',
    only: ['1440', '420'],
    act: async (page) => {
      await page.getByRole('checkbox', { name: 'Select full_name' }).check()
      await page.getByRole('checkbox', { name: 'Select date_of_birth' }).check()
      await page.getByRole('radio', { name: /^Token/ }).check()
      await page
        .getByRole('textbox', { name: 'Label' })
        .or(page.getByRole('combobox', { name: 'Label' }))
        .fill('pii')
      await page.getByRole('button', { name: 'Label 2 columns in the draft' }).click()
    },
  },
  {
    name: 'masking-review',
    path: '/masking?table=public.customers',
    only: ['1440'],
    act: async (page) => {
      await page.getByRole('button', { name: 'Label all as suggested…' }).click()
      await page.getByRole('button', { name: /^Label \d+ columns in the draft/ }).click()
      await page.getByRole('button', { name: 'Review and save…' }).click()
    },
  },
  { name: 'masking-huge', path: '/masking?connection=warehouse', only: ['1440'] },
  { name: 'masking-labels', path: '/masking?view=labels', only: ['1440', '420'] },
  {
    name: 'masking-patterns',
    path: '/masking?view=patterns',
    only: ['1440', '420'],
    act: async (page) => {
      await page.getByLabel(/^Text, as a value/).fill('Paid with 4111 1111 1111 1111, order 20411.')
      await page.getByRole('button', { name: 'Try', exact: true }).click()
    },
  },
  {
    name: 'masking-not-read',
    path: '/masking',
    only: ['1440'],
    prepare: (host) =>
      host.fail('catalog', { status: 503, detail: 'The database behind "shop" cannot be asked for its tables: it does not answer.' }),
  },
  {
    name: 'masking-viewer',
    path: '/masking?table=public.customers',
    only: ['1440'],
    prepare: (host) => {
      if (host.state.me) host.state.me = { ...host.state.me, roles: ['viewer'] }
    },
  },
  { name: 'connections', path: '/connections' },
  { name: 'connect', path: '/connect' },
  {
    name: 'menu',
    path: '/approvals',
    only: ['420'],
    act: async (page) => page.getByRole('button', { name: 'Open the menu' }).click(),
  },
  { name: 'no-such-page', path: '/nowhere', only: ['1440'] },
  { name: 'people', path: '/people' },
  {
    name: 'people-none-yet',
    path: '/people',
    only: ['1440'],
    prepare: (host) => {
      host.state.agents = { items: [], paused: null, more: false }
    },
  },
  {
    name: 'people-pause-all',
    path: '/people',
    only: ['1440', '420'],
    act: async (page) => {
      await page.getByRole('button', { name: 'Pause all agents' }).click()
      await page.getByLabel('Why, for the record').fill('An incident on shop, 14:10')
    },
  },
  {
    name: 'people-all-paused',
    path: '/people',
    only: ['1440'],
    prepare: (host) => {
      const { by = null, at = 0 } = host.state.agents.items.find((agent) => agent.paused)?.paused ?? {}
      if (by) host.state.agents = { ...host.state.agents, paused: { by, at, reason: 'An incident on shop, 14:10' } }
    },
  },
  { name: 'audit', path: '/audit' },
  {
    name: 'audit-nothing-matches',
    path: '/audit?outcome=failed&act=vouched',
    only: ['1440'],
    prepare: (host) => {
      host.state.acts = []
    },
  },
  { name: 'health', path: '/health' },
  {
    name: 'health-trouble',
    path: '/health',
    only: ['1440', '420'],
    prepare: (host) => {
      const { detail } = host.state.health
      if (!detail) return
      host.state.health = {
        status: 'trouble',
        detail: {
          ...detail,
          trouble: ['No statement passes: the record cannot be written. The disk is full.'],
          recorder: { ...detail.recorder, writing: false, behindBytes: 812_000 },
          siem: { delivering: false, behindEvents: 1204, lagMs: 340_000 },
          notify: { waiting: 2, failed: 1 },
          tls: { proxy: 'AB:4F:09:77:51:C2', web: '3D:11:90:AE:44:07' },
        },
      }
    },
  },
  { name: 'settings', path: '/settings' },
]
