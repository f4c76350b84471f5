import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectAgent, type Outcome } from '../../build/demo/agent/agent-client.ts'
import { decideAs } from '../../build/demo/agent/decide.ts'
import { readConnectFile } from '../../build/demo/connect-file.ts'
import { openSecrets } from '../../build/demo/provider/secrets.ts'
import { startProvider } from '../../build/demo/provider/start-provider.ts'
import {
  type DemoProcess,
  freePortBase,
  guardOf,
  isAlive,
  listen,
  makeDemoFolder,
  processesOf,
  startDemo,
  urlOf,
} from '../helpers/demo-process.ts'
import { hasPsql, psql } from '../helpers/psql.ts'

const READY = 'Ctrl-C stops all of it'
const SSN = /\b\d{3}-\d{2}-\d{4}\b/

// One demo for the whole file: making the shop takes a while.
describe('npm run demo', () => {
  const { folder, remove } = makeDemoFolder()
  let base = 0
  let demo: DemoProcess
  let firstUrl = ''

  beforeAll(async () => {
    base = await freePortBase()
    demo = startDemo(folder, base)
    await demo.until(READY)
    firstUrl = urlOf(demo.output())
  }, 150_000)

  afterAll(async () => {
    if (isAlive(demo.pid)) demo.signal('SIGTERM')
    await demo.exit
    remove()
  })

  const agent = async (token = new URL(urlOf(demo.output())).password, onNotice: (text: string) => void = () => {}) =>
    connectAgent({ host: '127.0.0.1', port: base + 3, connection: 'shop', token }, onNotice)

  const rowsOf = (outcome: Outcome) => {
    if ('refusal' in outcome) throw new Error(outcome.refusal.message)
    return outcome.answer.rows
  }

  it('shows each step with its time, one line each, also without a terminal', () => {
    expect(demo.output()).toMatch(/✓ PostgreSQL 18 .* \d+\.\d s\n/)
    expect(demo.output()).toMatch(/✓ The shop’s data, from a seed · [23]\d\d,\d{3} rows in 18 tables · \d+\.\d s\n/)
    expect(demo.output()).not.toContain('\x1b')
  })

  it.skipIf(!hasPsql())('prints a psql line that works when pasted, with masked columns', async () => {
    const { out, err, code } = await psql(firstUrl, ['-c', 'SELECT * FROM customers LIMIT 3'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('*redacted*')
    expect(out).toContain('(3 rows)')
    expect(out).not.toMatch(SSN)
  })

  it('prints a token that is good for eight hours at least', () => {
    const payload = JSON.parse(Buffer.from(new URL(firstUrl).password.split('.')[1] ?? '', 'base64url').toString()) as { exp: number }
    expect(payload.exp * 1000 - Date.now()).toBeGreaterThan(8 * 3_600_000 - 60_000)
  })

  it('has a shop of the size of production: tables, partitions, views, rows', async () => {
    const client = await agent()
    const [tables] = rowsOf(
      await client.ask(
        "SELECT count(*) FROM information_schema.tables WHERE table_schema IN ('public', 'billing', 'support', 'internal') AND table_type = 'BASE TABLE'",
      ),
    )
    expect(Number(tables?.[0])).toBeGreaterThanOrEqual(18)
    const [views] = rowsOf(
      await client.ask("SELECT count(*) FROM information_schema.views WHERE table_schema IN ('public', 'billing', 'support')"),
    )
    expect(Number(views?.[0])).toBeGreaterThanOrEqual(4)
    const [lines] = rowsOf(await client.ask('SELECT count(*) FROM order_items'))
    expect(Number(lines?.[0])).toBeGreaterThan(100_000)
    await client.close()
  })

  it('plays the agent’s afternoon over MCP as over the wire', async () => {
    const afternoon = async (...options: string[]) => {
      const args = [path.join(import.meta.dirname, '../../build/demo/agent.ts'), '--fast', '--auto', '--data', folder, ...options]
      const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 50_000, env: { ...process.env, NO_COLOR: '1' } })
      return stdout
    }
    const [wire, mcp] = [await afternoon(), await afternoon('--mcp')]
    const tally = /(\d+) statements: (\d+) ran, (\d+) were denied, and 1 waited for a person/
    expect(wire).toMatch(tally)
    expect(tally.exec(mcp)?.[0]).toBe(tally.exec(wire)?.[0])
    expect(mcp).toMatch(/held for approval #\d+/i)
    expect(mcp).not.toMatch(SSN)
  }, 120_000)

  it('denies what no agent may do, with what to do instead', async () => {
    const client = await agent()
    for (const sql of ['DROP TABLE carts', 'DELETE FROM carts', 'SELECT * FROM internal.api_keys', 'SELECT loyalty_score(7)']) {
      expect(await client.ask(sql), sql).toMatchObject({ refusal: { code: '42501', hint: expect.stringMatching(/\w/) as string } })
    }
    expect(rowsOf(await client.ask('SELECT count(*) > 0 FROM carts'))).toEqual([['t']])
    await client.close()
  })

  it('masks a view’s renamed column, and a card number that a customer pasted into a text', async () => {
    const client = await agent()
    const looked = rowsOf(await client.ask('SELECT tax_number FROM support.customer_lookup WHERE id = 1'))
    expect(looked).toEqual([['*redacted*']])
    const [letter] = rowsOf(
      await client.ask("SELECT body FROM support_tickets WHERE subject = 'Charged twice?' AND body LIKE '%the card is%'"),
    )
    expect(letter?.[0]).toMatch(/the card is \*{4}\d{4},/)
    await client.close()
  })

  it('holds an UPDATE until the approver decides, and does what was decided', async () => {
    const connect = readConnectFile(path.join(folder, 'connect.json'))!
    const outcomes: Outcome[] = []
    for (const decision of ['approve', 'deny'] as const) {
      const decided: Promise<void>[] = []
      const client = await agent(undefined, (text) => {
        const number = Number(/#(\d+)/.exec(text)?.[1])
        decided.push(decideAs(connect, number, decision, 'Because the test says so.'))
      })
      outcomes.push(await client.ask(`UPDATE carts SET updated_at = '2020-01-01T00:00:00Z' WHERE id = ${decision === 'approve' ? 7 : 8}`))
      await Promise.all(decided)
      await client.close()
    }
    expect(outcomes[0]).toMatchObject({ answer: { tag: 'UPDATE 1' } })
    expect(outcomes[1]).toMatchObject({
      refusal: { code: '42501', message: expect.stringContaining('Because the test says so.') as string },
    })
    const client = await agent()
    expect(rowsOf(await client.ask("SELECT id FROM carts WHERE updated_at = '2020-01-01T00:00:00Z'"))).toEqual([['7']])
    await client.close()
  })

  it('keeps its secrets to the user who started it', () => {
    for (const name of ['secrets.json', 'connect.json', 'shop-password', 'sallyport-web-secret']) {
      expect(statSync(path.join(folder, name)).mode & 0o077, name).toBe(0)
    }
    const config = readFileSync(path.join(folder, 'sallyport.yaml'), 'utf8')
    expect(config).toMatch(/password: \$\{file:shop-password\}/)
    expect(config).not.toContain(readFileSync(path.join(folder, 'shop-password'), 'utf8').trim())
  })

  it('has a sign-in that answers under no other name', async () => {
    const ask = (host: string) =>
      new Promise<number>((resolve, reject) => {
        http
          .get({ host: '127.0.0.1', port: base + 1, path: '/.well-known/openid-configuration', headers: { host } }, (response) => {
            response.resume()
            resolve(response.statusCode ?? 0)
          })
          .on('error', reject)
      })
    expect(await ask(`127.0.0.1:${base + 1}`)).toBe(200)
    expect(await ask('demo.example:80')).toBe(421)
    expect(await ask(`localhost:${base + 1}`)).toBe(421)
  })

  it('has a sign-in that refuses to be anywhere but on loopback', async () => {
    const secrets = await openSecrets(path.join(folder, 'secrets.json'))
    await expect(startProvider(secrets, { host: '0.0.0.0', port: 0, webOrigin: 'http://127.0.0.1:1' })).rejects.toThrow('127.0.0.1 only')
    await expect(startProvider(secrets, { host: '127.0.0.1', port: 0, webOrigin: 'http://shop.example' })).rejects.toThrow('127.0.0.1 only')
  })

  it('tells a second one on the same files that it runs already', async () => {
    const second = startDemo(folder, base)
    expect(await second.exit).toBe(1)
    expect(second.output()).toContain(`The demo already runs on these files (process ${demo.pid}, http://127.0.0.1:${base})`)
  })

  it('names each port that is taken, what wants it, and the option', async () => {
    const other = makeDemoFolder()
    const ports = await freePortBase()
    const holder = await listen(ports + 2)
    const blocked = startDemo(other.folder, ports)
    expect(await blocked.exit).toBe(1)
    expect(blocked.output()).toContain(`Port ${ports + 2} is taken by another program; the demo’s PostgreSQL wants it.`)
    expect(blocked.output()).toContain('--port-base')
    expect(blocked.output()).not.toContain('    at ')
    holder?.close()
    other.remove()
  })

  it('leaves no process after Ctrl-C, and starts again at once with the same data and tokens', async () => {
    const guard = guardOf(folder)
    demo.signal('SIGINT')
    // npm passes the same Ctrl-C on a second time.
    demo.signal('SIGINT')
    expect(await demo.exit).toBe(0)
    expect(demo.output()).toContain('Stopped.')
    expect(processesOf(folder)).toEqual([])
    expect(isAlive(guard)).toBe(false)

    demo = startDemo(folder, base)
    await demo.until(READY, 30_000)
    expect(demo.output()).not.toContain('from a seed')
    const client = await agent(new URL(firstUrl).password)
    expect(rowsOf(await client.ask("SELECT id FROM carts WHERE updated_at = '2020-01-01T00:00:00Z'"))).toEqual([['7']])
    await client.close()
  })

  it('leaves no PostgreSQL behind when it is killed, and starts again', async () => {
    const guard = guardOf(folder)
    demo.signal('SIGKILL')
    await demo.exit
    const late = Date.now() + 10_000
    while (isAlive(guard) && Date.now() < late) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(isAlive(guard)).toBe(false)
    expect(processesOf(folder)).toEqual([])

    demo = startDemo(folder, base)
    await demo.until(READY, 30_000)
  })

  it('stops a server that an earlier run left, when even its guard was killed', async () => {
    process.kill(guardOf(folder), 'SIGKILL')
    demo.signal('SIGKILL')
    await demo.exit
    demo = startDemo(folder, base)
    await demo.until(READY, 30_000)
    const client = await agent()
    expect(rowsOf(await client.ask('SELECT 1'))).toEqual([['1']])
    await client.close()
  })
})
