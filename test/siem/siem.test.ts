import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import tls from 'node:tls'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { parseConfig } from '../../main/config.ts'
import { databaseNumber } from '../../main/recordings/open-recordings-database.ts'
import { rebuildRecordings } from '../../main/recordings/rebuild-recordings.ts'
import { type DeliveryReport, deliver } from '../../main/siem/deliver.ts'
import { createHttpsSink } from '../../main/siem/https-sink.ts'
import { readStreamPosition, writeStreamPosition } from '../../main/siem/position-file.ts'
import { createAuditReader } from '../../main/siem/read-audit.ts'
import type { SiemSink } from '../../main/siem/sink.ts'
import { syslogFrame } from '../../main/siem/syslog-frame.ts'
import { createSyslogSink } from '../../main/siem/syslog-sink.ts'
import { recordingsFile } from '../../main/store/files.ts'
import { fill, openSession, recorderOn, runStatement, temporaryDirectory, testKey } from '../recordings/fixtures.ts'

function recorded(statements: number): string {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir)
  const session = openSession(recorder)
  for (let i = 0; i < statements; i++) {
    runStatement(recorder, session, `SELECT ${i}`, ['a-row-of-the-answer'])
    recorder.commit()
  }
  session.closed('done')
  recorder.close()
  // In small passes, so that there are many chunks.
  fill(dataDir, 200)
  return dataDir
}

/** Runs the stream until everything is delivered, or `enough`. */
async function stream(dataDir: string, sink: SiemSink, enough: () => boolean = () => false): Promise<DeliveryReport[]> {
  const db = new Database(recordingsFile(dataDir), { readonly: true })
  const reports: DeliveryReport[] = []
  let done = false
  await deliver({
    reader: createAuditReader(db),
    sink,
    position: readStreamPosition(dataDir, databaseNumber(db)),
    save: (position) => writeStreamPosition(dataDir, databaseNumber(db), position),
    report: (report) => {
      reports.push(report)
      done = (report.behindEvents === 0 && report.failure === undefined) || enough()
    },
    stopped: () => done,
    now: () => 1_790_000_060_000,
    idleMs: 1,
    retryMs: 1,
  })
  db.close()
  return reports
}

test('every event is delivered once and in order, rows and parameters are not, and the signed head goes with them', async () => {
  const sent: Record<string, unknown>[] = []
  const sink = {
    send: async (events: readonly object[]) => void sent.push(...(events as Record<string, unknown>[])),
    close: () => undefined,
  }
  const dataDir = recorded(5)
  await stream(dataDir, sink)
  expect(sent.filter((one) => one['event'] === 'statement').map((one) => one['sql'])).toEqual([0, 1, 2, 3, 4].map((i) => `SELECT ${i}`))
  const seqs = sent.flatMap((one) => (one['seq'] === undefined ? [] : [Number(one['seq'])]))
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
  expect(sent.map((one) => one['event'])).toContain('head')
  expect(sent.find((one) => one['event'] === 'verdict')).toMatchObject({ effect: 'allow', subject: 'maya', connection: 'shop' })
  expect(JSON.stringify(sent)).not.toContain('a-row-of-the-answer')
  const before = sent.length
  await stream(dataDir, sink)
  expect(sent).toHaveLength(before)
})

test('a receiver that fails at any point gets everything all the same, perhaps twice, and the lag is told', async () => {
  const got = new Set<unknown>()
  let calls = 0
  const sink = {
    send: async (events: readonly object[]) => {
      calls += 1
      // Half of what fails was taken.
      for (const one of events as Record<string, unknown>[]) got.add(one['seq'])
      if (calls % 2 === 1) throw new Error('the receiver went away')
    },
    close: () => undefined,
  }
  const reports = await stream(recorded(60), sink)
  expect(reports[0]).toMatchObject({ failure: 'the receiver went away', lagMs: 60_000 })
  expect(reports[0]?.behindEvents).toBeGreaterThan(0)
  expect(reports.at(-1)).toMatchObject({ failure: undefined, behindEvents: 0, lagMs: 0 })
  expect(got.size).toBe(1 + 60 * 3 + 1 + 1)
})

