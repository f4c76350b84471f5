import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { z } from 'zod'
import type { passkeyAssertionSchema, passkeyRegistrationSchema } from '../contract/passkeys.ts'
import { PasskeyProblem, type PasskeyProblemKind } from '../passkeys/passkey-problem.ts'
import { ApiProblem } from './api-problem.ts'

const STATUS: Readonly<Record<PasskeyProblemKind, number>> = { 'host-name': 409, none: 409, wrong: 403, missing: 403 }

/** Does something with passkeys, and words what went wrong for the API. */
export async function passkeyWork<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PasskeyProblem) throw new ApiProblem(STATUS[error.kind], `passkey-${error.kind}`, error.message)
    throw error
  }
}

/** As the library takes it: it reads what is below, and not what browsers add. */
export function assertionOf({ id, rawId, response }: z.output<typeof passkeyAssertionSchema>): AuthenticationResponseJSON {
  const { clientDataJSON, authenticatorData, signature, userHandle } = response
  return {
    id,
    rawId,
    type: 'public-key',
    response: { clientDataJSON, authenticatorData, signature, ...(userHandle === undefined ? {} : { userHandle }) },
    clientExtensionResults: {},
  }
}

export function registrationOf({ id, rawId, response }: z.output<typeof passkeyRegistrationSchema>): RegistrationResponseJSON {
  const { clientDataJSON, attestationObject } = response
  return { id, rawId, type: 'public-key', response: { clientDataJSON, attestationObject }, clientExtensionResults: {} }
}
