import { spawn } from 'node:child_process'
import path from 'node:path'
import { AGENT_TOKEN, startGateway } from '../helpers/gateway-fixture.ts'
import { ALLOW_ALL } from '../helpers/policy-literal.ts'
import { SHOP } from '../helpers/shop.ts'
import { FORMS, TYPED_COLUMNS, TYPED_LABELS, TYPED_SQL } from '../helpers/typed-tables.ts'
import type { PeerSuite, Report } from './suite.ts'

interface Reading {
  readonly table: string
  readonly format: string
  readonly column: number
  readonly fault: string
}

interface Reader {
  readonly name: string
  readonly file: string
  readonly args: readonly string[]
  read(line: string): Reading
}

const script = (name: string): string => path.join(import.meta.dirname, 'clients', name)
const READERS: readonly Reader[] = [
  {
    name: 'psycopg 3',
    file: '/usr/bin/python3',
    args: [script('types-psycopg3.py')],
    read: (line) => {
      const [table, format, column, fault] = JSON.parse(line) as [string, string, number, string | null]
      return { table, format, column, fault: fault ?? '' }
    },
  },
  {
    name: 'JDBC',
    file: 'java',
    args: ['-cp', '/usr/share/java/postgresql.jar', script('TypesJdbc.java')],
    read: (line) => {
      const [table = '', format = '', column = '', fault = ''] = line.split('\t')
      return { table, format, column: Number(column), fault }
    },
  },
]

/** Masked values of every type, read with typed drivers' own decoders: what a driver cannot read directly either is none of ours. */
export const suite: PeerSuite = {
  name: 'types',
  title: 'Masked values, read by typed drivers',
  run: async (report) => {
    const fixture = await startGateway({ policy: { ...ALLOW_ALL, sensitive: TYPED_LABELS } })
    try {
      await fixture.postgres.query(TYPED_SQL, SHOP.database)
      await fixture.postgres.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${SHOP.user}`, SHOP.database)
      const rows: (string | number)[][] = []
      for (const reader of READERS) {
        const through = await readAll(reader, { PGPORT: String(fixture.port), PGUSER: 'agent', PGPASSWORD: AGENT_TOKEN })
        const direct = await readAll(reader, { PGPORT: String(fixture.postgres.port), PGUSER: SHOP.user, PGPASSWORD: SHOP.password })
        rows.push(...compare(reader, through, direct, report))
      }
      report.text(`${TYPED_COLUMNS.length} types, a value and a NULL of each, in tables whose columns all have a label with that form.`)
      report.table(['driver', 'form', 'format', 'read', 'unreadable directly as well', 'faults'], rows)
    } finally {
      await fixture.stop()
    }
  },
}

function compare(reader: Reader, through: readonly Reading[], direct: readonly Reading[], report: Report): (string | number)[][] {
  const wanted = FORMS.length * TYPED_COLUMNS.length * 2
  if (through.length !== wanted || direct.length !== wanted)
    report.fault(`${reader.name}: ${through.length} and ${direct.length} readings instead of ${wanted}`)
  const key = ({ table, format, column }: Reading): string => `${table} ${format} ${column}`
  const unreadable = new Set(direct.filter(({ fault }) => fault !== '').map(key))
  return FORMS.flatMap((form) =>
    ['text', 'binary'].map((format) => {
      const mine = through.filter((one) => one.table === `typed_${form}` && one.format === format)
      const faults = mine.filter((one) => one.fault !== '' && !unreadable.has(key(one)))
      for (const one of faults) report.fault(`${reader.name}, ${form}, ${format}, ${TYPED_COLUMNS[one.column]}: ${one.fault}`)
      return [
        reader.name,
        form,
        format,
        mine.filter(({ fault }) => fault === '').length,
        mine.filter((one) => unreadable.has(key(one))).length,
        faults.length,
      ]
    }),
  )
}

function readAll(reader: Reader, login: Readonly<Record<string, string>>): Promise<Reading[]> {
  const args = [...reader.args, String(TYPED_COLUMNS.length), ...FORMS.map((form) => `typed_${form}`)]
  return new Promise((resolve, reject) => {
    const child = spawn(reader.file, args, {
      env: { ...process.env, PGHOST: '127.0.0.1', PGDATABASE: SHOP.database, PGSSLMODE: 'disable', ...login },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let out = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.once('error', reject)
    child.once('close', () => resolve(out.split('\n').filter(Boolean).map(reader.read)))
  })
}
