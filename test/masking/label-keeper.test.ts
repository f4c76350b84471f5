import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadModule } from 'libpg-query'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createLabelKeeper, type FollowedLabelKeeper } from '../../main/masking/label-keeper.ts'
import { hostMigrations } from '../../main/store/migrations/index.ts'
import { openDatabase } from '../../main/store/open-database.ts'
import { buildCatalog } from '../../proxy/catalog/build.ts'
import { builtinTypes } from '../../proxy/catalog/builtin-types.ts'
import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { makeRelation, type RelationParts } from '../../proxy/catalog/relation.ts'
import type { Carried } from '../../proxy/verdict/carried.ts'
import { compileLabels } from '../../proxy/verdict/labels.ts'
import type { Policy } from '../../proxy/verdict/policy.ts'
import { policyOf } from '../verdict/policy-fixture.ts'

const SENSITIVE = [{ label: 'pii', mask: 'partial' as const, columns: ['public.people.t', 'public.parent.secret'] }]
beforeAll(() => loadModule())

type Table = Partial<RelationParts> & { readonly oid: number; readonly name: string; readonly fields: readonly string[] }

function catalogOf(...tables: Table[]): Catalog {
  return buildCatalog({
    serverVersion: 180000,
    assumed: false,
    systemFirst: true,
    schemas: ['public', 'aside'],
    types: builtinTypes(),
    functions: [],
    operators: [],
    casts: [],
    relations: tables.map(({ fields, ...parts }) =>
      makeRelation({
        schema: 'public',
        kind: 'r',
        rowType: 0,
        system: false,
        columns: fields.map((name, place) => ({ attnum: place + 1, name, type: 25, remoteName: undefined })),
        ...parts,
      }),
    ),
  })
}

const PEOPLE = { oid: 20_000, name: 'people', fields: ['id', 't'] }
const SCRATCH = { oid: 20_010, name: 'scratch', fields: ['id', 'body'] }
const copied = (target: Carried['target'], plain = true): Carried[] => [
  { label: 'pii', from: 'public.people.t', to: '', target, plain, offset: 0 },
]
const intoScratch = (plain = true) => copied({ kind: 'column', relation: 'public.scratch', oid: 20_010, attnum: 2, column: 'body' }, plain)

