/** The real libpq 18 that comes beside the embedded server, driven through Python's ctypes: no compiler is needed. */
import { execFile, execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { postgresBinaries } from './postgres-binaries.ts'

export interface LibpqAnswer {
  readonly connected: boolean
  readonly error: string
  /** The first value of the query. */
  readonly value: string | undefined
  /** What the hook for tokens was told, each time. */
  readonly asked: readonly { readonly discovery: string | null; readonly scope: string | null }[]
}

const library = (): string => path.join(path.dirname(postgresBinaries().postgres), '..', 'lib', 'libpq.so.5.18')

let found: boolean | undefined

/** For `describe.skipIf`. */
export function hasLibpq18(): boolean {
  found ??= fs.existsSync(library()) && hasPython()
  if (!found) process.stderr.write('libpq 18 or python3 is not here: the tests of OAUTHBEARER with a real libpq are skipped\n')
  return found
}

function hasPython(): boolean {
  try {
    execFileSync('python3', ['-c', 'import ctypes'], { stdio: 'ignore' })
    return true
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}

/** Connects with `conninfo`, gives `token` when libpq asks for one, and runs `sql`. */
export async function runLibpq(conninfo: string, token: string, sql = 'SELECT 1'): Promise<LibpqAnswer> {
  // http for the discovery URL is for tests only.
  const env = { ...process.env, LD_LIBRARY_PATH: path.dirname(library()), PGOAUTHDEBUG: 'UNSAFE', PGCONNECT_TIMEOUT: '10' }
  return new Promise((resolve, reject) => {
    execFile('python3', ['-c', SCRIPT, library(), conninfo, token, sql], { env, timeout: 30_000 }, (error, out, err) => {
      if (error) reject(new Error(`libpq did not run: ${error.message}\n${err}`))
      else resolve(JSON.parse(out.slice(out.lastIndexOf('\n{') + 1)) as LibpqAnswer)
    })
  })
}

const SCRIPT = `
import ctypes as c, json, sys
pq = c.CDLL(sys.argv[1])
class Request(c.Structure):
    _fields_ = [(n, c.c_char_p) for n in ('discovery', 'scope')] + [(n, c.c_void_p) for n in ('poll', 'cleanup', 'token', 'user')]
token = c.create_string_buffer(sys.argv[3].encode())
asked = []
@c.CFUNCTYPE(c.c_int, c.c_int, c.c_void_p, c.c_void_p)
def hook(kind, conn, data):
    if kind != 1: return 0
    request = c.cast(data, c.POINTER(Request)).contents
    asked.append({n: v and v.decode() for n, v in (('discovery', request.discovery), ('scope', request.scope))})
    request.token = c.addressof(token)
    return 1
pq.PQsetAuthDataHook(hook)
for name in ('PQconnectdb', 'PQexec'): getattr(pq, name).restype = c.c_void_p
for name in ('PQerrorMessage', 'PQgetvalue'): getattr(pq, name).restype = c.c_char_p
conn = c.c_void_p(pq.PQconnectdb(sys.argv[2].encode()))
connected = pq.PQstatus(conn) == 0
value = None
if connected:
    result = c.c_void_p(pq.PQexec(conn, sys.argv[4].encode()))
    if pq.PQresultStatus(result) == 2: value = pq.PQgetvalue(result, 0, 0).decode()
print()
print(json.dumps({'connected': connected, 'error': pq.PQerrorMessage(conn).decode(), 'value': value, 'asked': asked}))
pq.PQfinish(conn)
`
