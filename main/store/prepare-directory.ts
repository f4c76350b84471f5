import { chmodSync, mkdirSync } from 'node:fs'

/** Makes a folder that only this user can enter (0700), or tightens one that exists. Throws what the file system says. */
export function preparePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  chmodSync(path, 0o700)
}
