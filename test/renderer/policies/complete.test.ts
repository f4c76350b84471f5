import { expect, it } from 'vitest'
import { suggest } from '../../../renderer/policies/yaml/complete.ts'
import { placeAt } from '../../../renderer/policies/yaml/place-at.ts'

const at = (text: string) => placeAt(text.replace('|', ''), text.indexOf('|'))

it('knows in which mapping the cursor stands, in blocks and in brackets', () => {
  expect(at('po|')).toEqual({ path: [], key: undefined, typed: 'po' })
  expect(at('roles:\n  ad|')).toEqual({ path: ['roles'], key: undefined, typed: 'ad' })
  expect(at('policies:\n  - name: a\n    gr|')).toEqual({ path: ['policies', '[]'], key: undefined, typed: 'gr' })
  expect(at('policies: # asked in order\n- name: a\n  rules:\n  - { effect: al|')).toEqual({
    path: ['policies', '[]', 'rules', '[]'],
    key: 'effect',
    typed: 'al',
  })
  expect(at('policies:\n  - name: a\n    rules:\n      - { effect: ask, statements: [read, wr|] }')).toEqual({
    path: ['policies', '[]', 'rules', '[]', 'statements'],
    key: '[]',
    typed: 'wr',
  })
  expect(at('policies:\n  - name: a\n    rules:\n      - effect: deny\n        mess|')).toMatchObject({
    path: ['policies', '[]', 'rules', '[]'],
    typed: 'mess',
  })
})

it('suggests what the schema allows there, through references and choices', () => {
  const schema = {
    properties: { rules: { type: 'array', items: { $ref: '#/$defs/rule' } } },
    $defs: {
      rule: { anyOf: [{ properties: { effect: { enum: ['allow', 'ask'] }, statements: { items: { enum: ['read', 'write'] } } } }] },
    },
  }
  const labels = (text: string) => suggest(schema, text, text.length).options.map(({ label }) => label)
  expect(labels('ru')).toEqual(['rules'])
  expect(labels('rules:\n  - ')).toEqual(['effect', 'statements'])
  expect(labels('rules:\n  - { effect: ')).toEqual(['allow', 'ask'])
  expect(labels('rules:\n  - { effect: ask, statements: [read, ')).toEqual(['read', 'write'])
  expect(labels('rules:\n  - { unknown: ')).toEqual([])
})
