import { spawn } from 'node:child_process'
import { chownSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Place } from './place.ts'

/** For a demo on one machine: only loopback, only with a password; no WAL archive, no fsync, since everything can be made anew with --reset. */
const SETTINGS = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 80
password_encryption = 'scram-sha-256'
shared_buffers = '96MB'
work_mem = '8MB'
effective_cache_size = '512MB'
random_page_cost = 1.1
jit = off
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = '512MB'
checkpoint_timeout = '15min'
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = 'warning'
log_checkpoints = off
`

const HBA = `# Only this machine, only with a password, over TCP.
host all all 127.0.0.1/32 scram-sha-256
`

export const SUPERUSER = 'postgres'

export function isInitialised(place: Place): boolean {
  return existsSync(path.join(place.data, 'PG_VERSION')) && existsSync(path.join(place.data, 'demo-ready'))
}

/** Makes a new cluster with a superuser of this password; what a broken attempt left is removed first. */
export async function initialise(place: Place, superuserPassword: string): Promise<void> {
  for (const name of readdirSync(place.data)) rmSync(path.join(place.data, name), { recursive: true, force: true })
  const passwordFile = path.join(path.dirname(place.data), `${path.basename(place.data)}-password`)
  writeFileSync(passwordFile, `${superuserPassword}\n`, { mode: 0o600 })
  if (place.user !== undefined) chownSync(passwordFile, place.user.uid, place.user.gid)
  try {
    const flags = ['--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--no-sync', '--auth=scram-sha-256']
    await run(place, place.programs.initdb, [`--pgdata=${place.data}`, `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, ...flags])
  } finally {
    rmSync(passwordFile, { force: true })
  }
  const put = (name: string, text: string) => {
    const file = path.join(place.data, name)
    writeFileSync(file, text, { mode: 0o600 })
    if (place.user !== undefined) chownSync(file, place.user.uid, place.user.gid)
  }
  put('postgresql.conf', SETTINGS)
  put('pg_hba.conf', HBA)
  put('demo-ready', '')
}

function run(place: Place, program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const owner = place.user === undefined ? {} : { uid: place.user.uid, gid: place.user.gid }
    const child = spawn(program, args, {
      ...owner,
      cwd: path.dirname(place.data),
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`initdb ended with code ${code}: ${said.trim()}`))))
  })
}
