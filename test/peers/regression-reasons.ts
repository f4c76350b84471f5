/** What the gateway refuses whatever a policy says, as the regression files meet it. A refusal without a name here is a fault. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/startup parameter ".*" is not allowed/, 'a startup parameter that is refused'],
  [
    /standard_conforming_strings and client_encoding cannot be changed through the gateway/,
    'a setting with which the server would read other statements than the gateway judges, and what the file then writes for that setting',
  ],
  [/^LINE \d+: \) PARTITION BY MAGIC/, 'the gateway has the grammar of PostgreSQL 18, which tells a place here where 15 tells none'],
  [
    /^LINE \d+: .*(FETCH FIRST \d+ ROWS? WITH TIES)/,
    'the gateway has the grammar of PostgreSQL 18, which tells a place here where 15 tells none',
  ],
  [/constraints cannot be altered to be NOT VALID/, 'the gateway has the grammar of PostgreSQL 18, which words a syntax error otherwise'],
  [/the function call protocol is not supported through the gateway/, 'the function call protocol (`\\lo_import` and its like use it)'],
  [/cursor "c" does not exist/, 'a cursor that a function opened, which the gateway has not seen'],
  [/reading the statement took longer than/, 'a text that takes longer to read than is allowed'],
]

export function reasonOf(line: string): string | undefined {
  return REASONS.find(([pattern]) => pattern.test(line))?.[1]
}

interface Silent {
  /** Lines that may differ at most. */
  readonly lines: number
  readonly reason: string
}

const SAMPLES = 'samples of tables in `pg_stats` and its like are masked'
const TEXTS = 'the texts in `pg_prepared_statements` and `pg_cursors` are masked'
const OPTIONS = 'options of subscriptions, servers and user mappings, where credentials are, are masked'

/** Columns of PostgreSQL’s own catalogs come out masked whatever a policy says: no word is said, and these files print them. */
const SILENT: ReadonlyMap<string, Silent> = new Map([
  ['foreign_data', { lines: 112, reason: OPTIONS }],
  ['subscription', { lines: 120, reason: OPTIONS }],
  ['password', { lines: 36, reason: 'password hashes are masked' }],
  ['rowsecurity', { lines: 6, reason: SAMPLES }],
  ['stats_ext', { lines: 28, reason: SAMPLES }],
  ['json', { lines: 8, reason: SAMPLES }],
  ['jsonb', { lines: 8, reason: SAMPLES }],
  ['polymorphism', { lines: 2, reason: SAMPLES }],
  ['prepare', { lines: 43, reason: TEXTS }],
  ['sysviews', { lines: 10, reason: 'the server’s memory, files and prepared texts are masked' }],
])

/** Why a file may print other lines although nothing was refused; undefined: it may not. */
export function silentReasonOf(file: string, lines: number): string | undefined {
  const known = SILENT.get(file)
  return known !== undefined && lines <= known.lines ? known.reason : undefined
}
