import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../proxy/statement/commands.ts'
import { HANDLERS } from '../../proxy/statement/handlers.ts'
import { NODES } from '../../proxy/statement/nodes.ts'
import type { NodeKind } from '../../proxy/statement/tree.ts'

/** Every member of the grammar's `Node` union, from the package that describes it. */
function nodeKinds(): string[] {
  const file = createRequire(import.meta.url)
    .resolve('@pgsql/types')
    .replace(/index\.js$/, 'types.d.ts')
  const text = readFileSync(file, 'utf8')
  const union = text.slice(text.indexOf('export type Node ='), text.indexOf('export interface ParseResult'))
  return [...union.matchAll(/^\s+(\w+): \w+;$/gm)].map((match) => match[1] as string)
}

describe('the grammar', () => {
  it('has no node type that nobody decided about', () => {
    const kinds = nodeKinds()
    expect(kinds.length).toBeGreaterThan(240)
    expect(kinds.filter((kind) => NODES[kind as NodeKind] === undefined)).toEqual([])
  })

  it('has no statement without a verb', () => {
    const unread = (Object.keys(NODES) as NodeKind[]).filter(
      (kind) =>
        NODES[kind] === 'statement' &&
        !(kind in HANDLERS) &&
        !COMMANDS.has(kind) &&
        kind !== 'ReturnStmt' &&
        kind !== 'PLAssignStmt' &&
        kind !== 'DoStmt',
    )
    // DO is read by `routines/do-block.ts`. RETURN and PL/pgSQL assignments stand only inside function bodies: alone they are unknown.
    expect(unread).toEqual([])
  })
})
