import { networkInterfaces } from 'node:os'

const EVERY_MS = 5000

/** Tells when this computer's addresses have changed: another network, a VPN. Returns what ends it. Nothing in Electron's main process tells of it. */
export function watchNetwork(changed: () => void, read: () => string = readAddresses, everyMs = EVERY_MS): () => void {
  let before = read()
  const timer = setInterval(() => {
    const now = read()
    if (now === before) return
    before = now
    changed()
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

function readAddresses(): string {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .sort()
    .join(' ')
}
