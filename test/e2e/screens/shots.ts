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

const SWEEP = "DELETE FROM carts\n WHERE updated_at < now() - '90 days'::interval"

/** A draft as the mock shows it: a label more, fewer rows, and a rule that never decides where it stands. */
async function draftRules(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'pii', exact: true }).click()
  await page.getByLabel('Uses a label').fill('contact')
  await page.getByRole('button', { name: 'Put into the draft' }).click()
  await page.getByRole('button', { name: '1,000 rows at most' }).click()
  await page.getByLabel('Rows at most').fill('200')
  await page.getByRole('button', { name: 'Put into the draft' }).click()
  await page.getByRole('button', { name: 'Add a rule' }).first().click()
  await page.getByRole('radio', { name: 'Deny' }).check({ force: true })
  await page.getByLabel('Only UPDATE and DELETE without WHERE').check()
  await page.getByLabel('What the agent is told').fill('Name the rows you mean.')
  await page.getByRole('button', { name: 'Put into the draft' }).click()
  await page.getByText('never holds').waitFor()
  if (!(await page.getByLabel('Statement').isVisible())) return
  await page.getByLabel('Statement').fill(SWEEP)
  await page.keyboard.press('Control+Enter')
  await page.getByText('Asks a person.').waitFor()
  await page.getByRole('button', { name: 'Compare with last week' }).click()
  await page.getByText('would end differently').waitFor()
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
  { name: 'policies-draft', path: '/policies', act: draftRules },
  {
    name: 'policies-form',
    path: '/policies',
    only: ['1440', '420'],
    act: async (page) => page.getByRole('button', { name: '1,000 rows at most' }).click(),
  },
  {
    name: 'policies-add-policy',
    path: '/policies',
    only: ['1440'],
    act: async (page) => page.getByRole('button', { name: 'Add a policy' }).click(),
  },
  {
    name: 'policies-yaml',
    path: '/policies?view=yaml',
    only: ['1600', '1024', '420'],
    act: async (page) => page.locator('.cm-content').waitFor(),
  },
  {
    name: 'policies-yaml-fault',
    path: '/policies?view=yaml',
    only: ['1440'],
    act: async (page) => {
      await page.getByText('roles', { exact: true }).first().click()
      await page.keyboard.press('Home')
      await page.keyboard.type('[')
      await page.getByRole('list', { name: 'Faults' }).waitFor()
    },
  },
  { name: 'policies-tests', path: '/policies?view=tests', only: ['1440', '420'] },
  {
    name: 'policies-versions',
    path: '/policies?view=versions',
    only: ['1440', '420'],
    act: async (page) => page.getByRole('button', { name: /At most 1,000 rows/ }).click(),
  },
  {
    name: 'policies-review',
    path: '/policies',
    only: ['1440', '420'],
    act: async (page) => {
      await draftRules(page)
      await page.keyboard.press('Control+s')
      await page.getByLabel('Why, for those who read the versions later').fill('At most 200 rows a write, after ticket 4821')
    },
  },
  {
    name: 'policies-meanwhile',
    path: '/policies',
    only: ['1440'],
    act: async (page, host) => {
      await draftRules(page)
      await page.keyboard.press('Control+s')
      await page.getByLabel('Why, for those who read the versions later').fill('At most 200 rows a write')
      const { yaml } = host.work.read()
      host.work.saveMeanwhile(yaml.replace('08:00-19:00', '07:00-20:00'), 'Analysts begin earlier')
      await page.getByRole('button', { name: 'Put in force' }).click()
      await page.getByRole('button', { name: 'Put my changes on theirs' }).waitFor()
    },
  },
  {
    name: 'policies-try',
    path: '/policies',
    only: ['1024', '420'],
    act: async (page) => {
      await page.getByRole('button', { name: 'Try it, and what if' }).click()
      await page.getByLabel('Statement').fill(SWEEP)
      await page.keyboard.press('Control+Enter')
      await page.getByText('Asks a person.').waitFor()
    },
  },
  {
    name: 'policies-viewer',
    path: '/policies',
    only: ['1440'],
    prepare: (host) => {
      if (host.state.me) host.state.me = { ...host.state.me, roles: ['viewer'] }
    },
  },
  {
    name: 'policies-none',
    path: '/policies',
    only: ['1440'],
    prepare: (host) => {
      host.work.saveMeanwhile('roles: { admin: [leads] }\n', 'Begun anew')
    },
  },
  { name: 'policies-loading', path: '/policies', only: ['1440'], prepare: (host) => host.stall('readConfiguration', true) },
  {
    name: 'policies-failing',
    path: '/policies',
    only: ['1440'],
    prepare: (host) => host.fail('readConfiguration', { ...down, status: 400 }),
  },
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
  {
    name: 'connections-tested',
    path: '/connections',
    only: ['1440', '420'],
    act: async (page) => {
      await page.getByRole('button', { name: 'Test shop' }).click()
      await page.getByText('An agent could work over it').waitFor()
    },
  },
  {
    name: 'connections-wrong-password',
    path: '/connections',
    only: ['1440'],
    act: async (page) => {
      await page.getByRole('button', { name: 'Test warehouse' }).click()
      await page.getByText('No agent could work over it').waitFor()
    },
  },
  {
    name: 'connections-add',
    path: '/connections',
    only: ['1440', '420'],
    act: async (page) => page.getByRole('button', { name: 'Add a connection' }).click(),
  },
  {
    name: 'connections-functions',
    path: '/connections',
    only: ['1440'],
    act: async (page) => {
      await page.getByRole('button', { name: 'Functions' }).first().click()
      await page.getByText('public.touch_customer').click()
    },
  },
  { name: 'set-up', path: '/set-up' },
  {
    name: 'set-up-labels',
    path: '/set-up',
    only: ['1440', '420'],
    act: async (page) => {
      await page.getByRole('button', { name: 'Continue: test it' }).click()
      await page.getByRole('button', { name: /^Continue: label/, disabled: false }).click()
      await page.getByText('What is sensitive in shop?').waitFor()
    },
  },
  {
    name: 'set-up-policy',
    path: '/set-up',
    act: async (page) => {
      await page.getByRole('button', { name: 'Continue: test it' }).click()
      await page.getByRole('button', { name: /^Continue: label/, disabled: false }).click()
      await page.getByRole('button', { name: /choose a policy$/ }).click()
      await page.getByRole('radio', { name: /^Reads with approvals/ }).check()
    },
  },
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
