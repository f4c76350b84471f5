import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { createConfigInForce } from '../../main/config/in-force.ts'
import { parseConfig } from '../../main/config.ts'

const YAML = readFileSync(path.join(import.meta.dirname, 'fixtures/contract.yaml'), 'utf8')
const configOf = (yaml: string) => parseConfig(yaml, { file: 'f.yaml', folder: '/', env: { OIDC_SECRET: 'a', SHOP_PASSWORD: 'b' } })

it('tells of each change with the old and the new, until it is no longer wanted', () => {
  const [first, second] = [configOf(YAML), configOf(YAML.replace('recentSignIn: 15m', 'recentSignIn: 5m'))]
  const inForce = createConfigInForce(first)
  const told: unknown[] = []
  const stop = inForce.onChange((next, before) => {
    expect(inForce.current()).toBe(next)
    told.push([next === second, before === first])
  })
  inForce.replace(second)
  stop()
  inForce.replace(first)
  expect(told).toEqual([[true, true]])
  expect(inForce.current()).toBe(first)
})

it('a listener that fails keeps no other from being told', () => {
  const inForce = createConfigInForce(configOf(YAML))
  const told: string[] = []
  inForce.onChange(() => {
    throw new Error('the store is full')
  })
  inForce.onChange(() => told.push('policies'))
  expect(() => inForce.replace(configOf(YAML))).toThrow('the store is full')
  expect(told).toEqual(['policies'])
})