test('the stream goes on after a restart where it was', async () => {
  const dataDir = recorded(60)
  const sent: unknown[] = []
  const sink = { send: async (events: readonly object[]) => void sent.push(...events), close: () => undefined }
  await stream(dataDir, sink, () => sent.length > 0)
  const first = sent.length
  await stream(dataDir, sink)
  expect(first).toBeLessThan(sent.length)
  expect(new Set(sent.map((one) => JSON.stringify(one))).size).toBe(sent.length)
})

test('after the database was made anew all that is kept is delivered again, and nothing is skipped', async () => {
  const dataDir = recorded(60)
  const sent = new Map<unknown, number>()
  const sink = {
    send: async (events: readonly object[]) => {
      for (const one of events as Record<string, unknown>[])
        if (one['event'] === 'statement') sent.set(one['sql'], (sent.get(one['sql']) ?? 0) + 1)
    },
    close: () => undefined,
  }
  await stream(dataDir, sink)
  rebuildRecordings(dataDir, testKey, Date.now()).db.close()
  fill(dataDir)
  await stream(dataDir, sink)
  expect(sent.size).toBe(60)
  expect([...sent.values()].every((times) => times === 2)).toBe(true)
})

test('what retention removed before it was delivered is counted', async () => {
  const dataDir = recorded(60)
  const db = new Database(recordingsFile(dataDir))
  db.exec('DELETE FROM chunks WHERE id IN (3, 4, 5)')
  db.close()
  const reports = await stream(dataDir, { send: async () => undefined, close: () => undefined })
  expect(reports.at(-1)?.lost).toBe(3)
})

test('a syslog frame is counted in bytes and says what RFC 5424 asks', () => {
  const frame = syslogFrame({ time: '2026-11-24T12:00:00.000Z', event: 'verdict', effect: 'deny', sql: 'SELECT ‘ä’' }, 13, 'gate way', 42)
  const text = frame.toString()
  const space = text.indexOf(' ')
  expect(Number(text.slice(0, space))).toBe(frame.length - space - 1)
  expect(text.slice(space + 1)).toMatch(/^<108>1 2026-11-24T12:00:00\.000Z gateway sallyport 42 verdict - \ufeff\{.*\}$/)
})

