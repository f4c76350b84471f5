/**
 * What tools send, as the server logged it when they were run on this schema (psql, pg_dump, drivers, ORMs), or written after what their
 * documentation and sources say they ask (the others): as `<tool>.sql` in this folder: statements with a line `--` between them, each with a head of comment lines:
 * `-- name: …`, and where needed `-- from: 16` and `-- until: 15` (the server's versions that know it), `-- values: […]` (for $1, $2, …),
 * `-- because: …` (why it is limited or refused), `-- expect: ask|deny` (allowed without it).
 * `{{class:public.orders}}` and its like stand for an oid of the schema in schema.sql.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface ToolStatement {
  readonly tool: string
  readonly name: string
  readonly sql: string
  readonly from: number
  readonly until: number
  readonly values: readonly (string | null)[]
  readonly expect: 'allow' | 'ask' | 'deny'
  readonly because: string | undefined
}

const HEAD = /^-- (name|from|until|values|because|expect): (.*)$/

/** Every file's statements but the schema's, in the order of the files. */
export function readToolStatements(): ToolStatement[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.sql') && file !== 'schema.sql')
  return files.sort().flatMap((file) => {
    const parts = readFileSync(join(import.meta.dirname, file), 'utf8').split(/^--$/m)
    return parts.map((part) => readStatement(basename(file, '.sql'), part))
  })
}

function readStatement(tool: string, part: string): ToolStatement {
  const head = new Map<string, string>()
  const lines = part.trim().split('\n')
  for (let line = HEAD.exec(lines[0] ?? ''); line !== null; line = HEAD.exec(lines[0] ?? '')) {
    head.set(line[1] ?? '', line[2] ?? '')
    lines.shift()
  }
  const name = head.get('name')
  const expect = head.get('expect') ?? 'allow'
  if (name === undefined || lines.length === 0) throw new Error(`${tool}: a statement without a name or text: ${part.slice(0, 80)}`)
  if (expect !== 'allow' && expect !== 'ask' && expect !== 'deny') throw new Error(`${tool}: ${name}: expect is "${expect}"`)
  return {
    tool,
    name,
    sql: lines.join('\n'),
    from: Number(head.get('from') ?? 14),
    until: Number(head.get('until') ?? 99),
    values: JSON.parse(head.get('values') ?? '[]') as (string | null)[],
    expect,
    because: head.get('because'),
  }
}
