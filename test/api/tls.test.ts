import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { OpenAPIHono } from '@hono/zod-openapi'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HttpServer, listenHttp } from '../../main/api/http.ts'
import { readOrMakeCertificate } from '../../main/tls/generate-certificate.ts'
import type { TlsPair } from '../../main/tls/tls-pair.ts'
import { openVault } from '../../main/vault/open-vault.ts'

let server: HttpServer
let pair: TlsPair
let other: TlsPair
const folders: string[] = []
const origin = (): string => `https://localhost:${server.address.port}`

async function makePair(): Promise<TlsPair> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-tls-'))
  folders.push(folder)
  return readOrMakeCertificate(folder, openVault(folder, undefined), ['localhost'], Date.now())
}

beforeAll(async () => {
  pair = await makePair()
  other = await makePair()
  const app = new OpenAPIHono()
  app.get('/who', (c) => c.text(`you: ${c.env === undefined ? '' : 'known'}`))
  server = await listenHttp(app, { listen: { host: '127.0.0.1', port: 0 }, tls: pair, origin })
})
afterAll(async () => {
  await server.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function get(ca: string, path = '/who'): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', servername: 'localhost', port: server.address.port, path, ca, agent: false, headers: { host: 'localhost' } },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      },
    )
    call.on('error', reject)
    call.end()
  })
}

/** What a client gets that writes these bytes. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.address.port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
}

test('HTTPS is served with this certificate', async () => {
  expect(await get(pair.cert)).toEqual({ status: 200, text: 'you: known' })
  await expect(get(other.cert)).rejects.toThrow(/self-signed|unable to verify/)
})

test('plain HTTP on the port for HTTPS: a browser is shown the way, a token is said to be lost', async () => {
  const page = await raw('GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n')
  expect(page).toMatch(/^HTTP\/1\.1 308 /)
  expect(page).toContain(`location: ${origin()}`)
  const call = await raw('GET /api/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer abc\r\n\r\n')
  expect(call).toMatch(/^HTTP\/1\.1 400 /)
  expect(call).toContain('application/problem+json')
  expect(call).toContain('in clear text')
  expect(call).not.toContain('abc')
})

test('TLS below 1.2 is refused', async () => {
  const code = await new Promise<string>((resolve) => {
    const socket = connectTls({
      ...{ port: server.address.port, host: '127.0.0.1', servername: 'localhost', ca: pair.cert },
      ...{ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    })
    socket.on('secureConnect', () => resolve('connected'))
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
  expect(code).not.toBe('connected')
})

test('a new certificate is used at once, without a restart', async () => {
  server.setTls(other)
  expect((await get(other.cert)).status).toBe(200)
  await expect(get(pair.cert)).rejects.toThrow()
  server.setTls(pair)
})
