import { parse } from 'yaml'
import { type Config, parseConfig } from '../config.ts'

/** Sections that a draft may bring; what it does not bring is as it is in force. */
const SECTIONS = ['policies', 'sensitive', 'untrusted', 'vouched', 'patterns'] as const

/** A draft that cannot be read. The message is for people. */
export class DraftError extends Error {
  override readonly name = 'DraftError'
}

/**
 * The configuration in force with a draft's sections in place of its own, checked by the same rules as the file. Hosts, credentials and providers
 * are not looked at and not in it. Throws `DraftError`, or `ConfigError` with every fault.
 */
export function configOfDraft(draft: unknown, config: Config): Config {
  const sections = typeof draft === 'string' ? readYaml(draft) : draft
  if (sections === null || typeof sections !== 'object' || Array.isArray(sections)) {
    throw new DraftError('A draft is a mapping with "policies", and perhaps other sections of the configuration.')
  }
  const strange = Object.keys(sections).find((key) => !SECTIONS.some((section) => section === key))
  if (strange !== undefined) throw new DraftError(`A draft has no "${strange}"; it may have: ${SECTIONS.join(', ')}.`)
  if (!('policies' in sections)) throw new DraftError('A draft needs "policies".')
  const whole = {
    identity: { providers: [{ name: 'draft', issuer: 'https://draft.invalid', audience: 'draft', clientId: 'draft' }] },
    roles: config.roles,
    connections: config.connections.map(({ name, groups }) => ({
      name,
      engine: 'postgres',
      host: 'draft.invalid',
      database: 'draft',
      user: 'draft',
      password: 'draft',
      groups,
    })),
    sensitive: config.sensitive,
    untrusted: config.untrusted,
    vouched: config.vouched,
    patterns: config.patterns,
    ...sections,
  }
  return parseConfig(JSON.stringify(whole, null, 2), { file: 'draft', folder: '/', env: {} })
}

function readYaml(text: string): unknown {
  try {
    return parse(text)
  } catch (cause) {
    throw new DraftError(`The draft is not YAML: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}
