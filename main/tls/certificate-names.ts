import { hostname, networkInterfaces } from 'node:os'
import { isLoopback, type ListenAddress } from '../config/units.ts'

const LOOPBACK = ['localhost', '127.0.0.1', '::1']
const EVERYWHERE = new Set(['0.0.0.0', '::', '*'])

/** What a certificate of this host has to be for: where it listens (all of the machine's addresses where it listens on all), and how browsers call it. */
export function certificateNames(listening: readonly ListenAddress[], publicUrl: string | undefined): string[] {
  const names = new Set(LOOPBACK)
  if (publicUrl !== undefined) names.add(new URL(publicUrl).hostname.replace(/^\[|\]$/g, ''))
  for (const { host } of listening) {
    if (!EVERYWHERE.has(host)) {
      if (!isLoopback(host)) names.add(host)
      continue
    }
    names.add(hostname())
    for (const addresses of Object.values(networkInterfaces()))
      for (const { address, internal } of addresses ?? []) if (!internal && !address.includes('%')) names.add(address)
  }
  return [...names]
}
