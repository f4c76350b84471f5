import { randomBytes, randomInt } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import * as jose from 'jose'
import { CAST, type CastMember } from './cast.ts'

/** Everything secret of one demo, made at its first start and kept in its folder, so that a restart keeps passwords and tokens valid. */
export interface DemoSecrets {
  readonly version: 1
  readonly superuserPassword: string
  readonly gatewayPassword: string
  readonly webClientSecret: string
  readonly agentSecret: string
  readonly cookieKey: string
  readonly passwords: Readonly<Record<CastMember['key'], string>>
  /** Private keys: RS256 for ID tokens, ES256 for access tokens (which are shorter so). */
  readonly keys: readonly jose.JWK[]
}

/** Reads the file, or makes it (mode 600). */
export async function openSecrets(file: string): Promise<DemoSecrets> {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoSecrets
  const secret = () => randomBytes(24).toString('base64url')
  const [lead, approver, engineer] = CAST.map(() => makePassword())
  const made: DemoSecrets = {
    version: 1,
    superuserPassword: secret(),
    gatewayPassword: secret(),
    webClientSecret: secret(),
    agentSecret: secret(),
    cookieKey: secret(),
    passwords: { lead: lead!, approver: approver!, engineer: engineer! },
    keys: [await makeKey('RS256'), await makeKey('ES256')],
  }
  writeFileSync(file, JSON.stringify(made, null, 2), { mode: 0o600 })
  return made
}

async function makeKey(alg: 'RS256' | 'ES256'): Promise<jose.JWK> {
  const { privateKey } = await jose.generateKeyPair(alg, { extractable: true })
  const jwk = await jose.exportJWK(privateKey)
  return { ...jwk, kid: (await jose.calculateJwkThumbprint(jwk)).slice(0, 12), alg, use: 'sig' }
}

const WORDS =
  'alder amber basil birch cedar clover coral ember fennel fern harbor hazel heron indigo juniper kestrel larch linen maple marble moss olive otter pebble plum quartz raven reed saffron sorrel thistle tundra umber walnut willow wren'.split(
    ' ',
  )

/** Easy to read from one window and type into another: `heron-maple-4821`. */
function makePassword(): string {
  const word = () => WORDS[randomInt(WORDS.length)]!
  return `${word()}-${word()}-${randomInt(1000, 10_000)}`
}
