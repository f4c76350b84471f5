import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import type { PasskeyAssertion } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'

/** The person's own device did not sign; `message` says why, for them to read. */
export class PasskeyFailed extends Error {
  override readonly name = 'PasskeyFailed'
}

/** Has this very decision signed with the person's passkey. Throws `PasskeyFailed` when it was not, `CallFailed` when the host refuses. */
export async function askPasskey(
  id: number,
  { decision, revision }: { readonly decision: 'approve' | 'deny'; readonly revision: number },
): Promise<PasskeyAssertion> {
  const { proof } = await call('decisionPasskey', { params: { id }, body: { decision, revision } })
  // Needed by few: it is fetched when it is.
  const { startAuthentication } = await import('@simplewebauthn/browser')
  try {
    // The host's options are the browser's own (WebAuthn level 3): they are passed on as they are.
    const { response, ...rest } = await startAuthentication({ optionsJSON: proof as unknown as PublicKeyCredentialRequestOptionsJSON })
    return {
      id: rest.id,
      rawId: rest.rawId,
      type: rest.type,
      response: {
        clientDataJSON: response.clientDataJSON,
        authenticatorData: response.authenticatorData,
        signature: response.signature,
        ...(response.userHandle ? { userHandle: response.userHandle } : {}),
      },
      ...(rest.authenticatorAttachment ? { authenticatorAttachment: rest.authenticatorAttachment } : {}),
      clientExtensionResults: {},
    }
  } catch (cause) {
    throw new PasskeyFailed(wordsFor(cause), { cause })
  }
}

function wordsFor(cause: unknown): string {
  const name = cause instanceof Error ? cause.name : ''
  if (name === 'NotAllowedError' || name === 'AbortError')
    return 'The passkey was not given: the question was closed, or it took too long. Nothing was decided.'
  if (name === 'SecurityError')
    return 'This address may not use your passkey. Open Sallyport at the address under which the passkey was made.'
  return 'This browser could not use your passkey. Nothing was decided; try again, or on another device.'
}
