import type { OpenAPIHono } from '@hono/zod-openapi'
import { parseDetail } from '../approvals/approval-detail.ts'
import { recentSignIn } from '../identity/recent-sign-in.ts'
import type { StoredPasskey } from '../passkeys/passkey-store.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import type { Caller } from './caller.ts'
import { assertionOf, passkeyWork, registrationOf } from './passkey-work.ts'
import { serveCall } from './serve-call.ts'

/** People's own passkeys, and what their browser needs to sign a decision. */
export function servePasskeys(app: OpenAPIHono, context: ApiContext): void {
  const { passkeys, approvals, config, clock } = context

  /** A browser that was left open, or a program that got hold of its session, registers nothing. */
  const demandRecent = ({ who }: Caller): void => {
    if (recentSignIn(who.authTime, config.current().identity.recentSignInMs, clock.now())) return
    throw new ApiProblem(403, 'sign-in-old', 'Your sign-in is too old for a change of your passkeys. Sign in again, then change them.')
  }

  serveCall(app, context, 'listPasskeys', ({ caller }) => ({ items: passkeys.of(ownerOf(caller)).map(present) }))

  serveCall(app, context, 'passkeyOptions', async ({ body, caller }) => {
    const owner = ownerOf(caller)
    demandRecent(caller)
    return passkeyWork(async () => ({
      add: body.for === 'add' ? { ...(await passkeys.beginAdd(owner)) } : null,
      proof: asOptions(await passkeys.beginProof(owner, body.for)),
    }))
  })

  serveCall(app, context, 'addPasskey', async ({ body, caller, note }) => {
    const owner = ownerOf(caller)
    demandRecent(caller)
    const proof = body.proof === undefined ? undefined : assertionOf(body.proof)
    const transports = body.registration.response.transports
    const made = registrationOf(body.registration)
    const passkey = await passkeyWork(() =>
      passkeys.add(owner, body.name, { ...made, response: { ...made.response, ...knownTransports(transports) } }, proof),
    )
    note({ name: body.name, id: passkey.id })
    return present(passkey)
  })

  serveCall(app, context, 'removePasskey', async ({ params, body, caller }) => {
    const owner = ownerOf(caller)
    demandRecent(caller)
    if (!(await passkeyWork(() => passkeys.remove(owner, params.id, assertionOf(body.proof)))))
      throw new ApiProblem(404, 'not-found', 'You have no such passkey.')
    return { items: passkeys.of(owner).map(present) }
  })

  serveCall(app, context, 'removePasskeysOf', ({ body, caller, note }) => {
    demandRecent(caller)
    const { issuer, subject, reason } = body
    if (caller.who.issuer === issuer && caller.who.subject === subject)
      throw new ApiProblem(403, 'not-yours', 'Nobody resets their own passkeys. Another admin can.')
    const removed = passkeys.removeAll({ issuer, subject })
    note({ issuer, subject, reason, removed })
    return { removed }
  })

  serveCall(app, context, 'decisionPasskey', async ({ params, body, caller }) => {
    const owner = ownerOf(caller)
    const row = approvals.read(params.id)
    if (row === undefined) throw new ApiProblem(404, 'not-found', `There is no request #${params.id}.`)
    if (parseDetail(row.detail).passkey !== true)
      throw new ApiProblem(409, 'passkey-none', 'The rule of this request demands no passkey. Decide without one.')
    if (row.revision !== body.revision)
      throw new ApiProblem(409, 'changed', `Request #${params.id} has changed since you read it. Look at it again, then decide.`)
    const bound = { approval: params.id, revision: body.revision, decision: body.decision }
    return passkeyWork(async () => ({ proof: { ...(await passkeys.beginDecision(owner, bound)) } }))
  })
}

/** Passkeys are people's. */
function ownerOf({ who }: Caller): Caller['who'] {
  if (who.kind === 'agent') throw new ApiProblem(403, 'no-role', 'An agent has no passkeys: they are a person’s own proof.')
  return who
}

function present({ id, name, createdAt, lastUsedAt }: StoredPasskey) {
  return { id, name, createdAt, lastUsedAt }
}

const asOptions = (options: object | undefined): Record<string, unknown> | null => (options === undefined ? null : { ...options })

function knownTransports(transports: readonly string[] | undefined) {
  const known = (['ble', 'hybrid', 'internal', 'nfc', 'usb'] as const).filter((one) => transports?.includes(one))
  return known.length === 0 ? {} : { transports: known }
}
