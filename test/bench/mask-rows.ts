/**
 * Nanoseconds a row for masking: 10 columns, about 235 bytes, eight of them text, in windows of 64 KB as a socket delivers them.
 * Run with `node test/bench/mask-rows.ts`. Measured in CPU time, so that a busy machine says nearly the same. The first line is the floor: walking frames and copying them.
 */
import type { MaskPlan } from '../../proxy/mask/plan.ts'
import { rewriteRow } from '../../proxy/mask/row.ts'
import { RowSearch } from '../../proxy/mask/row-search.ts'
import { ByteSink } from '../../proxy/wire/sink.ts'
import { type Cell, CORPUS_PATTERNS, dataRow, field, label, pattern, plan, policy } from '../mask/build.ts'
import { random } from '../mask/random.ts'

const WINDOW = 65_536
const next = random(1)
const word = () => ['amber', 'brook', 'cedar', 'delta', 'ember', 'frost', 'grove', 'haven'][next(8)]!
const digits = (n: number) => Array.from({ length: n }, () => next(10)).join('')

function ordinary(): Cell[] {
  return [
    String(next(200_000)),
    `${word()} ${word()}`,
    `${word()}${next(1000)}@example.com`,
    `555-${digits(4)}`,
    `${next(300)} ${word()} street`,
    word(),
    `2024-0${1 + next(9)}-1${next(10)} 08:30:0${next(10)}+00`,
    `${next(900)}.${digits(2)}`,
    `${word()} ${word()} ${word()} ${word()} ${word()} ${word()} ${word()} ${word()} ${word()}`,
    `${word()}-${digits(6)}`,
  ]
}

function windowOf(row: () => Cell[]): { buf: Buffer; ends: number[] } {
  const rows: Buffer[] = []
  const ends: number[] = []
  for (let size = 0; ; ) {
    const bytes = dataRow(row())
    if (size + bytes.length > WINDOW) return { buf: Buffer.concat([...rows, Buffer.alloc(WINDOW - size)]), ends }
    rows.push(bytes)
    size += bytes.length
    ends.push(size)
  }
}

const TYPES = [23, 25, 25, 25, 25, 25, 1184, 1700, 25, 25]
const fields = TYPES.map((typeOid, i) => field(typeOid, { tableOid: 1, attnum: i + 1 }))
const plain = windowOf(ordinary)
const withCards = windowOf(() => (next(100) === 0 ? [...ordinary().slice(0, 9), '4714 1825 6296 4671'] : ordinary()))
const everyRow = windowOf(() => [
  ...ordinary().slice(0, 8),
  `${100 + next(800)}-${10 + next(89)}-${1000 + next(8000)}`,
  `41111111${digits(8)}`,
])
const sink = new ByteSink(WINDOW * 2)
const hits = new Set<string>()

function copyOnly(_: MaskPlan, { buf, ends }: typeof plain): void {
  let start = 0
  for (const end of ends) {
    sink.copy(buf, start, end)
    start = end
  }
}

const search = new RowSearch()

/** As the session does it: rows without a hit are sent from where they lie. */
function rewriteAll(p: MaskPlan, { buf, ends }: typeof plain): void {
  let start = 0
  search.begin(p.patterns, ends.at(-1)!)
  for (const end of ends) {
    if (p.kind === 'rewrite' || search.mayHold(buf, start, end)) rewriteRow(p, buf, start, end, sink, hits, false, search)
    start = end
  }
}

const none = plan({ fields })
const two = plan({ fields, labelled: { '1.3': label('pii'), '1.6': label('pii') } })
const four = plan({ fields, labelled: { '1.2': label('a'), '1.3': label('a'), '1.6': label('a'), '1.10': label('a') } })
const tokens = plan({ fields, labelled: { '1.3': label('pii', 'token') } })
const scan = plan({ fields, policy: policy(CORPUS_PATTERNS) })
const both = plan({ fields, labelled: { '1.3': label('pii'), '1.6': label('pii') }, policy: policy(CORPUS_PATTERNS) })
const regex = plan({ fields, policy: policy([...CORPUS_PATTERNS, pattern('staff_id', 'token', 'EMP-[0-9]{6}')]) })
const wildRegex = plan({ fields, policy: policy([pattern('staff_id', 'token', '(?i)emp-[0-9]{6}')]) })

const CASES: [string, MaskPlan, typeof plain, (p: MaskPlan, window: typeof plain) => void][] = [
  ['copy frames only', none, plain, copyOnly],
  ['2 of 10 columns masked', two, plain, rewriteAll],
  ['4 of 10 columns masked', four, plain, rewriteAll],
  ['1 column as token', tokens, plain, rewriteAll],
  ['patterns, window without a hit', scan, plain, rewriteAll],
  ['patterns, a card in 1 row of 100', scan, withCards, rewriteAll],
  ['patterns, an SSN in every row, a card in some', scan, everyRow, rewriteAll],
  ['2 masked and patterns on the rest', both, plain, rewriteAll],
  ['patterns and a regex with a literal start', regex, plain, rewriteAll],
  ['a regex without one', wildRegex, plain, rewriteAll],
]

for (const [name, p, window, run] of CASES) {
  const measure = (ms: number): number => {
    let rows = 0
    const before = process.cpuUsage()
    let spent = 0
    while (spent < ms * 1e6) {
      for (let i = 0; i < 20; i++) {
        sink.length = 0
        run(p, window)
        rows += window.ends.length
      }
      const cpu = process.cpuUsage(before)
      spent = (cpu.user + cpu.system) * 1000
    }
    return spent / rows
  }
  measure(300)
  const ns = [measure(300), measure(300), measure(300)].sort((a, b) => a - b)[1]!
  process.stdout.write(`${name.padEnd(44)} ${ns.toFixed(0).padStart(7)} ns a row, ${(1000 / ns).toFixed(2)} million rows a second\n`)
}
process.stdout.write(`(${Math.round(plain.ends.at(-1)! / plain.ends.length)} bytes a row)\n`)
