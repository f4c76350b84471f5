/** What the sources import, by resolved path: a specifier can be written in many ways, a file is in one folder. */
import fs from 'node:fs'
import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '../..')
const SOURCE = /\.(?:ts|tsx|mts|mjs|js)$/

export interface Import {
  /** Relative to the root, with `/`. */
  readonly file: string
  /** A path relative to the root for a file of ours, otherwise the specifier. */
  readonly target: string
  readonly ours: boolean
}

export function sourceFiles(...folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) => walk(path.join(ROOT, folder)))
    .map((file) => path.relative(ROOT, file).replaceAll(path.sep, '/'))
    .filter((file) => SOURCE.test(file))
}

export const readSource = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8')

/** Static imports, re-exports, `import()` and `require()` with a literal, also type imports. */
export function importsOf(file: string, text = readSource(file)): Import[] {
  const found: Import[] = []
  for (const pattern of SPECIFIERS)
    for (const match of text.matchAll(pattern)) {
      const specifier = match[1] ?? ''
      const ours = specifier.startsWith('.') || specifier.startsWith('/')
      found.push({ file, target: ours ? path.posix.join(path.posix.dirname(file), specifier) : specifier, ours })
    }
  return found
}

const SPECIFIERS = [
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"`]([^'"`]+)['"`]/g,
  /\b(?:require|createRequire\([^)]*\))\(\s*['"`]([^'"`]+)['"`]/g,
  /\bnew (?:Worker|URL)\(\s*['"`](\.[^'"`]+)['"`]/g,
]

/** `pino/file` → `pino`, `@hono/zod-openapi/x` → `@hono/zod-openapi`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function walk(folder: string): string[] {
  if (!fs.existsSync(folder)) return []
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist') return []
    const at = path.join(folder, entry.name)
    return entry.isDirectory() ? walk(at) : [at]
  })
}
