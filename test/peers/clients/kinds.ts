/** The programs that are played directly and through the gateway: how each is started, and what it needs. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { cacheFolder } from '../conformance.ts'
import { installedPrograms } from '../debian.ts'

/** `node-postgres` and its relatives at these versions, installed into the cache: they are no part of the product. */
const NPM_PACKAGES = ['pg@8.23.1', 'pg-cursor', 'pg-query-stream', 'pg-copy-streams', 'postgres'] as const
const GO_SOURCES = '/usr/share/gocode'
const JDBC = '/usr/share/java/postgresql.jar'

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface ClientKind {
  readonly name: string
  /** What is missing, in words; undefined when it can run. */
  missing(): string | undefined
  /** Built or fetched where need be. */
  command(): Command
  /** What differs from run to run at the server itself, taken out. */
  normalise?(transcript: string): string
}

const script = (name: string): string => path.join(import.meta.dirname, name)

function fails(file: string, ...args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore' })
    return false
  } catch (error) {
    if (error instanceof Error) return true
    throw error
  }
}

function interpreted(name: string, file: string, check: readonly string[], debian: string, source: string): ClientKind {
  return {
    name,
    missing: () => (fails(file, ...check) ? `Debian's ${debian} is not installed` : undefined),
    command: () => ({ file, args: [script(source)] }),
  }
}

function go(name: string, folder: string, debian: string, source: string): ClientKind {
  return {
    name,
    missing: () =>
      fails('go', 'version') || !fs.existsSync(path.join(GO_SOURCES, 'src', folder))
        ? `Debian's golang-go and ${debian} are not installed`
        : undefined,
    command: () => {
      const out = path.join(cacheFolder, 'go', name.replaceAll(/\W+/g, '-'))
      execFileSync('go', ['build', '-o', out, script(source)], {
        env: { ...process.env, GOPATH: GO_SOURCES, GO111MODULE: 'off', GOFLAGS: '', GOCACHE: path.join(cacheFolder, 'go', 'cache') },
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      return { file: out, args: [] }
    },
  }
}

function node(name: string, source: string): ClientKind {
  const home = path.join(cacheFolder, 'npm')
  return {
    name,
    missing: () => (fails('npm', '--version') ? 'npm is not on the PATH' : undefined),
    command: () => {
      if (!fs.existsSync(path.join(home, 'node_modules', 'postgres'))) {
        fs.mkdirSync(home, { recursive: true })
        fs.writeFileSync(path.join(home, 'package.json'), '{"private":true}')
        execFileSync('npm', ['install', '--prefix', home, '--no-audit', '--no-fund', '--ignore-scripts', ...NPM_PACKAGES], {
          stdio: ['ignore', 'ignore', 'inherit'],
        })
      }
      return { file: process.execPath, args: ['--no-deprecation', script(source)], env: { PEER_MODULES: path.join(home, 'package.json') } }
    },
  }
}

const program = (name: string): string => path.join(installedPrograms() ?? '', name)

function postgresProgram(name: string, file: string, args: readonly string[], normalise?: (transcript: string) => string): ClientKind {
  return {
    name,
    missing: () => (installedPrograms() === undefined ? "Debian's postgresql-15 is not installed" : undefined),
    command: () => ({ file: program(file), args }),
    ...(normalise === undefined ? {} : { normalise }),
  }
}

function pgbench(mode: string, ...more: string[]): ClientKind {
  // What is measured is left out; how many ran, and that none failed, stays.
  const steady = (text: string) => text.replace(/^(latency|initial connection|average connection|tps|pgbench \().*\n/gm, '')
  return postgresProgram(`pgbench, ${mode}`, 'pgbench', ['-n', '-c', '4', '-t', '50', ...more], steady)
}

/** Its newest releases guard the script with a random word. */
const withoutRestrict = (text: string): string => text.replace(/^(\\(?:un)?restrict) .*$/gm, '$1')

/** Backends have numbers; a statement that we cannot read ourselves fails without a place in the server's source. */
const withoutPlace = (text: string): string => text.replace(/^LOCATION: .*\n/gm, '').replace(/with PID \d+/g, 'with PID')

const BENCH = script('bench-pipeline.sql')
const POINT = script('bench-point.sql')

export const CLIENTS: readonly ClientKind[] = [
  postgresProgram('psql', 'psql', ['-X', '-a', '-f', script('psql-script.sql')], withoutPlace),
  node('node-postgres, pg-cursor, pg-query-stream, pg-copy-streams', 'node-pg-script.ts'),
  node('postgres.js', 'postgres-js-script.ts'),
  interpreted('psycopg2', '/usr/bin/python3', ['-c', 'import psycopg2'], 'python3-psycopg2', 'psycopg2-script.py'),
  interpreted('psycopg 3', '/usr/bin/python3', ['-c', 'import psycopg'], 'python3-psycopg', 'psycopg3-script.py'),
  {
    name: 'JDBC',
    missing: () =>
      fails('java', '-version') || !fs.existsSync(JDBC) ? "Debian's openjdk and libpostgresql-jdbc-java are not installed" : undefined,
    command: () => ({ file: 'java', args: ['-cp', JDBC, script('Jdbc.java')] }),
  },
  go('Go: lib/pq', 'github.com/lib/pq', 'golang-github-lib-pq-dev', 'pq.go'),
  go('Go: pgx', 'github.com/jackc/pgx/v4', 'golang-github-jackc-pgx-v4-dev', 'pgx.go'),
  interpreted('Perl: DBD::Pg', 'perl', ['-MDBD::Pg', '-e', '1'], 'libdbd-pg-perl', 'dbi-script.pl'),
  interpreted('PHP: pgsql and PDO', 'php', ['-r', 'pg_version(...);'], 'php-pgsql', 'pgsql-script.php'),
  interpreted('Ruby: pg', 'ruby', ['-e', 'require "pg"'], 'ruby-pg', 'pg-script.rb'),
  postgresProgram('pg_dump --schema-only', 'pg_dump', ['--schema-only'], withoutRestrict),
  postgresProgram('pg_dump, data as INSERTs', 'pg_dump', ['--inserts', '--serializable-deferrable', '-t', 'public.*'], withoutRestrict),
  postgresProgram('pg_dump, data as COPY', 'pg_dump', ['--data-only'], withoutRestrict),
  pgbench('simple', '-M', 'simple', '-f', POINT),
  pgbench('extended', '-M', 'extended', '-f', POINT),
  pgbench('prepared', '-M', 'prepared', '-f', POINT),
  pgbench('a connection for each transaction', '-M', 'simple', '-C', '-f', POINT),
  pgbench('pipelines, extended', '-M', 'extended', '-f', BENCH),
  pgbench('pipelines, prepared', '-M', 'prepared', '-f', BENCH),
]
