/** The walls as the design states them (section 2), written apart from the linter's configuration so that each checks the other. */
import { type Import, packageOf } from './imports.ts'

/** A folder imports only those that stand before it. */
export const ROOMS = ['wire', 'catalog', 'statement', 'verdict', 'reply', 'mask', 'login', 'session', 'gateway'] as const

/** Packages that the data path may use: the grammar, linear-time patterns, and nothing that knows of stores, servers or screens. */
export const PROXY_PACKAGES = ['libpg-query', '@pgsql/types', 'node-sql-parser', 'pg-protocol', 're2js']

/** Rooms that stand in no order: what everyone builds against. */
const COMMON = ['proxy/ports.ts', 'proxy/errors.ts']
/** The vocabularies: types that stand in a later room and may be named by an earlier one. */
const VOCABULARY = ['proxy/statement/facts.ts', 'proxy/verdict/policy.ts']

/** Why this import is refused, or undefined. */
export function refuse({ file, target, ours }: Import): string | undefined {
  if (file.startsWith('proxy/')) return ours ? refuseInProxy(file, target) : refusePackageInProxy(target)
  if (target === 'electron' && !file.startsWith('main/desktop/')) return 'only main/desktop imports electron'
  if (file.startsWith('main/')) {
    if (target.startsWith('renderer/')) return 'main never imports the renderer'
    if (target.startsWith('test/')) return 'sources never import tests'
    if (file.startsWith('main/contract/') && target.startsWith('main/') && !target.startsWith('main/contract/'))
      return 'main/contract holds schemas and types only'
  }
  if (file.startsWith('renderer/') && ours && !target.startsWith('renderer/') && !target.startsWith('main/contract/'))
    return 'the renderer imports main/contract and nothing else of main or proxy'
  return undefined
}

function refusePackageInProxy(target: string): string | undefined {
  if (target.startsWith('node:') || PROXY_PACKAGES.includes(packageOf(target))) return undefined
  return `proxy may not use the package ${packageOf(target)}`
}

function refuseInProxy(file: string, target: string): string | undefined {
  if (!target.startsWith('proxy/')) return 'proxy imports nothing outside proxy'
  if (COMMON.includes(target) || VOCABULARY.includes(target)) return undefined
  const from = roomOf(file)
  const to = roomOf(target)
  if (from === undefined) return COMMON.includes(file) || to !== undefined ? undefined : `proxy has no room for ${target}`
  if (to === undefined) return `proxy has no room for ${target}`
  return ROOMS.indexOf(to) <= ROOMS.indexOf(from) ? undefined : `proxy/${from} stands before proxy/${to}`
}

function roomOf(file: string): (typeof ROOMS)[number] | undefined {
  const name = file.split('/')[1]?.replace(/\.ts$/, '')
  return ROOMS.find((room) => room === name)
}
