import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { GatewayError } from '../../proxy/errors.ts'

const KEY_BYTES = 32

const unusable = (message: string, hint: string): GatewayError =>
  new GatewayError({ code: 'misconfigured', sqlstate: 'F0000', message, hint, severity: 'FATAL' })

/**
 * The 32 bytes behind the mask form `token`, kept in `DATA/keys/token.key` (mode 0600), made at the first start. As long as it stays, the same value
 * has the same token. Throws `misconfigured` when the file has another size or others may read it.
 */
export function readTokenKey(dataDirectory: string): Buffer {
  const folder = join(dataDirectory, 'keys')
  const path = join(folder, 'token.key')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  createOnce(path)
  const { mode } = statSync(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw unusable(`${path} can be read or changed by other users (mode ${(mode & 0o777).toString(8)})`, `chmod 600 ${path}`)
  }
  const key = readFileSync(path)
  if (key.length !== KEY_BYTES) {
    throw unusable(
      `${path} has ${key.length} bytes instead of ${KEY_BYTES}`,
      'put the key back from a back-up; a new one changes every masked token',
    )
  }
  return key
}

/** Never leaves half a key behind: it is written beside, and linked into place whole. */
function createOnce(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, randomBytes(KEY_BYTES))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    linkSync(draft, path)
  } catch (error) {
    // Another process was first: its key is the key.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
}
