import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ConfigurationRefusal } from '../../main/config/configuration-desk.ts'
import { ConfigError } from '../../main/config.ts'
import { hostFile } from '../../main/store/files.ts'
import { FILE, LEA, openDesk, order } from './desk-fixture.ts'

const refusal = (work: Promise<unknown>): Promise<ConfigurationRefusal> =>
  work.then(
    () => expect.unreachable('it was not refused'),
    (cause: unknown) => (cause instanceof ConfigurationRefusal ? cause : Promise.reject(cause)),
  )

it('takes the credentials out of the file, and keeps all else byte by byte', () => {
  const { desk, inForce, secrets, vault, dataDir, close } = openDesk()
  const { text, version, source } = desk.current()
  expect({ version, source }).toEqual({ version: 1, source: 'file' })
  expect(text).toBe(
    FILE.replace('"the-client-secret"', `"\${vault:identity.providers.corp.clientSecret}"`).replace(
      'the-secret-credential',
      `"\${vault:connections.shop.password}"`,
    ),
  )
  expect(inForce.current().connections[0]).toMatchObject({ credential: { kind: 'vault', name: 'connections.shop.password' } })
  expect(inForce.current().connections[0]?.password?.reveal()).toBe('the-secret-credential')
  expect(secrets.read('connections.shop.password')).toBe('the-secret-credential')
  // A reference reaches its own corner only.
  vault.write('signing-key', Buffer.from('x'))
  expect(secrets.read('signing-key')).toBeUndefined()
  close()
  for (const name of [hostFile(dataDir), `${hostFile(dataDir)}-wal`]) {
    const bytes = readFileSync(name, { flag: 'a+' })
    expect(bytes.includes('the-secret-credential')).toBe(false)
  }
})

it('what was exported is put in force again as it stands: nothing changes', async () => {
  const { desk, close } = openDesk()
  const { text } = desk.current()
  expect(await desk.change(text, order(1))).toMatchObject({ version: 1, changed: false })
  expect(desk.current().text).toBe(text)
  close()
})

it('a change is a version, in force at once and after a restart; the file holds again once it changes', async () => {
  const first = openDesk()
  const told: number[] = []
  first.inForce.onChange((next) => told.push(next.policies[0]?.rules[1]?.maxRows ?? -1))
  const changed = first.desk.current().text.replace('maxRows: 1000', 'maxRows: 5')
  const outcome = await first.desk.change(changed, order(1, { comment: 'fewer' }))
  expect(outcome).toMatchObject({ version: 2, changed: true })
  expect(outcome.checked.difference).toMatchObject({
    added: 1,
    removed: 1,
    changes: [{ path: 'policies.agents.rules[1].maxRows', before: '1000', after: '5' }],
  })
  expect(told).toEqual([5])
  first.close()

  const second = openDesk(FILE, first.dataDir)
  expect(second.desk.current()).toMatchObject({ version: 2, source: 'api', comment: 'fewer', author: JSON.stringify(LEA) })
  expect(second.inForce.current().policies[0]?.rules[1]?.maxRows).toBe(5)
  second.close()

  const third = openDesk(FILE.replace('maxRows: 1000', 'maxRows: 7').replace('the-secret-credential', 'another-credential'), first.dataDir)
  expect(third.desk.current()).toMatchObject({ version: 3, source: 'file', author: null })
  expect(third.inForce.current().policies[0]?.rules[1]?.maxRows).toBe(7)
  expect(third.inForce.current().connections[0]?.password?.reveal()).toBe('another-credential')
  expect(third.logged).toContain('configuration.from-file')
  expect(await third.desk.restore(2, order(3))).toMatchObject({ version: 4, changed: true })
  expect(third.desk.current()).toMatchObject({ source: 'restore', restored: 2, text: changed })
  expect(third.desk.list(5, 10).map(({ version }) => version)).toEqual([4, 3, 2, 1])
  third.close()
})

it('of two changes of the same version one is made, and the other is told whose it was', async () => {
  const { desk, close } = openDesk()
  const { text } = desk.current()
  const results = await Promise.allSettled([5, 6].map((rows) => desk.change(text.replace('maxRows: 1000', `maxRows: ${rows}`), order(1))))
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(desk.current().version).toBe(2)
  const late = await refusal(desk.change(text, order(1)))
  expect(late).toMatchObject({ kind: 'meanwhile', message: expect.stringContaining('Version 2 by Lea is in force by now') })
  close()
})

