import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const SKIPPED = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  'dist',
  'build',
  'target',
  'vendor',
  '.venv',
  'venv',
  '__pycache__',
  '.next',
  '.cache',
  'coverage',
])
const MOST_BYTES = 1024 * 1024
const MOST_FILES = 50_000

/** Text files that may say how to reach a database: configuration by name, and source by its ending. */
const LOOKED_AT =
  /(?:^|[\\/])(?:\.env[^\\/]*|[^\\/]*\.env|\.?pgpass(?:\.conf)?|\.?pg_service\.conf|\.psqlrc|\.?mcp\.json|\.claude\.json|mcp_config\.json|Makefile|Dockerfile[^\\/]*|Procfile|justfile|\.envrc|[^\\/]+\.(?:json|jsonc|ya?ml|toml|ini|cfg|conf|properties|xml|prisma|tf|tfvars|sh|bash|zsh|ps1|py|rb|php|go|java|kt|cs|ts|js|mjs|cjs|sql|http|md))$/i

export interface Walked {
  /** Each file's path and text. */
  readonly each: Iterable<{ readonly path: string; readonly text: string }>
  /** What could not be read, or was too much. */
  readonly left: readonly string[]
}

/** Reads a folder's files that may say how to reach a database. Links are not followed. What cannot be read is told, not passed over. */
export function walkFolder(root: string): Walked {
  const left: string[] = []
  return { each: walk(root, left), left }
}

function* walk(root: string, left: string[]): Generator<{ path: string; text: string }> {
  const folders = [root]
  let files = 0
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(folder, left)) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) folders.push(path)
      if (!entry.isFile() || !LOOKED_AT.test(path)) continue
      if (++files > MOST_FILES) {
        left.push(`more than ${MOST_FILES} files: look at parts of the folder`)
        return
      }
      const text = textOf(path, left)
      if (text !== undefined) yield { path, text }
    }
  }
}

function entriesOf(folder: string, left: string[]): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    left.push(`${folder}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`)
    return []
  }
}

/** Undefined: not text, or told in `left`. */
export function textOf(path: string, left: string[]): string | undefined {
  try {
    if (lstatSync(path).size > MOST_BYTES) {
      left.push(`${path}: over 1 MiB`)
      return undefined
    }
    const bytes = readFileSync(path)
    return bytes.includes(0) ? undefined : bytes.toString('utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') left.push(`${path}: ${code ?? 'cannot be read'}`)
    return undefined
  }
}
