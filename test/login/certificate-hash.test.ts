import { createHash, X509Certificate } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { certificateHash } from '../../proxy/login/certificate-hash.ts'
import { randomSource } from '../helpers/random.ts'

const der = (name: string): Buffer =>
  new X509Certificate(fs.readFileSync(path.join(import.meta.dirname, 'certificates', `${name}.pem`))).raw

describe('the hash of a server’s certificate (RFC 5929)', () => {
  it.each([
    ['rsa-sha1', 'sha256'],
    ['rsa-sha224', 'sha224'],
    ['rsa-sha256', 'sha256'],
    ['rsa-sha384', 'sha384'],
    ['rsa-sha512', 'sha512'],
    ['ecdsa-sha1', 'sha256'],
    ['ecdsa-sha224', 'sha224'],
    ['ecdsa-sha256', 'sha256'],
    ['ecdsa-sha384', 'sha384'],
    ['ecdsa-sha512', 'sha512'],
    ['pss-sha256', 'sha256'],
    ['pss-sha384', 'sha384'],
  ])('signed with %s is %s', (name, digest) => {
    expect(certificateHash(der(name))?.toString('hex')).toBe(createHash(digest).update(der(name)).digest('hex'))
  })

  it('is not there for Ed25519, which has no hash', () => {
    expect(certificateHash(der('ed25519'))).toBeUndefined()
  })

  it('is not made of bytes that are no certificate, cut or changed anywhere', () => {
    const whole = der('pss-sha256')
    expect(certificateHash(Buffer.alloc(0))).toBeUndefined()
    for (let size = 0; size < whole.length; size++) expect(certificateHash(whole.subarray(0, size)), `cut at ${size}`).toBeUndefined()
    for (let seed = 1; seed <= 2_000; seed++) {
      const random = randomSource(seed)
      const changed = Buffer.from(whole)
      for (let i = random.below(4); i >= 0; i--) changed[random.below(60)] = random.below(256)
      const hash = certificateHash(changed)
      if (hash !== undefined) expect([28, 32, 48, 64]).toContain(hash.length)
    }
  })
})
