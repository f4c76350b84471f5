import { chmodSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTokenKey } from '../../main/policies/token-key.ts'
import { GatewayError } from '../../proxy/errors.ts'

const fresh = () => mkdtempSync(path.join(tmpdir(), 'sallyport-key-'))

describe('the key of the mask form token', () => {
  it('is made once, for this user alone, and stays the same', () => {
    const data = fresh()
    const key = readTokenKey(data)
    expect(key).toHaveLength(32)
    expect(statSync(path.join(data, 'keys/token.key')).mode & 0o777).toBe(0o600)
    expect(statSync(path.join(data, 'keys')).mode & 0o777).toBe(0o700)
    expect(readTokenKey(data).equals(key)).toBe(true)
    expect(readdirSync(path.join(data, 'keys'))).toEqual(['token.key'])
    expect(readTokenKey(fresh()).equals(key)).toBe(false)
  })

  it('is refused when others can read it', () => {
    const data = fresh()
    readTokenKey(data)
    chmodSync(path.join(data, 'keys/token.key'), 0o644)
    expect(() => readTokenKey(data)).toThrow(GatewayError)
    expect(() => readTokenKey(data)).toThrow(/mode 644/)
  })

  it('is refused when it has another size', () => {
    const data = fresh()
    readTokenKey(data)
    writeFileSync(path.join(data, 'keys/token.key'), 'short')
    expect(() => readTokenKey(data)).toThrow(/5 bytes instead of 32/)
  })
})
