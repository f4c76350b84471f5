import { z } from 'zod'
import { choice, collector, duration, issuer, name, secret, text } from './scalars.ts'

/** What the fields of each kind of provider are, for whoever left one out. */
export const PROVIDER_FIELDS = {
  oidc: {
    issuer: 'an https URL (http only on loopback), exactly as the provider names itself',
    audience: 'the `aud` that an agent’s token must carry',
    clientId: 'the client that people sign in with',
  },
  saml: {
    entityId: 'the identity provider’s entity id, exactly as its metadata has it',
    entryPoint: 'the https address where its sign-in begins (SingleSignOnService, HTTP-Redirect)',
    certificate: 'the path of a PEM file with its signing certificate, or several of them',
  },
} as const

const list = <T extends z.ZodType>(item: T) => z.array(item)

/** One shape for both kinds; which field belongs to which is said in `check-identity.ts`. */
const provider = z.strictObject({
  kind: choice(['oidc', 'saml']).default('oidc'),
  name: name('the provider’s name'),
  issuer: issuer().optional(),
  audience: text(PROVIDER_FIELDS.oidc.audience).optional(),
  clientId: text(PROVIDER_FIELDS.oidc.clientId).optional(),
  clientSecret: secret().optional(),
  scopes: z.array(text('a scope')).min(1).default(['openid', 'profile', 'email']),
  claims: z
    .strictObject({
      name: text('a claim').default('name'),
      groups: text('a claim').default('groups'),
      email: text('an attribute that holds a verified address').optional(),
    })
    .prefault({}),
  agents: z
    .strictObject({
      clients: list(text('a client id')).default([]),
      claim: z.strictObject({ name: text('a claim'), value: text('the value that an agent’s token has there') }).optional(),
    })
    .prefault({}),
  introspection: z.strictObject({ tokens: choice(['opaque', 'all']).default('opaque') }).optional(),
  entityId: text(PROVIDER_FIELDS.saml.entityId).optional(),
  entryPoint: collector().optional(),
  certificate: text(PROVIDER_FIELDS.saml.certificate).optional(),
})

export const identitySchema = z.strictObject({
  providers: list(provider).default([]),
  recentSignIn: duration().prefault('15m'),
  session: z
    .strictObject({ idle: duration().prefault('1h'), absolute: duration().prefault('12h'), unchecked: duration().prefault('1h') })
    .prefault({}),
  afterExpiry: duration().optional(),
})

export type IdentityShape = z.output<typeof identitySchema>
