import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { isLoopback } from '../config/units.ts'

/** Where no receiver is: the machine's own and the cloud's metadata services (RFC 3927, RFC 4291 section 2.5.6), and addresses of nobody. */
const LINK_LOCAL = new BlockList()
LINK_LOCAL.addSubnet('169.254.0.0', 16, 'ipv4')
LINK_LOCAL.addSubnet('0.0.0.0', 8, 'ipv4')
LINK_LOCAL.addSubnet('224.0.0.0', 4, 'ipv4')
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6')
LINK_LOCAL.addSubnet('ff00::', 8, 'ipv6')
LINK_LOCAL.addAddress('::', 'ipv6')
LINK_LOCAL.addAddress('fd00:ec2::254', 'ipv6')
// What a network translates to IPv4 (RFC 6052).
LINK_LOCAL.addSubnet('64:ff9b::', 96, 'ipv6')

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/**
 * Why a receiver's address is not connected to; undefined when it may be. `host` is the name in its URL: only one that says so is on this machine.
 * Internal networks are allowed: that is where the receivers of a host on premises are.
 */
export function refuseAddress(host: string, address: string): string | undefined {
  // An IPv4 address that is written as IPv6 is held against the lists as what it is.
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (LINK_LOCAL.check(address, family)) return `${host} leads to ${address}, where no receiver can be`
  if (LOOPBACK.check(address, family) && !isLoopback(host)) return `${host} leads to this machine (${address})`
  return undefined
}

/** A look-up that refuses such addresses, for whatever a name leads to at the moment of connecting. */
export function guardedLookup(host: string): LookupFunction {
  return (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        done(error, '', 0)
        return
      }
      const [first] = addresses
      const refusal = addresses.map(({ address }) => refuseAddress(host, address)).find((one) => one !== undefined)
      if (refusal !== undefined || first === undefined)
        done(Object.assign(new Error(refusal ?? `${host} has no address`), { code: 'EADDRNOTAVAIL' }), '', 0)
      else if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }
}
