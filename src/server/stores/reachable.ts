/** Which addresses a service may reach on behalf of a caller: not those that only its own machine and network can. */
import {lookup as resolve} from 'node:dns'
import {BlockList, isIP, type LookupFunction} from 'node:net'

/** Loopback, private, link-local (the metadata service of clouds among them), shared, multicast and reserved networks. */
const INNER = new BlockList()
const NETWORKS4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 ' +
  '198.18.0.0/15 224.0.0.0/4 240.0.0.0/4'
const NETWORKS6 = '::/128 ::1/128 64:ff9b::/96 fc00::/7 fe80::/10 ff00::/8'
for (const [networks, family] of [
  [NETWORKS4, 'ipv4'],
  [NETWORKS6, 'ipv6'],
] as const) {
  for (const network of networks.split(' ')) {
    const [address = '', prefix] = network.split('/')
    INNER.addSubnet(address, Number(prefix), family)
  }
}

/** Whether everybody could reach that IP address. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !INNER.check(address, 'ipv4')
  // An IPv4 address written as IPv6 is checked by the rules of IPv4.
  return version === 6 && !INNER.check(address, 'ipv6')
}

/** A look-up that knows only the addresses that may be reached; what is checked is what is connected to. */
export function lookupAmong(mayReach: (address: string) => boolean): LookupFunction {
  return (host, options, done) => {
    resolve(host, {...options, all: true}, (error, found) => {
      if (error) return done(error, '', 0)
      const good = found.filter(({address}) => mayReach(address))
      const [first] = good
      if (!first) return done(new Error(`${host} is not to be reached`), '', 0)
      return options.all ? done(null, good) : done(null, first.address, first.family)
    })
  }
}

/** The host of a URL, an IPv6 address without its brackets. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}
