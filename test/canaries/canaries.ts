/** Every sensitive value of the canary database. None of them may stand in the text of an attempt: what an agent typed comes back legitimately. */

export type CanaryKind = 'text' | 'integer' | 'decimal' | 'float' | 'date' | 'timestamp' | 'uuid' | 'bytes' | 'inet' | 'bits' | 'interval'

export interface Canary {
  /** `people.t#1`: where the value lives. */
  readonly at: string
  readonly kind: CanaryKind
  /** As PostgreSQL writes it with ISO dates, in UTC. */
  readonly value: string
}

/** One row of `people`: column → SQL literal, and the canaries that are in it. */
export interface PeopleRow {
  readonly id: number
  readonly values: Readonly<Record<string, string>>
  readonly canaries: readonly Canary[]
}

interface Seed {
  /** Eleven letters and digits, in which no run of six repeats from one seed to the other. */
  readonly word: string
  readonly int: string
  readonly big: string
  readonly numeric: string
  readonly float: string
  readonly date: string
  readonly stamp: string
  readonly uuid: string
  readonly bytes: string
  readonly ip: string
  readonly bits: string
  readonly money: string
  readonly interval: string
}

const SEEDS: readonly Seed[] = [
  {
    word: 'Kq7WzR4mTxV',
    int: '1836275491',
    big: '7391846205518273946',
    numeric: '48291736.455',
    float: '73649182.375',
    date: '1987-03-19',
    stamp: '1979-11-23 04:37:51.284617+00',
    uuid: '6f1d3b8a-92c4-4e57-b0a6-d3718fe25c49',
    bytes: 'c7d91ea4630bf852',
    ip: '203.77.149.218',
    bits: '10110100011101001110001011010111',
    money: '8361947.52',
    interval: '83 days 17:42:39.517',
  },
  {
    word: 'Hd2YbN9sLgP',
    int: '1749382651',
    big: '6182749350917364825',
    numeric: '59173824.681',
    float: '61928374.625',
    date: '1964-08-27',
    stamp: '1993-05-14 21:16:08.739251+00',
    uuid: 'a83e57c1-4d0b-4f96-8e2d-17b96ca4f035',
    bytes: '5ae8307cb1f6d429',
    ip: '198.93.176.241',
    bits: '01101011100010110001110101101001',
    money: '7294618.35',
    interval: '64 days 13:28:51.963',
  },
]

/** Columns of `people` that hold text-like values, with what stands before the seed's word in each, and how the literal is written. */
const TEXTS: Readonly<Record<string, readonly [prefix: string, literal: (word: string) => string]>> = {
  t: ['ta', (word) => quote(word)],
  v: ['vb', (word) => quote(word)],
  c: ['ch', (word) => quote(word)],
  ci: ['ci', (word) => quote(word)],
  dom: ['do', (word) => quote(`${word}@x.org`)],
  j: ['js', (word) => `${quote(`{"outer": {"list": [1, {"deep": "${word}"}]}, "n": 5}`)}::json`],
  jb: ['jb', (word) => `${quote(`{"outer": {"list": [1, {"deep": "${word}"}]}, "n": 5}`)}::jsonb`],
  x: ['xm', (word) => `${quote(`<person kind="${word}"><name>${word}</name></person>`)}::xml`],
  ta: ['ar', (word) => `ARRAY['plain', ${quote(word)}]`],
  comp: ['co', (word) => `ROW(${quote(word)}, 5)::contact`],
  rng: ['ra', (word) => `textrange(${quote(word)}, NULL)`],
  h: ['hs', (word) => `hstore('k', ${quote(word)})`],
  tv: ['ts', (word) => `array_to_tsvector(ARRAY[${quote(word)}])`],
  lt: ['lt', (word) => `${quote(`top.${word}`)}::ltree`],
  en: ['en', (word) => `${quote(word)}::secret_kind`],
}

const quote = (text: string): string => `'${text}'`

function rowOf(seed: Seed, id: number): PeopleRow {
  const values: Record<string, string> = {}
  const canaries: Canary[] = []
  const add = (column: string, kind: CanaryKind, value: string, literal: string): void => {
    values[column] = literal
    canaries.push({ at: `people.${column}#${id}`, kind, value })
  }
  for (const [column, [prefix, literal]] of Object.entries(TEXTS)) add(column, 'text', prefix + seed.word, literal(prefix + seed.word))
  add('i', 'integer', seed.int, seed.int)
  add('b', 'integer', seed.big, seed.big)
  add('n', 'decimal', seed.numeric, seed.numeric)
  add('f', 'float', seed.float, `${seed.float}::float8`)
  add('d', 'date', seed.date, quote(seed.date))
  add('ts', 'timestamp', seed.stamp, quote(seed.stamp))
  add('u', 'uuid', seed.uuid, quote(seed.uuid))
  add('by', 'bytes', seed.bytes, quote(`\\x${seed.bytes}`))
  add('ip', 'inet', seed.ip, quote(seed.ip))
  add('bt', 'bits', seed.bits, `B${quote(seed.bits)}`)
  add('m', 'decimal', seed.money, quote(seed.money))
  add('iv', 'interval', seed.interval, quote(seed.interval))
  values['ia'] = `ARRAY[7, ${seed.int}]`
  return { id, values, canaries }
}

export const PEOPLE: readonly PeopleRow[] = SEEDS.map((seed, index) => rowOf(seed, index + 1))

/** Values of the other labelled tables. */
export const KIN: Readonly<Record<string, string>> = {
  parted: 'paGw5JtC8vXkQ',
  leaf: 'leBn3MfS7yDrZ',
  parent: 'inUc6PhL4aWeT',
  child: 'iiVj9RgK2oNsY',
  base: 'vwEx8ZqH5tBmF',
  mat: 'mvTd4SkJ7wCpG',
}

/** Values in text that nobody labelled: only patterns find them. All are test values that no one was given. */
export const FOUND: Readonly<Record<string, string>> = {
  card: '4539578763621486',
  ssn: '536-22-8743',
  key: 'sk_live_9fKx2LmQ7vTzR4wYc8BnJ6hD',
}

export const CANARIES: readonly Canary[] = [
  ...PEOPLE.flatMap((row) => row.canaries),
  ...[...Object.entries(KIN), ...Object.entries(FOUND)].map(([at, value]): Canary => ({ at, kind: 'text', value })),
]
