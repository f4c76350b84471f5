import type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import type { PasskeyAssertion } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'

/** The browser or its person did not go on; `message` says why, for them to read. */
export class PasskeyNotChanged extends Error {
  override readonly name = 'PasskeyFailed'
}

/** Makes a passkey on this device and tells the host. Where there is one already, that one is asked first. Throws `PasskeyNotChanged`, `CallFailed`. */
export async function addPasskey(name: string): Promise<void> {
  const options = await call('passkeyOptions', { body: { for: 'add' } })
  if (options.add === null) throw new PasskeyNotChanged('The host did not offer to add a passkey.')
  const { startRegistration } = await import('@simplewebauthn/browser')
  // The host's options are the browser's own (WebAuthn level 3): they are passed on as they are.
  const optionsJSON = options.add as unknown as PublicKeyCredentialCreationOptionsJSON
  const proof = options.proof === null ? undefined : await prove(options.proof)
  const registration = await startRegistration({ optionsJSON }).catch(refuse)
  const { response, id, rawId, type } = registration
  await call('addPasskey', {
    body: {
      name,
      registration: {
        id,
        rawId,
        type,
        response: {
          clientDataJSON: response.clientDataJSON,
          attestationObject: response.attestationObject,
          ...(response.transports ? { transports: response.transports } : {}),
        },
        clientExtensionResults: {},
      },
      ...(proof ? { proof } : {}),
    },
  })
}

/** Takes a passkey away, proved by one that the person has. Throws as `addPasskey`. */
export async function removePasskey(id: string): Promise<void> {
  const { proof } = await call('passkeyOptions', { body: { for: 'remove' } })
  if (proof === null) throw new PasskeyNotChanged('There is no passkey to prove it with.')
  await call('removePasskey', { params: { id }, body: { proof: await prove(proof) } })
}

async function prove(options: Record<string, unknown>): Promise<PasskeyAssertion> {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON
  const { response, id, rawId, type } = await startAuthentication({ optionsJSON }).catch(refuse)
  return {
    id,
    rawId,
    type,
    response: {
      clientDataJSON: response.clientDataJSON,
      authenticatorData: response.authenticatorData,
      signature: response.signature,
      ...(response.userHandle ? { userHandle: response.userHandle } : {}),
    },
    clientExtensionResults: {},
  }
}

function refuse(cause: unknown): never {
  const name = cause instanceof Error ? cause.name : ''
  if (name === 'InvalidStateError') throw new PasskeyNotChanged('This device has a passkey for you already.', { cause })
  if (name === 'NotAllowedError' || name === 'AbortError')
    throw new PasskeyNotChanged('The question was closed, or it took too long. Nothing was changed.', { cause })
  throw new PasskeyNotChanged('This browser cannot use passkeys at this address. Nothing was changed.', { cause })
}
