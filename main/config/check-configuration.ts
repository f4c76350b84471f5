import { type Config, ConfigError, type Environment, type Fault, parseConfig } from '../config.ts'
import { type PolicyTestOutcome, runTests, type TestSources } from '../policies/run-tests.ts'
import { analyseRules } from './analyse-rules.ts'
import type { ConfigSecrets } from './config-secrets.ts'
import { compareTexts, compareValues, type TextDifference, type ValueChange } from './difference.ts'
import { type ConfigDocument, type KeyPath, parseYaml, pathText } from './document.ts'
import { newReadings } from './host-readings.ts'
import { type KeptSecrets, keepSecrets } from './keep-secrets.ts'
import { movedSecrets } from './moved-secrets.ts'

export interface ConfigurationWarning {
  readonly kind: 'unreachable' | 'overlap' | 'unused' | 'mask' | 'connection' | 'lock-out'
  readonly line: number
  readonly column: number
  readonly path: string
  readonly message: string
}

/** All that can be said of a text before it is put in force. */
export interface CheckedText {
  /** Undefined: it has faults. */
  readonly config: Config | undefined
  /** The text with references in place of credentials, and what the vault has to take for it. */
  readonly kept: KeptSecrets
  readonly faults: readonly Fault[]
  readonly warnings: readonly ConfigurationWarning[]
  readonly tests: readonly PolicyTestOutcome[]
  readonly difference: TextDifference & { readonly changes: readonly ValueChange[] }
  readonly fromNextStart: readonly string[]
}

/** Warnings that need more than the text: what the databases hold. */
export type FurtherWarnings = (
  config: Config,
) => Promise<readonly { readonly kind: 'mask' | 'unused'; readonly path: KeyPath; readonly message: string }[]>

export interface CheckSources extends TestSources {
  readonly env: Environment
  readonly secrets: ConfigSecrets
  /** In force now. */
  readonly inForce: { readonly text: string; readonly config: Config }
  /** Texts whose references to files and variables of the host are in order: versions that were in force, and the file's. */
  readonly trusted: readonly string[]
  /** What the host started with: parts of it hold until it ends. */
  readonly startedWith: string
  readonly further: FurtherWarnings
}

/** Sections that are read when the host starts, and not again. */
const AT_START = ['proxy', 'web', 'recordings', 'siem', 'notify', 'mcp']

/** Checks a text whole, as for being put in force, and changes nothing. */
export async function checkText(text: string, sources: CheckSources): Promise<CheckedText> {
  const { inForce } = sources
  const document = parseYaml(text)
  const unread = forbidden(document, sources)
  const read = unread.length > 0 ? { faults: unread } : parse(text, sources)
  if (!('config' in read)) {
    const kept = { text: '', secrets: [] }
    return { ...nothing, kept, config: undefined, faults: read.faults, difference: { ...compareTexts('', ''), changes: [] } }
  }
  const { config } = read
  const kept = keepSecrets(text)
  const values = parseYaml(kept.text).value
  const place = (path: KeyPath) => ({ ...document.placeOf(path), path: pathText(path) })
  const warnings = [...analyseRules(config), ...withoutCredential(config, kept), ...(await sources.further(config))]
  return {
    config,
    kept,
    faults: [],
    warnings: warnings.map(({ kind, path, message }) => ({ kind, ...place(path), message })),
    tests: await runTests(config, sources),
    difference: { ...compareTexts(inForce.text, kept.text), changes: compareValues(parseYaml(inForce.text).value, values) },
    fromNextStart: waitingForStart(sources.startedWith, kept.text),
  }
}

/** What a text that came over the API may not have the host do, found before anything of it is read. */
function forbidden(document: ConfigDocument, { trusted, secrets, inForce }: CheckSources): Fault[] {
  const known = trusted.map((one) => parseYaml(one).value)
  const fault = (path: KeyPath, message: string, allowed: string): Fault => ({
    file: inForce.config.file,
    ...document.placeOf(path),
    path: pathText(path),
    message,
    allowed,
  })
  return [
    ...newReadings(document.value, known).map(({ path, what }) =>
      fault(
        path,
        `${what} is not in the configuration in force at this place: over the API the host reads no other files, variables and credentials.`,
        'write the secret itself (it goes into the vault), or name it in the file that the host starts with',
      ),
    ),
    ...movedSecrets(document.value, known, (name) => secrets.read(name) !== undefined).map(({ path, differs }) =>
      fault(
        path,
        `leads elsewhere (${differs}) and keeps its credential: what is kept goes only to where it was written for.`,
        'write the credential anew with this change',
      ),
    ),
  ]
}

const nothing = { warnings: [], tests: [], fromNextStart: [] }

function parse(text: string, { env, secrets, inForce }: CheckSources): { config: Config } | { faults: readonly Fault[] } {
  const { folder } = inForce.config.source
  try {
    return { config: parseConfig(text, { file: 'configuration', folder, env, vault: secrets.read }) }
  } catch (cause) {
    if (cause instanceof ConfigError) return { faults: cause.faults }
    throw cause
  }
}

function withoutCredential(config: Config, kept: KeptSecrets) {
  return config.connections.flatMap(({ name, password, lease }, i) => {
    const brought = kept.secrets.some((secret) => secret.name === `connections.${name}.password`)
    if (password !== undefined || lease !== undefined || brought) return []
    const message = `no credential has been written for "${name}" yet: nobody can log in on it until then.`
    return [{ kind: 'connection' as const, path: ['connections', i], message }]
  })
}

/** What differs from what the host started with, of the parts that it reads only then. */
export function waitingForStart(startedWith: string, now: string): string[] {
  const sections = (text: string) => {
    const value = parseYaml(text).value as Readonly<Record<string, unknown>> | undefined
    return Object.fromEntries(AT_START.map((key) => [key, value?.[key]]))
  }
  return compareValues(sections(startedWith), sections(now)).map(({ path }) => path)
}
