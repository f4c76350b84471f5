import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTokenKey, rotateTokenKey } from '../../main/policies/token-key.ts'
import { openVault } from '../../main/vault/open-vault.ts'

const fresh = () => mkdtempSync(path.join(tmpdir(), 'sallyport-key-'))
const read = (data: string) => readTokenKey(openVault(data, undefined), data)

describe('the key of the mask form token', () => {
  it('is made once and stays the same over restarts', () => {
    const data = fresh()
    const key = read(data)
    expect(key).toHaveLength(32)
    expect(read(data).equals(key)).toBe(true)
    expect(read(fresh()).equals(key)).toBe(false)
  })

  it('is moved from where an earlier version kept it', () => {
    const data = fresh()
    mkdirSync(path.join(data, 'keys'))
    writeFileSync(path.join(data, 'keys/token.key'), Buffer.alloc(32, 7))
    expect(read(data).equals(Buffer.alloc(32, 7))).toBe(true)
    expect(existsSync(path.join(data, 'keys/token.key'))).toBe(false)
    expect(read(data).equals(Buffer.alloc(32, 7))).toBe(true)
  })

  it('is refused when it has another size', () => {
    const data = fresh()
    mkdirSync(path.join(data, 'keys'))
    writeFileSync(path.join(data, 'keys/token.key'), 'short')
    expect(() => read(data)).toThrow(/5 bytes instead of 32/)
    expect(existsSync(path.join(data, 'keys/token.key'))).toBe(true)
  })

  it('can be changed for a new one', () => {
    const data = fresh()
    const key = read(data)
    rotateTokenKey(openVault(data, undefined))
    expect(read(data).equals(key)).toBe(false)
  })
})
