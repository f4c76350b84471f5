import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** What another process needs to take part: `demo:agent`, tests. Mode 600. */
export interface ConnectFile {
  readonly web: string
  readonly issuer: string
  readonly gateway: { readonly host: string; readonly port: number; readonly connection: string }
  readonly agentSecret: string
  readonly approver: { readonly name: string; readonly email: string; readonly password: string }
}

export function writeConnectFile(file: string, connect: ConnectFile): void {
  writeFileSync(file, JSON.stringify(connect, null, 2), { mode: 0o600 })
}

/** Undefined when no demo was ever started there. */
export function readConnectFile(file: string): ConnectFile | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ConnectFile) : undefined
}
