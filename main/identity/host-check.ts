import { isLoopback, type ListenAddress } from '../config/units.ts'

/** `host:port` as a browser sends it, or undefined when it is no plain authority. */
function normal(host: string, defaultPort: string): string | undefined {
  if (!/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?$/i.test(host)) return undefined
  const [, name, port] = /^(.*?)(?::([0-9]+))?$/.exec(host.toLowerCase())!
  return `${name}:${port ?? defaultPort}`
}

/**
 * Which `Host` headers are ours. A page of another name that resolves to this machine (DNS rebinding) must not be served as if it were one of ours.
 * @param listening the address as bound, with its real port
 * @param publicUrl scheme, host and port as browsers see them
 */
export function createHostCheck(listening: ListenAddress, publicUrl: string | undefined): (hostHeader: string | undefined) => boolean {
  const bare = listening.host.includes(':') ? `[${listening.host}]` : listening.host
  const allowed = new Set<string>([`${bare}:${listening.port}`])
  if (isLoopback(listening.host)) {
    for (const name of ['localhost', '127.0.0.1', '[::1]']) allowed.add(`${name}:${listening.port}`)
  }
  let defaultPort = '80'
  if (publicUrl !== undefined) {
    const url = new URL(publicUrl)
    defaultPort = url.protocol === 'https:' ? '443' : '80'
    allowed.add(`${url.hostname}:${url.port === '' ? defaultPort : url.port}`)
  }
  return (hostHeader) => {
    const host = hostHeader === undefined ? undefined : normal(hostHeader, defaultPort)
    return host !== undefined && allowed.has(host)
  }
}
