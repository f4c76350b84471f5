/** Where the operating system keeps secrets for this account, as Electron's safeStorage reports it. */
export interface KeychainReport {
  readonly platform: string
  readonly available: boolean
  /** Linux only. */
  readonly backend: string
}

export type KeychainJudgement = { readonly usable: true } | { readonly usable: false; readonly why: string }

/**
 * On Linux without a keyring safeStorage encrypts with a key that stands in Electron's source (`basic_text`): that is no secret, so it counts only where the
 * owner has said so (`plainTextKeys`).
 */
export function judgeKeychain({ platform, available, backend }: KeychainReport, plainTextKeys: boolean): KeychainJudgement {
  if (platform === 'linux' && (backend === 'basic_text' || backend === 'unknown')) {
    if (plainTextKeys && available) return { usable: true }
    const how = 'Install GNOME Keyring or KWallet and start the app again, or allow it in the app’s settings.'
    return {
      usable: false,
      why: `This desktop has no keyring, so a key could be kept only where every program of yours can read it. ${how}`,
    }
  }
  if (available) return { usable: true }
  const store = platform === 'darwin' ? 'The keychain' : platform === 'win32' ? 'Windows’ data protection' : 'The keyring'
  return { usable: false, why: `${store} cannot be used just now. Unlock it and try again.` }
}
