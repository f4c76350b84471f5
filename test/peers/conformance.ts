/** docs/conformance.md: a section for each suite between markers, replaced when the suite runs; the others stay as they are. */
import fs from 'node:fs'
import path from 'node:path'
import type { Report } from './suite.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const FILE = path.join(ROOT, 'docs', 'conformance.md')

/** Where suites keep what they download; not committed. */
export const cacheFolder = path.join(ROOT, '.data', 'peers')

export interface Section {
  readonly report: Report
  readonly faults: readonly string[]
  markdown(): string
}

export function startSection(title: string, say: (text: string) => void): Section {
  const parts: string[] = []
  const faults: string[] = []
  const report: Report = {
    say,
    text: (markdown) => parts.push(markdown),
    table: (head, rows) => {
      const line = (cells: readonly (string | number)[]) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`
      parts.push([line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'))
    },
    fault: (what) => faults.push(what),
  }
  return {
    report,
    faults,
    markdown: () => {
      const list = faults.length === 0 ? [] : [`**Not as it must be:**\n\n${faults.map((one) => `- ${one}`).join('\n')}`]
      return [`## ${title}`, `Run on ${new Date().toISOString().slice(0, 10)}.`, ...parts, ...list].join('\n\n')
    },
  }
}

const HEAD = `# Conformance

What \`npm run test:peers\` found: our reading of PostgreSQL beside PostgreSQL itself and beside the programs that people use with it.
Each section is written by its suite; \`npm run test:peers -- NAME …\` runs only those named.
`

/** Puts the suite's section where its last one was, or in its place among the others. `order`: every suite's name. */
export function writeSection(name: string, markdown: string, order: readonly string[]): void {
  const old = fs.existsSync(FILE) ? fs.readFileSync(FILE, 'utf8') : ''
  const sections = new Map<string, string>()
  for (const match of old.matchAll(/<!-- suite: (\S+) -->\n([\s\S]*?)\n<!-- end -->/g)) sections.set(match[1] ?? '', match[2] ?? '')
  sections.set(name, markdown)
  const names = [...order.filter((one) => sections.has(one)), ...[...sections.keys()].filter((one) => !order.includes(one))]
  const body = names.map((one) => `<!-- suite: ${one} -->\n${sections.get(one)}\n<!-- end -->\n`)
  fs.writeFileSync(FILE, [HEAD, ...body].join('\n'))
}