it('what has faults, fails its own tests or locks its author out is not put in force', async () => {
  const { desk, inForce, close } = openDesk()
  const { text } = desk.current()
  const before = inForce.current()
  const wrong = await refusal(desk.change(text.replace('maxRows', 'maxrows'), order(1)))
  expect(wrong).toMatchObject({ kind: 'faults', faults: [{ path: 'policies[0].rules[1].maxrows', line: 21 }] })
  expect(await refusal(desk.change('a: [', order(1)))).toMatchObject({ kind: 'faults' })

  const open = text.replace('{ effect: allow, statements: [read, session, transaction] }', '{ effect: allow }')
  const failing = await refusal(desk.change(open, order(1)))
  expect(failing.kind).toBe('needs-force')
  expect(failing.message).toContain('The test no drops fails: expected deny, but it is allow by "agents/1"')
  const lost = await refusal(desk.change(text.replace('leads', 'others'), order(1, { lockedOut: () => 'You would be out.' })))
  expect(lost).toMatchObject({ kind: 'needs-force', faults: [{ path: 'roles', message: 'You would be out.' }] })
  expect(inForce.current()).toBe(before)
  expect(desk.current().version).toBe(1)
  expect(await desk.change(open, order(1, { force: true }))).toMatchObject({ version: 2 })
  close()
})

it('reads no other files and variables of the host over the API than the configuration names already', async () => {
  const { desk, close } = openDesk(FILE.replace('the-secret-credential', `"\${env:SHOP}"`), undefined, { SHOP: 'x', OTHER: 'y' })
  const { text } = desk.current()
  for (const reference of [`\${file:/etc/passwd}`, `\${env:OTHER}`]) {
    const no = await refusal(desk.change(text.replace(`\${env:SHOP}`, reference), order(1)))
    expect(no).toMatchObject({ kind: 'faults', faults: [{ path: 'connections[0].password' }] })
    expect(no.message).toContain('is not in the configuration in force')
  }
  // A credential that was written instead does not make the old reference a stranger.
  expect(desk.writeCredential('shop', 'written', { author: LEA, comment: '' })).toEqual({ version: 2, changed: true })
  expect(await desk.restore(1, order(2))).toMatchObject({ version: 3 })
  close()
})

it('a credential is written into the vault and read by nobody; the password may be left out of the file', async () => {
  const { desk, inForce, close } = openDesk(FILE.replace('    password: the-secret-credential\n', ''))
  expect(inForce.current().connections[0]?.password).toBeUndefined()
  expect((await desk.check(desk.current().text)).warnings).toMatchObject([{ kind: 'connection', path: 'connections[0]' }])
  expect(desk.writeCredential('shop', 'written', { author: LEA, comment: '' })).toEqual({ version: 1, changed: false })
  expect(inForce.current().connections[0]?.password?.reveal()).toBe('written')
  expect((await desk.check(desk.current().text)).warnings).toEqual([])
  expect(() => desk.writeCredential('nope', 'x', { author: LEA, comment: '' })).toThrow(/no connection "nope"/)
  close()
})

it('sections are replaced with the comments around and in them kept, and a password among them goes to the vault', async () => {
  const { desk, inForce, secrets, close } = openDesk()
  const [policy] = desk.values()['policies'] as Record<string, unknown>[]
  const [read, ask] = (policy?.['rules'] ?? []) as Record<string, unknown>[]
  const rules = [{ effect: 'deny', statements: ['write'], without: 'where' }, read, { ...ask, maxRows: 10 }]
  await desk.changeSections({ policies: [{ ...policy, rules }] }, order(1))
  const { text } = desk.current()
  for (const comment of ["# the team's own words", '# the shop', '# agents may look', '# and nothing else']) expect(text).toContain(comment)
  expect(text).toContain('      - { effect: ask, statements: [write], approvers: [dba], maxRows: 10 }\n')
  expect(inForce.current().policies[0]?.rules.map(({ effect }) => effect)).toEqual(['deny', 'allow', 'ask'])

  const [shop] = desk.values()['connections'] as Record<string, unknown>[]
  const other = { ...shop, name: 'other', password: 'spelled-out' }
  await desk.changeSections({ connections: [shop, other] }, order(2))
  expect(desk.current().text).not.toContain('spelled-out')
  expect(secrets.read('connections.other.password')).toBe('spelled-out')
  expect((await desk.check(desk.current().text)).warnings).toMatchObject([{ kind: 'unused', path: 'connections[1]' }])
  close()
})

it('says what of a change waits for the next start', async () => {
  const { desk, close } = openDesk()
  await desk.change(`${desk.current().text}web: { listen: "127.0.0.1:9999" }\n`, order(1))
  expect(desk.fromNextStart()).toEqual(['web.listen'])
  close()
})

it('a version that can no longer be read stops the start, and says what to do', async () => {
  const first = openDesk(FILE.replace('the-secret-credential', `"\${env:SHOP}"`), undefined, { SHOP: 'x' })
  await first.desk.change(first.desk.current().text.replace('maxRows: 1000', 'maxRows: 5'), order(1))
  first.close()
  const start = () => openDesk(FILE.replace('the-secret-credential', `"\${env:SHOP}"`), first.dataDir, {})
  expect(start).toThrow(ConfigError)
})
