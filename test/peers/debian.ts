/** What Debian has of PostgreSQL 15: its programs where they are installed, and its source package. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { cacheFolder } from './conformance.ts'
import type { Report } from './suite.ts'

export const MAJOR = 15

/** The folder of the server's programs; undefined where they are not installed. */
export function installedPrograms(): string | undefined {
  const folder = `/usr/lib/postgresql/${MAJOR}/bin`
  return fs.existsSync(path.join(folder, 'postgres')) ? folder : undefined
}

export interface Source {
  readonly folder: string
  readonly version: string
}

/** PostgreSQL's unpacked source, fetched once with apt into the cache. Throws where there is no apt or no such package. */
export function postgresSource(report: Report): Source {
  const home = path.join(cacheFolder, `postgresql-${MAJOR}-source`)
  const found = (): Source | undefined => {
    const name = fs.existsSync(home)
      ? fs.readdirSync(home).find((one) => /^postgresql-\d/.test(one) && fs.existsSync(path.join(home, one, 'COPYRIGHT')))
      : undefined
    return name === undefined ? undefined : { folder: path.join(home, name), version: name.replace('postgresql-', '') }
  }
  const there = found()
  if (there !== undefined) return there
  report.say(`getting the source package of postgresql-${MAJOR}`)
  const apt = path.join(cacheFolder, 'apt')
  fs.mkdirSync(home, { recursive: true })
  fs.mkdirSync(path.join(apt, 'lists', 'partial'), { recursive: true })
  fs.writeFileSync(path.join(apt, 'sources.list'), '')
  fs.mkdirSync(path.join(apt, 'parts'), { recursive: true })
  fs.writeFileSync(path.join(apt, 'parts', 'source.sources'), sourceStanzas())
  const options = [
    `Dir::Etc::sourcelist=${apt}/sources.list`,
    `Dir::Etc::sourceparts=${apt}/parts`,
    `Dir::State::lists=${apt}/lists`,
  ].flatMap((one) => ['-o', one])
  const run = (program: string, args: string[]) =>
    execFileSync(program, [...options, ...args], { cwd: home, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  run('apt-get', ['-qq', 'update'])
  const versions = [...run('apt-cache', ['showsrc', '--only-source', `postgresql-${MAJOR}`]).matchAll(/^Version: (\S+)$/gm)].map(
    (one) => one[1],
  )
  const refusals: string[] = []
  // A mirror may list a version of which it has no files; an older one will do.
  const got = versions.some((version) => {
    try {
      run('apt-get', ['-qq', 'source', '--download-only', `postgresql-${MAJOR}=${version}`])
      return true
    } catch (error) {
      refusals.push(error instanceof Error ? error.message : String(error))
      return false
    }
  })
  if (!got) throw new Error(`apt-get could not get the source of postgresql-${MAJOR}: ${refusals[0] ?? 'it lists no version'}`)
  const archive = fs.readdirSync(home).find((name) => /\.orig\.tar\.\w+$/.test(name))
  if (archive === undefined) throw new Error('apt-get source brought no archive')
  execFileSync('tar', ['xf', archive], { cwd: home })
  const source = found()
  if (source === undefined) throw new Error(`${archive} holds no PostgreSQL`)
  return source
}

/** The machine's own Debian repositories, asked for sources. */
function sourceStanzas(): string {
  const folder = '/etc/apt/sources.list.d'
  const file = path.join(folder, 'debian.sources')
  if (!fs.existsSync(file)) throw new Error(`${file} is not there: the suite needs Debian's source packages`)
  return fs.readFileSync(file, 'utf8').replace(/^Types:.*$/gm, 'Types: deb-src')
}
