import { rmSync } from 'node:fs'
import { z } from 'zod'
import { readJson, writeJson } from './keep-json.ts'
import type { Keychain } from './keep-vault-key.ts'
import type { SessionCookie } from './sign-in-by-browser.ts'

const fileSchema = z.strictObject({ version: z.literal(1), sealed: z.string() })
const sessionSchema = z.strictObject({ origin: z.string(), name: z.string(), value: z.string(), secure: z.boolean(), until: z.number() })

export interface SessionKeeper {
  /** The session with this host, if one was kept and still holds. */
  read(origin: string): Promise<SessionCookie | undefined>
  /** Encrypted by the keychain; where there is none it is not kept, and the next start asks to sign in. */
  write(origin: string, cookie: SessionCookie): Promise<void>
  forget(): void
}

/** The person's session between two starts. `now`: milliseconds since the epoch. */
export function createSessionKeeper(keychain: Keychain, file: string, now: () => number): SessionKeeper {
  return {
    async read(origin) {
      const { value } = readJson(file, fileSchema.nullable(), null)
      if (value === null || (await keychain.problem()) !== undefined) return undefined
      const session = await unseal(keychain, value.sealed)
      if (session === undefined || session.origin !== origin || session.until <= now()) return undefined
      const { name, value: secret, secure, until } = session
      return { name, value: secret, secure, maxAgeS: Math.floor((until - now()) / 1000) }
    },
    async write(origin, { name, value, secure, maxAgeS }) {
      if ((await keychain.problem()) !== undefined) return
      const session = { origin, name, value, secure, until: now() + maxAgeS * 1000 }
      writeJson(file, { version: 1, sealed: (await keychain.encrypt(JSON.stringify(session))).toString('base64') })
    },
    forget: () => rmSync(file, { force: true }),
  }
}

async function unseal(keychain: Keychain, sealed: string): Promise<z.output<typeof sessionSchema> | undefined> {
  try {
    return sessionSchema.parse(JSON.parse(await keychain.decrypt(Buffer.from(sealed, 'base64'))))
  } catch {
    return undefined
  }
}