function open(dataDir = mkdtempSync(join(tmpdir(), 'sallyport-test-'))) {
  const db = openDatabase(join(dataDir, 'host.db'), { migrations: hostMigrations })
  const policy = (): Policy => policyOf([], { sensitive: SENSITIVE, followed: keeper.of('shop') })
  const keeper: FollowedLabelKeeper = createLabelKeeper({
    db,
    clock: { now: () => 1000 },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    policy,
  })
  onTestFinished(() => {
    db.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const maskOf = (catalog: Catalog, oid: number, attnum: number) => compileLabels(policy(), catalog).of(oid, attnum)?.mask
  return { keeper, maskOf, dataDir }
}

describe('a label goes with a value', () => {
  it('to the column where it is stored, before the statement runs and after the host has started again', () => {
    const { keeper, maskOf, dataDir } = open()
    const catalog = catalogOf(PEOPLE, SCRATCH)
    keeper.catalogRead('shop', undefined, catalog)
    expect(maskOf(catalog, 20_010, 2)).toBeUndefined()
    keeper.follow('shop', intoScratch(), 'session-1')
    keeper.follow('shop', intoScratch(), 'session-2')
    expect(maskOf(catalog, 20_010, 2)).toBe('partial')
    expect(maskOf(catalog, 20_010, 1)).toBeUndefined()
    expect(keeper.list('shop')).toMatchObject([{ source: 'public.people.t', session: 'session-1', why: 'copied' }])
    expect(keeper.list('other')).toEqual([])
    expect(open(dataDir).maskOf(catalog, 20_010, 2)).toBe('partial')
  })

  it('and what was computed from it shows none of its characters', () => {
    const { keeper, maskOf } = open()
    keeper.follow('shop', intoScratch(false), 's')
    expect(maskOf(catalogOf(PEOPLE, SCRATCH), 20_010, 2)).toBe('redact')
  })

  it('to a table that is made, by its name until it is seen, and then by what it is', () => {
    const { keeper, maskOf } = open()
    const before = catalogOf(PEOPLE)
    keeper.catalogRead('shop', undefined, before)
    keeper.follow('shop', copied({ kind: 'made', schema: undefined, name: 'made', column: '*' }), 's')
    const made = { oid: 20_020, name: 'made', fields: ['a', 'b'] }
    const seen = catalogOf(PEOPLE, made)
    expect(maskOf(seen, 20_020, 1)).toBe('partial')
    keeper.bind('shop', seen)
    const renamed = catalogOf(PEOPLE, { ...made, name: 'other' })
    expect(maskOf(renamed, 20_020, 2)).toBe('partial')
    keeper.catalogRead('shop', before, renamed)
    expect(keeper.list('shop')).toMatchObject([{ name: 'other' }, { name: 'other' }])
    keeper.catalogRead('shop', renamed, catalogOf(PEOPLE))
    expect(keeper.list('shop')).toEqual([])
  })

  it('until an admin removes it', () => {
    const { keeper, maskOf } = open()
    const changes: number[] = []
    keeper.onChange(() => changes.push(1))
    keeper.follow('shop', intoScratch(), 's')
    const [row] = keeper.list(undefined)
    expect(keeper.remove(row?.id ?? 0)).toMatchObject({ name: 'scratch' })
    expect(keeper.remove(row?.id ?? 0)).toBeUndefined()
    expect(maskOf(catalogOf(SCRATCH), 20_010, 2)).toBeUndefined()
    expect(changes).toHaveLength(2)
  })
})

describe('a label stays with a column', () => {
  it.each([
    ['another name of its own', { ...PEOPLE, fields: ['id', 't2'] }],
    ['another name of its table', { ...PEOPLE, name: 'folk' }],
    ['another schema', { ...PEOPLE, schema: 'aside' }],
  ])('that has %s', (_what, changed) => {
    const { keeper, maskOf } = open()
    const before = catalogOf(PEOPLE)
    const now = catalogOf(changed)
    keeper.catalogRead('shop', undefined, before)
    keeper.catalogRead('shop', before, now)
    expect(maskOf(now, 20_000, 2)).toBe('partial')
    expect(keeper.list('shop')).toMatchObject([{ why: 'renamed', source: 'public.people.t', session: null }])
    // Back again: the configuration names it, and nothing more is kept.
    keeper.catalogRead('shop', now, before)
    expect(keeper.list('shop')).toHaveLength(1)
  })

  it('of a table that is cut off from the one that has it', () => {
    const { keeper, maskOf } = open()
    const parent = { oid: 20_030, name: 'parent', fields: ['id', 'secret'] }
    const child = { oid: 20_032, name: 'child', fields: ['id', 'secret'] }
    const before = catalogOf({ ...parent, children: [20_032] }, { ...child, parents: [20_030] })
    const now = catalogOf(parent, child)
    keeper.catalogRead('shop', before, now)
    expect(maskOf(now, 20_032, 2)).toBe('partial')
  })

  it('that was generated from a labelled one, and is no longer', () => {
    const { keeper, maskOf } = open()
    const columns = (generatedFrom?: number[]) => [
      { attnum: 1, name: 't', type: 25, remoteName: undefined },
      { attnum: 2, name: 'low', type: 25, remoteName: undefined, ...(generatedFrom && { generatedFrom }) },
    ]
    const before = catalogOf({ ...PEOPLE, columns: columns([1]) })
    expect(maskOf(before, 20_000, 2)).toBe('redact')
    const now = catalogOf({ ...PEOPLE, columns: columns() })
    keeper.catalogRead('shop', before, now)
    expect(maskOf(now, 20_000, 2)).toBe('redact')
  })

  it('but not where a table of its name takes its place, nor in a view, whose values its definition tells', () => {
    const { keeper, maskOf } = open()
    const before = catalogOf(PEOPLE)
    const now = catalogOf({ ...PEOPLE, name: 'people_old' }, { ...PEOPLE, oid: 20_040 })
    keeper.catalogRead('shop', before, now)
    expect(maskOf(now, 20_000, 2)).toBe('partial')
    expect(maskOf(now, 20_040, 2)).toBe('partial')
    expect(keeper.list('shop')).toHaveLength(1)
  })
})
