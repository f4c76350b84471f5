import type { FunctionInfo } from '../../catalog/catalog.ts'
import { CLASSED, type FunctionClass, HARMLESS, INFORMATION_SCHEMA } from './classes.ts'
import { EXTENSIONS } from './extensions.ts'
import { IMMUTABLE } from './immutable.ts'

/** `harmless`, a class with its verb and reason, or `unknown`: nobody has looked at it. */
export function classify(fn: FunctionInfo): 'harmless' | 'unknown' | FunctionClass {
  if (fn.system && fn.schema === 'pg_catalog') return classifySystem(fn.name)
  if (fn.system && fn.schema === 'information_schema' && INFORMATION_SCHEMA.has(fn.name)) return 'harmless'
  if (fn.extension === undefined) return 'unknown'
  const extension = EXTENSIONS.get(fn.extension)
  const named = extension?.functions?.get(fn.name)
  if (extension === undefined || named !== undefined) return named ?? 'unknown'
  if (extension.all !== 'computing') return extension.all
  return fn.volatility === 'i' && COMPUTES.has(fn.language) ? 'harmless' : 'unknown'
}

/** What is IMMUTABLE by its author's word is so in these; in a scripting language the word is easily given. */
const COMPUTES: ReadonlySet<string> = new Set(['c', 'internal', 'sql'])

/** PostgreSQL's own, by name. */
export function classifySystem(name: string): 'harmless' | 'unknown' | FunctionClass {
  const classed = CLASSED.get(name)
  if (classed !== undefined) return classed
  return HARMLESS.has(name) || IMMUTABLE.has(name) ? 'harmless' : 'unknown'
}

/** What it gives back may be anything that the database or the server holds, whatever it is given. */
export function givesUnseen(fn: FunctionInfo): boolean {
  const found = classify(fn)
  return typeof found === 'object' && found.verb === 'admin' && /^(reads|runs SQL|shows) /.test(found.because)
}

/** Every name of PostgreSQL's own functions that somebody has looked at. */
export function classedNames(): readonly string[] {
  return [...new Set([...CLASSED.keys(), ...HARMLESS, ...IMMUTABLE])]
}
