import type { Clock } from '../../proxy/ports.ts'
import { type Config, type Environment, type Fault, parseConfig } from '../config.ts'
import type { Person } from '../contract/people.ts'
import type { ConfigurationRow, ConfigurationTable } from '../store/configuration-table.ts'
import { type CheckedText, type CheckSources, checkText, waitingForStart } from './check-configuration.ts'
import type { ConfigSecrets } from './config-secrets.ts'
import { parseYaml } from './document.ts'
import { replaceSections } from './edit-document.ts'
import type { ConfigInForce } from './in-force.ts'
import type { ReadVault } from './references.ts'

/** A change that was not made, and why. */
export class ConfigurationRefusal extends Error {
  override readonly name = 'ConfigurationRefusal'
  /**
   * `meanwhile`: another version is in force than the one that was changed. `faults`: it is no configuration. `needs-force`: its own tests fail, or
   * whoever makes it would lose the role. `unknown`: there is no such version or connection.
   */
  readonly kind: 'meanwhile' | 'faults' | 'needs-force' | 'unknown'
  readonly faults: readonly Pick<Fault, 'line' | 'column' | 'path' | 'message' | 'allowed'>[]

  constructor(kind: ConfigurationRefusal['kind'], message: string, faults: ConfigurationRefusal['faults'] = []) {
    super(message)
    this.kind = kind
    this.faults = faults
  }
}

export interface ChangeOrder {
  /** The version that was in force when it was read. */
  readonly version: number
  readonly author: Person
  readonly comment: string
  readonly force: boolean
  /** Why the author would not be an admin under another configuration; undefined: they would. */
  lockedOut(next: Config): string | undefined
}

export interface ChangeOutcome {
  readonly version: number
  /** False: the text was the same, and no version was made. */
  readonly changed: boolean
  readonly checked: CheckedText
}

/** The configuration as versions: the one in force, how it is changed, and what it was before. */
export interface ConfigurationDesk {
  current(): ConfigurationRow
  /** The YAML of the version in force as plain values. */
  values(): Readonly<Record<string, unknown>>
  /** What of the version in force waits for the host's next start. */
  fromNextStart(): readonly string[]
  /** Changes nothing. */
  check(text: string): Promise<CheckedText>
  /** Throws `ConfigurationRefusal`. Afterwards the new version is in force everywhere, and stored. */
  change(text: string, order: ChangeOrder): Promise<ChangeOutcome>
  /** The same with some of the file's sections in place of the present ones; undefined takes one out. */
  changeSections(sections: Readonly<Record<string, unknown>>, order: ChangeOrder): Promise<ChangeOutcome>
  restore(version: number, order: ChangeOrder): Promise<ChangeOutcome>
  /** Into the vault. New logins use it. A version is made where the connection's credential was elsewhere before. */
  writeCredential(connection: string, password: string, by: Pick<ChangeOrder, 'author' | 'comment'>): { version: number; changed: boolean }
  /** Where its references are read from. */
  reading(): { readonly env: Environment; readonly vault: ReadVault }
  read(version: number): ConfigurationRow | undefined
  list(before: number, limit: number): ConfigurationRow[]
}

export interface ConfigurationDeskOptions {
  readonly first: ConfigurationRow
  readonly table: ConfigurationTable
  readonly inForce: ConfigInForce
  readonly secrets: ConfigSecrets
  readonly env: Environment
  readonly clock: Clock
  readonly sources: Pick<CheckSources, 'catalog' | 'vouched' | 'further'>
}

