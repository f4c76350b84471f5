/**
 * Runs an adversarial corpus from outside the repository against the whole host: `SALLYPORT_ATTACKS=FOLDER node test/attacks/run.ts`.
 * The folder holds `run.mjs`, `policy.json` and `setup.sql`; other arguments go to its runner (`--only`, `--class`, `--verbose`, `--json`).
 * `--superuser` gives the gateway the worst-case credential. Ends with the runner's exit code; its last line is `blocked N/M, benign K/L`.
 */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { writeConfig } from '../helpers/host-config.ts'
import { startHostProcess } from '../helpers/host-process.ts'
import { startPostgres } from '../helpers/postgres.ts'
import { startIssuer } from '../helpers/provider.ts'

interface CorpusPolicy {
  readonly sensitive_columns: readonly string[]
  readonly sensitive_patterns: readonly string[]
  readonly upstream_choices: Readonly<Record<'worst_case' | 'ordinary', { readonly user: string; readonly password: string }>>
}

const DATABASE = 'shop'

async function main(corpus: string, passed: readonly string[]): Promise<number> {
  const policy = JSON.parse(fs.readFileSync(path.join(corpus, 'policy.json'), 'utf8')) as CorpusPolicy
  const credential = policy.upstream_choices[passed.includes('--superuser') ? 'worst_case' : 'ordinary']
  const args = passed.filter((arg) => arg !== '--superuser')
  const undo: (() => Promise<unknown>)[] = []
  try {
    const postgres = await startPostgres({
      settings: { wal_level: 'logical', max_prepared_transactions: '10', max_connections: '300' },
    })
    undo.push(() => postgres.stop())
    const issuer = await startIssuer()
    undo.push(() => issuer.stop())
    const environment = {
      ADMIN_URL: postgres.url(),
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_USER: 'agent',
      GATEWAY_DB: DATABASE,
      GATEWAY_TLS: '1',
    }
    const token = await issuer.mint({ expiresIn: 24 * 3600 })
    const prepared = await runCorpus(corpus, ['--setup'], { ...environment, GATEWAY_PASSWORD: token })
    if (prepared !== 0) return prepared

    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-attacks-'))
    undo.push(async () => fs.rmSync(folder, { recursive: true, force: true }))
    const config = writeConfig(folder, {
      issuer: issuer.issuer,
      proxy: { tls: { cert: tlsFile('server.pem'), key: tlsFile('server.key') } },
      connections: [
        {
          name: DATABASE,
          port: postgres.port,
          user: credential.user,
          password: credential.password,
          database: DATABASE,
          limits: { connectionsPerPerson: 100 },
        },
      ],
      sensitive: [{ connection: DATABASE, label: 'sensitive', mask: 'redact', columns: policy.sensitive_columns }],
      patterns: policy.sensitive_patterns.map((name) => ({ name, mask: 'redact' })),
      policies: [
        {
          name: 'corpus',
          groups: ['ai-agents'],
          connections: [DATABASE],
          // Reads are allowed; anything else needs a person, and none comes.
          rules: [
            { effect: 'ask', uses: ['sensitive'], approvers: ['dba'], wait: '2s' },
            { effect: 'allow', statements: ['read', 'session', 'transaction'] },
            { effect: 'ask', statements: ['write'], approvers: ['dba'], wait: '2s' },
            { effect: 'deny', statements: ['ddl', 'privilege', 'admin', 'unknown'] },
          ],
        },
      ],
    })
    const host = await startHostProcess(config, path.join(folder, 'data'))
    undo.push(() => host.stop())
    const code = await runCorpus(corpus, args, { ...environment, GATEWAY_PASSWORD: token, GATEWAY_PORT: String(host.proxyPort) })
    const trouble = host
      .log()
      .split('\n')
      .filter((line) => /"level":(?:50|60|"error")/.test(line))
    for (const line of trouble.slice(0, 20)) process.stderr.write(`host: ${line}\n`)
    return code
  } finally {
    for (const step of undo.reverse()) await step()
  }
}

const tlsFile = (name: string): string => path.resolve(import.meta.dirname, '../helpers/tls', name)

function runCorpus(corpus: string, args: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(corpus, 'run.mjs'), ...args], {
      // From here the runner finds the `pg` driver for its checks with a driver.
      cwd: path.resolve(import.meta.dirname, '../..'),
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

const corpus = process.env['SALLYPORT_ATTACKS']
if (corpus === undefined || !fs.existsSync(path.join(corpus, 'run.mjs'))) {
  process.stderr.write('Set SALLYPORT_ATTACKS to the folder of a corpus (run.mjs, policy.json, setup.sql).\n')
  process.exitCode = 2
} else {
  process.exitCode = await main(path.resolve(corpus), process.argv.slice(2))
}
