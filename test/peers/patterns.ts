import { generateShop } from '../../build/demo/shop/generate.ts'
import { compilePatterns, type PatternSet } from '../../proxy/mask/pattern-set.ts'
import { BUILT_IN_PATTERNS } from '../../proxy/mask/patterns.ts'
import { harmlessValues } from '../mask/harmless-values.ts'
import type { PeerSuite, Report } from './suite.ts'

const SAMPLES = 100_000
const SCOPE = { key: Buffer.alloc(32, 7), connection: 'shop' }

/** Columns of the demo that hold what each pattern is for: a hit there is none too many. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  credit_card: ['billing.payments.card'],
  ssn: ['public.customers.ssn'],
  api_key: ['internal.api_keys.secret'],
  email: ['public.customers.email', 'support.staff.email'],
  phone: ['public.customers.phone'],
}

/** How often each built-in pattern fires: on what is no secret, and on the demo's rows. */
export const suite: PeerSuite = {
  name: 'patterns',
  title: 'Built-in patterns on what is no secret',
  run: async (report) => {
    report.text(
      `Each pattern by itself, on ${SAMPLES.toLocaleString('en')} random values of each kind (of those in no column here it found none), and on every text of the demo's rows (seed \`demo\`, a tenth of its size). A pattern is looked for only where the configuration names it.`,
    )
    onRandom(report)
    onDemo(report)
  },
}

const setOf = (name: string): PatternSet => compilePatterns([{ name, mask: 'redact', regex: undefined }], SCOPE)

function hits(set: PatternSet, text: string): boolean {
  const bytes = Buffer.from(text)
  return set.mayContain(bytes, 0, bytes.length) && set.find(bytes, 0, bytes.length).length > 0
}

function onRandom(report: Report): void {
  const rows = BUILT_IN_PATTERNS.map(({ name, what, source }) => {
    report.say(`${name} on random values`)
    const set = setOf(name)
    const found = Object.entries(harmlessValues(42)).flatMap(([kind, make]) => {
      let count = 0
      for (let i = 0; i < SAMPLES; i++) if (hits(set, make())) count++
      return count === 0 ? [] : [`${kind}: ${count} (${((count * 100) / SAMPLES).toFixed(2)} %)`]
    })
    return [`\`${name}\``, what, source, found.join('; ') || 'none']
  })
  report.table(['pattern', 'finds', 'source', `hits in ${SAMPLES.toLocaleString('en')} of each kind`], rows)
}

function onDemo(report: Report): void {
  const shop = generateShop({ seed: 'demo', today: new Date('2026-11-24T00:00:00Z'), scale: 0.1 })
  const sets = BUILT_IN_PATTERNS.map(({ name }) => ({ name, set: setOf(name), columns: new Map<string, number>() }))
  const values = new Map<string, number>()
  for (const { table, columns, rows } of shop) {
    report.say(`the demo's ${table}`)
    for (const row of rows()) {
      for (const [place, value] of row.entries()) {
        if (value === null || typeof value === 'boolean' || value instanceof Date) continue
        const column = `${table}.${columns[place]}`
        const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
        values.set(column, (values.get(column) ?? 0) + 1)
        for (const one of sets) if (hits(one.set, text)) one.columns.set(column, (one.columns.get(column) ?? 0) + 1)
      }
    }
  }
  const told = (found: readonly [string, number][]): string =>
    found.map(([column, count]) => `${column} ${count} of ${values.get(column)}`).join('; ') || 'none'
  const rows = sets.map(({ name, columns }) => {
    const meant = MEANT[name] ?? []
    const all = [...columns].sort((a, b) => b[1] - a[1])
    return [`\`${name}\``, told(all.filter(([column]) => meant.includes(column))), told(all.filter(([column]) => !meant.includes(column)))]
  })
  report.table(['pattern', 'columns that are meant', 'other columns'], rows)
}
