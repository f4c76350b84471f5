/** Forbidden imports, planted in a copy of the tree's shape, and what the linter says of them. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ROOT } from './imports.ts'

/** Returns `file specifier` for each planted import that the project's own biome.json refuses. */
export function lintPlanted(planted: readonly { readonly file: string; readonly specifier: string }[]): ReadonlySet<string> {
  const tree = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-walls-'))
  try {
    const config = JSON.parse(fs.readFileSync(path.join(ROOT, 'biome.json'), 'utf8')) as Record<string, unknown>
    fs.writeFileSync(path.join(tree, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }))
    const lines = new Map<string, string[]>()
    for (const { file, specifier } of planted) lines.set(file, [...(lines.get(file) ?? []), specifier])
    for (const [file, specifiers] of lines) {
      fs.mkdirSync(path.dirname(path.join(tree, file)), { recursive: true })
      fs.writeFileSync(path.join(tree, file), specifiers.map((specifier) => `import '${specifier}'\n`).join(''))
    }
    return refusedLines(tree, lines)
  } finally {
    fs.rmSync(tree, { recursive: true, force: true })
  }
}

interface Report {
  readonly diagnostics: readonly {
    readonly category: string
    readonly location: { readonly path: string | { readonly file: string }; readonly start?: { readonly line: number } }
  }[]
}

function refusedLines(tree: string, lines: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const biome = path.join(ROOT, 'node_modules/@biomejs/biome/bin/biome')
  const flags = ['lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none', '.']
  const { stdout, stderr } = spawnSync(process.execPath, [biome, ...flags], { cwd: tree, encoding: 'utf8', maxBuffer: 64 << 20 })
  if (!stdout.includes('{')) throw new Error(`the linter said nothing to read:\n${stderr}`)
  const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report
  const refused = new Set<string>()
  for (const { category, location } of report.diagnostics) {
    if (category !== 'lint/style/noRestrictedImports') continue
    const file = typeof location.path === 'string' ? location.path : location.path.file
    const relative = path.relative(fs.realpathSync(tree), path.resolve(fs.realpathSync(tree), file)).replaceAll(path.sep, '/')
    const specifier = lines.get(relative)?.[(location.start?.line ?? 0) - 1]
    if (specifier !== undefined) refused.add(`${relative} ${specifier}`)
  }
  return refused
}
