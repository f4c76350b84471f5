/** Kills the host's process again and again while clients work, and compares PostgreSQL's own log with what the record holds afterwards. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { verifyRecordings } from '../../main/recordings/verify-recordings.ts'
import { recordingsFile } from '../../main/store/files.ts'
import * as m from './encode.ts'
import { writeConfig } from './host-config.ts'
import { type HostProcess, startHostProcess } from './host-process.ts'
import { startPostgres } from './postgres.ts'
import { type Issuer, startIssuer } from './provider.ts'
import { SHOP, SHOP_ROLES, SHOP_SQL } from './shop.ts'
import { Wire } from './wire-client.ts'

const CLIENTS = 3
/** Statements that are sent without waiting for the answer before. */
const PIPELINE = 4

export interface KillResult {
  readonly kills: number
  /** Distinct statements in PostgreSQL's log. */
  readonly seen: number
  /** Those of them that the record does not hold. */
  readonly missing: readonly string[]
  /** Distinct statements in the record: some were recorded and the process died before they were sent. */
  readonly recorded: number
  readonly faults: readonly string[]
  readonly sessions: number
  readonly events: number
  readonly slowestStartMs: number
}

/** `wait`: milliseconds of work before each kill, by its number. */
export async function killAgainAndAgain(kills: number, wait: (kill: number) => number, say: (text: string) => void): Promise<KillResult> {
  const postgres = await startPostgres({ logStatements: true })
  const issuer = await startIssuer()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-kills-'))
  const dataDir = path.join(folder, 'data')
  try {
    await postgres.query(SHOP_ROLES)
    await postgres.query(`CREATE DATABASE ${SHOP.database}`)
    await postgres.query(SHOP_SQL, SHOP.database)
    const config = writeConfig(folder, { issuer: issuer.issuer, connections: [{ name: 'shop', port: postgres.port, ...SHOP }] })
    let slowestStartMs = 0
    for (let kill = 0; kill < kills; kill++) {
      const since = performance.now()
      const host = await startHostProcess(config, dataDir, 60_000)
      slowestStartMs = Math.max(slowestStartMs, performance.now() - since)
      const clients = await Promise.all(Array.from({ length: CLIENTS }, () => login(host, issuer)))
      const work = clients.map((wire, client) => ask(wire, `kill-${kill}-${client}`))
      await new Promise((resolve) => setTimeout(resolve, wait(kill)))
      process.kill(host.pid, 'SIGKILL')
      await Promise.all(work)
      if ((kill + 1) % 20 === 0) say(`${kill + 1} kills`)
    }
    // It starts once more by itself, and takes in what the last kill left.
    const last = await startHostProcess(config, dataDir, 60_000)
    await last.stop()
    const seen = new Set(postgres.statements().flatMap(({ sql }) => markersOf(sql)))
    const recorded = recordedMarkers(dataDir)
    const { faults, sessions, events } = verifyRecordings(dataDir)
    return {
      kills,
      seen: seen.size,
      missing: [...seen].filter((marker) => !recorded.has(marker)),
      recorded: recorded.size,
      faults: faults.map((fault) => fault.text),
      sessions,
      events,
      slowestStartMs,
    }
  } finally {
    await issuer.stop()
    await postgres.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

async function login(host: HostProcess, issuer: Issuer): Promise<Wire> {
  return Wire.login({ port: host.proxyPort }, { password: await issuer.mint(), database: 'shop' })
}

/** Asks until the connection is gone. */
async function ask(wire: Wire, name: string): Promise<void> {
  for (let n = 0; ; n += PIPELINE) {
    for (let i = 0; i < PIPELINE; i++) wire.send(m.query(`SELECT '${name}-${n + i};' AS marker`))
    const answer = await wire.answer(PIPELINE, 2000).catch(() => undefined)
    if (answer === undefined || answer.status === undefined) break
  }
  wire.destroy()
}

function markersOf(sql: string): string[] {
  return sql.match(/kill-\d+-\d+-\d+;/g) ?? []
}

function recordedMarkers(dataDir: string): Set<string> {
  const db = new Database(recordingsFile(dataDir), { readonly: true })
  const rows = db.prepare<[], { sql: string }>('SELECT CAST(o.body AS TEXT) AS sql FROM uses u JOIN objects o ON o.id = u.object').all()
  db.close()
  return new Set(rows.flatMap(({ sql }) => markersOf(sql)))
}
