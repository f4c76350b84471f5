import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { certificateNames } from '../../main/tls/certificate-names.ts'
import { certificateFile, readOrMakeCertificate } from '../../main/tls/generate-certificate.ts'
import { openVault } from '../../main/vault/open-vault.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'sallyport-tls-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const NAMES = ['localhost', '127.0.0.1', '::1', 'sallyport.corp']
const DAY_MS = 86_400_000

test('a certificate is made once, for every name, and its key is not beside it', async () => {
  const dataDir = folder()
  const now = Date.now()
  const made = await readOrMakeCertificate(dataDir, openVault(dataDir, 'a key of the operator'), NAMES, now)
  const cert = new X509Certificate(made.cert)
  expect(made.made).toBe(true)
  expect(NAMES.map((name) => cert.checkHost(name) ?? cert.checkIP(name))).toEqual(NAMES)
  expect(cert.checkHost('other.corp')).toBeUndefined()
  expect(cert.ca).toBe(false)
  expect(cert.verify(cert.publicKey)).toBe(true)
  expect(cert.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' })
  expect(statSync(certificateFile(dataDir)).mode & 0o777).toBe(0o600)
  for (const file of ['tls-certificate.pem', 'vault.json']) expect(readFileSync(join(dataDir, file), 'utf8')).not.toContain('PRIVATE KEY')
  const again = await readOrMakeCertificate(dataDir, openVault(dataDir, 'a key of the operator'), NAMES, now + DAY_MS)
  expect(again).toEqual({ ...made, made: false })
})

test('it is made anew for another name, before it ends, and where the file is damaged', async () => {
  const dataDir = folder()
  const vault = openVault(dataDir, undefined)
  const now = Date.now()
  const first = await readOrMakeCertificate(dataDir, vault, NAMES, now)
  const named = await readOrMakeCertificate(dataDir, vault, [...NAMES, 'db.corp'], now)
  expect([named.made, named.cert === first.cert, named.key === first.key]).toEqual([true, false, true])
  const late = await readOrMakeCertificate(dataDir, vault, NAMES, now + 800 * DAY_MS)
  expect(late.made).toBe(true)
  writeFileSync(certificateFile(dataDir), 'not a certificate')
  expect((await readOrMakeCertificate(dataDir, vault, NAMES, now)).made).toBe(true)
})

test('the names are where it listens and how browsers call it', () => {
  expect(certificateNames([{ host: '10.0.0.5', port: 1 }], 'https://sallyport.corp:8443')).toEqual([
    'localhost',
    '127.0.0.1',
    '::1',
    'sallyport.corp',
    '10.0.0.5',
  ])
  expect(certificateNames([{ host: '0.0.0.0', port: 1 }], undefined)).not.toContain('0.0.0.0')
})
