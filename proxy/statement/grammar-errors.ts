/**
 * What PostgreSQL's grammar says beside the message: the library that carries the grammar passes on the message and the place only. All
 * else is 42601 with no hint. From the error calls of PostgreSQL 15 to 18 (`gram.y`, `scan.l`, `parser.c`).
 */
export interface GrammarError {
  readonly sqlstate: string
  readonly hint?: string
  readonly detail?: string
}

const UNSUPPORTED = '0A000'
const SYNTAX = '42601'
const ESCAPE = '22025'
const WINDOW = '42P20'
const VALUE = '22023'
const RESERVED = '42939'
const DUPLICATE = '42710'

const KNOWN: readonly (readonly [RegExp, GrammarError])[] = [
  [/^LIMIT #,# syntax is not supported/, { sqlstate: SYNTAX, hint: 'Use separate LIMIT and OFFSET clauses.' }],
  [/^missing argument/, { sqlstate: SYNTAX, hint: 'Use NONE to denote the missing argument of a unary operator.' }],
  [/^VALUES in FROM must have an alias/, { sqlstate: SYNTAX, hint: 'For example, FROM (VALUES ...) [AS] foo.' }],
  [/^subquery in FROM must have an alias/, { sqlstate: SYNTAX, hint: 'For example, FROM (SELECT ...) [AS] foo.' }],
  [/^unrecognized row security option/, { sqlstate: SYNTAX, hint: 'Only PERMISSIVE or RESTRICTIVE policies are supported currently.' }],
  [
    /^invalid publication object list/,
    {
      sqlstate: SYNTAX,
      detail: 'One of TABLE or TABLES IN SCHEMA must be specified before a standalone table or schema name.',
    },
  ],
  [/^(modulus|remainder) for hash partition provided more than once/, { sqlstate: DUPLICATE }],

  [
    /^UNENCRYPTED PASSWORD is no longer supported/,
    { sqlstate: UNSUPPORTED, hint: 'Remove UNENCRYPTED to store the password in encrypted form instead.' },
  ],
  [/^CREATE EXTENSION \.\.\. FROM is no longer supported/, { sqlstate: UNSUPPORTED }],
  [/^CREATE SCHEMA IF NOT EXISTS cannot include schema elements/, { sqlstate: UNSUPPORTED }],
  [/^current database cannot be changed/, { sqlstate: UNSUPPORTED }],
  [/^CREATE (ASSERTION is not yet implemented|OR REPLACE CONSTRAINT TRIGGER is not supported)/, { sqlstate: UNSUPPORTED }],
  [/^(MATCH PARTIAL|UNIQUE predicate is) not yet implemented/, { sqlstate: UNSUPPORTED }],
  [/^a column list with .* is only supported for ON DELETE actions/, { sqlstate: UNSUPPORTED }],
  [/ constraints cannot be marked /, { sqlstate: UNSUPPORTED }],
  [/^aggregates cannot have output arguments/, { sqlstate: UNSUPPORTED }],
  [/^an ordered-set aggregate with a VARIADIC direct argument/, { sqlstate: UNSUPPORTED }],
  [/^WITH CHECK OPTION not supported on recursive views/, { sqlstate: UNSUPPORTED }],

  [/^precision for type float must be /, { sqlstate: VALUE }],
  [/^column number must be in range from 1 to /, { sqlstate: VALUE }],
  [/^frame (start|end|starting) /, { sqlstate: WINDOW }],
  [/^role name ".*" is reserved/, { sqlstate: RESERVED }],
  [/ cannot be used as a role name here/, { sqlstate: RESERVED }],

  // The scanner has E'…' strings, the parser behind it U&'…' ones; only the first has a SQLSTATE of its own.
  [/^invalid Unicode escape\b(?! (value|character))/, { sqlstate: ESCAPE, hint: 'Unicode escapes must be \\uXXXX or \\UXXXXXXXX.' }],
]

const PLAIN: GrammarError = { sqlstate: SYNTAX }

export function grammarError(message: string): GrammarError {
  return KNOWN.find(([pattern]) => pattern.test(message))?.[1] ?? PLAIN
}