test('over TCP, to a receiver that closes once: all is there in the end', async () => {
  const received: string[] = []
  let connections = 0
  const server = net.createServer((socket) => {
    connections += 1
    if (connections === 1) socket.destroy()
    else socket.on('data', (bytes) => received.push(bytes.toString()))
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const sink = createSyslogSink({ to: 'syslog', host: '127.0.0.1', port, tls: 'disable', ca: undefined, facility: 13 })
  const reports = await stream(recorded(2), sink)
  expect(reports[0]?.failure).toMatch(/closed the connection/)
  expect(received.join('').match(/(?<="sql":")SELECT \d/g)).toEqual(['SELECT 0', 'SELECT 1'])
})

const tlsFile = (name: string): string => readFileSync(fileURLToPath(new URL(`../helpers/tls/${name}`, import.meta.url)), 'utf8')
const trusted = { key: tlsFile('server.key'), cert: tlsFile('server.pem'), ca: tlsFile('ca.pem') }

test('syslog over TLS (RFC 5425) with a private CA: a receiver that dies in the middle of a batch gets it again, frame by frame', async () => {
  const received: Buffer[] = []
  let connections = 0
  const server = tls.createServer(trusted, (socket) => {
    connections += 1
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      if (connections === 1) socket.destroy()
      else received.push(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const target = { to: 'syslog', host: '127.0.0.1', port, tls: 'verify-full', facility: 13 } as const
  const reports = await stream(recorded(3), createSyslogSink({ ...target, ca: trusted.ca }))
  expect(reports[0]).toMatchObject({ failure: expect.stringMatching(/closed the connection/), lagMs: 60_000 })
  expect(reports.at(-1)).toMatchObject({ failure: undefined, behindEvents: 0 })
  // Octet counting (RFC 5425, section 4.3): each frame says how many bytes follow, to the last one.
  const bytes = Buffer.concat(received)
  const events: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    const length = Number(bytes.toString('latin1', at, space))
    expect(length).toBeGreaterThan(0)
    const message = bytes.toString('utf8', space + 1, space + 1 + length)
    expect(message).toMatch(/^<\d+>1 /)
    events.push(message.slice(message.indexOf('{')))
    at = space + 1 + length
  }
  const statements = events.map((event) => JSON.parse(event)).filter((event) => event.event === 'statement')
  expect(statements.map((event) => event.sql)).toEqual(['SELECT 0', 'SELECT 1', 'SELECT 2'])
  // Who does not show a certificate of that authority gets nothing.
  const before = bytes.length
  const refused = await stream(recorded(1), createSyslogSink({ ...target, ca: undefined }), () => true)
  expect(refused[0]?.failure).toMatch(/self.signed|unable to (get|verify)/i)
  expect(Buffer.concat(received).length).toBe(before)
})

test('HTTPS with a private CA: delivered to who has its certificate, and to nobody else', async () => {
  const bodies: string[] = []
  const server = https.createServer(trusted, (request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      bodies.push(`${request.headers.authorization}\n${body}`)
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const target = { to: 'https', url: `https://127.0.0.1:${port}/in`, token: 'secret' } as const
  const refused = await stream(recorded(1), createHttpsSink({ ...target, ca: undefined }), () => true)
  expect(refused[0]?.failure).toMatch(/self.signed|unable to (get|verify)/i)
  expect(bodies).toEqual([])
  await stream(recorded(2), createHttpsSink({ ...target, ca: trusted.ca }))
  expect(bodies.join('')).toMatch(/^Bearer secret/)
  expect(bodies.join('').match(/(?<="sql":")SELECT \d/g)).toEqual(['SELECT 0', 'SELECT 1'])
})

test('over HTTP: only a status of 2xx is an acceptance', async () => {
  const bodies: string[] = []
  const server = http.createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      bodies.push(body)
      response.statusCode = bodies.length === 1 ? 503 : 200
      response.end(request.headers.authorization)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const reports = await stream(recorded(2), createHttpsSink({ to: 'https', url: `http://127.0.0.1:${port}/`, token: 't', ca: undefined }))
  expect(reports[0]?.failure).toBe('the receiver answered 503')
  expect(bodies[1]).toBe(bodies[0])
  expect(bodies[1]?.split('\n').filter((line) => line.includes('"event":"statement"'))).toHaveLength(2)
})

test('the configuration takes one receiver, and statements never go over plain http', () => {
  const base = `identity: { providers: [{ name: a, issuer: "https://a.example", audience: x, clientId: y }] }
connections: [{ name: c, engine: postgres, host: h, database: d, user: u, password: p, groups: [g] }]
`
  const parse = (siem: string) => parseConfig(`${base}siem: ${siem}`, { file: 'f', folder: '/', env: {} }).siem
  expect(parse('{ syslog: { host: logs.corp } }')).toMatchObject({ to: 'syslog', port: 6514, tls: 'verify-full', facility: 13 })
  expect(parse('{ https: { url: "https://logs.corp/in", token: hunter2 } }')).toMatchObject({ to: 'https' })
  expect(JSON.stringify(parse('{ https: { url: "https://logs.corp/in", token: hunter2 } }'))).not.toContain('hunter2')
  expect(() => parse('{ https: { url: "http://logs.corp/in" } }')).toThrow(/https address/)
  expect(() => parse('{ syslog: { host: a }, https: { url: "https://b" } }')).toThrow(/either syslog or https/)
  expect(() => parse('{}')).toThrow(/either syslog or https/)
})
