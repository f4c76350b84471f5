// node build/desktop/sign-release.ts KEY.pem FILE…: writes FILE.sig beside each, which the app asks of the team's server before it installs FILE. With --new-key
// KEY.pem it makes a key and prints its public half, for the app's settings.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { releaseMessage, sha512Of } from '../../main/desktop/verify-release.ts'

const publicHalf = (pem: string): string => createPublicKey(pem).export({ format: 'der', type: 'spki' }).toString('base64')

async function main(args: readonly string[]): Promise<number> {
  const [first, second, ...more] = args
  if (first === '--new-key' && second !== undefined) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
    // Never over another one: releases that it has signed could not be followed any more.
    writeFileSync(second, pem, { mode: 0o600, flag: 'wx' })
    process.stdout.write(`${publicHalf(pem)}\n`)
    return 0
  }
  if (first === undefined || second === undefined) {
    process.stderr.write('Usage: node build/desktop/sign-release.ts KEY.pem FILE… | --new-key KEY.pem\n')
    return 2
  }
  const key = createPrivateKey(readFileSync(first, 'utf8'))
  for (const file of [second, ...more])
    writeFileSync(`${file}.sig`, `${sign(null, releaseMessage(await sha512Of(file)), key).toString('base64')}\n`)
  return 0
}

process.exitCode = await main(process.argv.slice(2))
