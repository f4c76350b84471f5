import { safeStorage } from 'electron'
import { judgeKeychain } from '../judge-keychain.ts'
import type { Keychain } from '../keep-vault-key.ts'

/** The operating system's keychain for this account: Keychain, DPAPI, libsecret or KWallet. */
export function electronKeychain(platform: string, plainTextKeys: () => boolean): Keychain {
  return {
    async problem() {
      const backend = platform === 'linux' ? safeStorage.getSelectedStorageBackend() : ''
      // Where there is no keyring and the owner has said so, Electron needs to be told too.
      if (backend === 'basic_text' && plainTextKeys()) safeStorage.setUsePlainTextEncryption(true)
      const judged = judgeKeychain({ platform, backend, available: await safeStorage.isAsyncEncryptionAvailable() }, plainTextKeys())
      return judged.usable ? undefined : judged.why
    },
    encrypt: (text) => safeStorage.encryptStringAsync(text),
    decrypt: async (bytes) => (await safeStorage.decryptStringAsync(bytes)).result,
  }
}