export function createConfigurationDesk(options: ConfigurationDeskOptions): ConfigurationDesk {
  const { table, inForce, secrets, env, clock } = options
  const startedWith = options.first.text
  let row = options.first

  const check = (text: string, restored = ''): Promise<CheckedText> =>
    checkText(text, {
      ...options.sources,
      now: new Date(clock.now()),
      env,
      secrets,
      inForce: { text: row.text, config: inForce.current() },
      trusted: [row.text, table.newestOfFile()?.text ?? '', restored],
      startedWith,
    })

  const demandVersion = (version: number): void => {
    if (version === row.version) return
    const whose = row.author === null ? 'the file' : (JSON.parse(row.author) as Person).name
    const text = `Version ${row.version} by ${whose} is in force by now, and you changed version ${version}. Read it again, then change that.`
    throw new ConfigurationRefusal('meanwhile', text)
  }

  const parse = (text: string): Config => {
    const { file, source } = inForce.current()
    return parseConfig(text, { file, folder: source.folder, env, vault: secrets.read })
  }

  /** Without an await in it: whatever is judged meanwhile is judged by the old or by the new. */
  const put = (
    text: string,
    made: Pick<ConfigurationRow, 'source' | 'comment' | 'restored'>,
    author: Person,
    found: CheckedText['kept'],
  ): void => {
    const undo = secrets.write(found.secrets)
    const next: ConfigurationRow = {
      ...made,
      version: row.version + 1,
      at: clock.now(),
      author: JSON.stringify(author),
      text,
      file_hash: null,
    }
    let config: Config
    try {
      config = parse(text)
      if (!table.insert(next)) throw new Error('another process writes versions of the configuration')
    } catch (cause) {
      undo()
      throw cause
    }
    row = next
    inForce.replace(config)
  }

  const apply = async (text: string, order: ChangeOrder, restored: number | null): Promise<ChangeOutcome> => {
    demandVersion(order.version)
    const checked = await check(text, restored === null ? '' : text)
    demandVersion(order.version)
    const { config, kept } = checked
    if (config === undefined) {
      const first = checked.faults[0]
      const where = first === undefined || first.path === '' ? '' : `${first.path}: `
      throw new ConfigurationRefusal('faults', `It was not put in force. ${where}${first?.message ?? ''}`, checked.faults)
    }
    const against = order.force ? [] : reasonsAgainst(checked, order.lockedOut(config))
    if (against.length > 0) {
      const message = `It was not put in force: ${against.map((one) => one.message).join(' ')} Send it with "force" to do it all the same.`
      throw new ConfigurationRefusal('needs-force', message, against)
    }
    const changed = kept.text !== row.text
    if (changed) {
      const source = restored === null ? 'api' : 'restore'
      put(kept.text, { source, comment: order.comment, restored }, order.author, kept)
    } else if (kept.secrets.length > 0) {
      secrets.write(kept.secrets)
      inForce.replace(parse(row.text))
    }
    return { version: row.version, changed, checked }
  }

  return {
    current: () => row,
    values: () => (parseYaml(row.text).value ?? {}) as Readonly<Record<string, unknown>>,
    fromNextStart: () => waitingForStart(startedWith, row.text),
    check: (text) => check(text),
    change: (text, order) => apply(text, order, null),
    changeSections: async (sections, order) => {
      demandVersion(order.version)
      return apply(replaceSections(row.text, sections), order, null)
    },
    restore: async (version, order) => {
      const old = table.read(version)
      if (old === undefined) throw new ConfigurationRefusal('unknown', `There is no version ${version}.`)
      return apply(old.text, { ...order, comment: order.comment || `Version ${version} again.` }, version)
    },
    writeCredential(connection, password, { author, comment }) {
      const found = inForce.current().connections.find(({ name }) => name === connection)
      if (found === undefined) throw new ConfigurationRefusal('unknown', `There is no connection "${connection}".`)
      if (found.lease !== undefined) {
        const text = `"${connection}" leases its credential from ${found.credential.name}: there is none to write. Take credentials.vault out first.`
        throw new ConfigurationRefusal('faults', text)
      }
      const name = `connections.${connection}.password`
      const text = refersTo(row.text, connection, name)
      const kept = { text, secrets: [{ name, secret: password }] }
      const changed = text !== row.text
      if (changed)
        put(
          text,
          { source: 'api', comment: comment || `A credential for "${connection}", kept in the vault.`, restored: null },
          author,
          kept,
        )
      else {
        secrets.write(kept.secrets)
        inForce.replace(parse(row.text))
      }
      return { version: row.version, changed }
    },
    reading: () => ({ env, vault: secrets.read }),
    read: (version) => table.read(version),
    list: (before, limit) => table.list(before, limit),
  }
}

function reasonsAgainst({ tests }: CheckedText, lockedOut: string | undefined): Fault[] {
  const reason = (line: number, path: string, message: string) => ({ file: '', line, column: 0, path, message, allowed: undefined })
  const failed = tests
    .filter(({ passed }) => !passed)
    .map(({ index, test, message }) =>
      reason(test.line, `tests[${index}]`, `The test ${test.name ?? `"${test.statement.slice(0, 100)}"`} fails: ${message}`),
    )
  return lockedOut === undefined ? failed : [reason(0, 'roles', lockedOut), ...failed]
}

/** The text with a connection's password kept in the vault. A connection that says nothing of it means the same. */
function refersTo(text: string, connection: string, name: string): string {
  const { connections } = parseYaml(text).value as { readonly connections: readonly Readonly<Record<string, unknown>>[] }
  const reference = `\${vault:${name}}`
  const next = connections.map((one) => (one['name'] !== connection || !('password' in one) ? one : { ...one, password: reference }))
  return replaceSections(text, { connections: next })
}
