/** Where the service may fetch from on behalf of a caller: by default not where only its own machine and network can. */
import {type LookupAddress, lookup as resolve} from 'node:dns'
import {BlockList, isIP, type LookupFunction} from 'node:net'
import {StoreForbidden} from './store.js'

/** Which places may be fetched from; asked of each URL that is followed and each address that is connected to. */
export interface FetchPolicy {
  /** @param port as in a URL: empty for the usual one */
  readonly allowsPort: (port: string) => boolean
  /** @param address an IP address */
  readonly allowsAddress: (address: string) => boolean
}

/** No place is forbidden. */
export const ANYWHERE: FetchPolicy = {allowsPort: () => true, allowsAddress: () => true}

const WEB_PORTS = ['', '80', '443']

/** What everybody could fetch: the usual ports of the web, at addresses that are not of an inner network. */
export const PUBLIC_WEB: FetchPolicy = {
  allowsPort: port => WEB_PORTS.includes(port),
  allowsAddress: isPublicAddress,
}

/** Networks that are not the internet, by the registries of special-purpose addresses (RFC 6890). */
const PRIVATE_NETWORKS_4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 ' +
  '192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4'
/** Of IPv6 all but 2000::/3, and there what stands for another network: Teredo, 6to4, examples. */
const PRIVATE_NETWORKS_6 = '::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16 3fff::/20'

/** One list for each family: a shared one would take an IPv4 address for the IPv6 address that stands for it. */
const PRIVATE_4 = parseBlockList(PRIVATE_NETWORKS_4, 'ipv4')
const PRIVATE_6 = parseBlockList(PRIVATE_NETWORKS_6, 'ipv6')

function parseBlockList(networks: string, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const network of networks.split(' ')) {
    const [address = '', prefix] = network.split('/')
    list.addSubnet(address, Number(prefix), family)
  }
  return list
}

/** Whether everybody could reach that IP address. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !PRIVATE_4.check(address, 'ipv4')
  return version === 6 && !PRIVATE_6.check(address, 'ipv6')
}

/** @throws StoreForbidden for a URL that names a place which may not be reached; a name is looked up later */
export function requireAllowedUrl(url: URL, policy: FetchPolicy): void {
  if (!policy.allowsPort(url.port)) {
    throw new StoreForbidden(`${url.origin} names a port other than 80 and 443`)
  }
  const host = hostWithoutBrackets(url)
  if (isIP(host) && !policy.allowsAddress(host)) throw privateHostError(host)
}

/** Looks the name up as `requireReachable` does not. A name that nobody knows passes: that is another failure. */
export async function requireAllowedHost(url: URL, policy: FetchPolicy): Promise<void> {
  const host = hostWithoutBrackets(url)
  if (isIP(host)) return
  await new Promise<void>((done, fail) => {
    resolve(host, {all: true}, (error, addresses) => {
      if (error || filterAllowed(addresses, policy).length > 0) done()
      else fail(privateHostError(host))
    })
  })
}

/**
 * A look-up for the maker of a connection, which knows only the addresses that may be reached: what was checked is what is
 * connected to, whatever the name meant before.
 */
export function createLookup(policy: FetchPolicy): LookupFunction {
  return (host, options, done) => {
    resolve(host, {...options, all: true}, (error, addresses) => {
      if (error) return done(error, '', 0)
      const allowed = filterAllowed(addresses, policy)
      const [first] = allowed
      if (!first) return done(privateHostError(host), '', 0)
      return options.all ? done(null, allowed) : done(null, first.address, first.family)
    })
  }
}

function filterAllowed(addresses: readonly LookupAddress[], policy: FetchPolicy): LookupAddress[] {
  return addresses.filter(({address}) => policy.allowsAddress(address))
}

/** The address behind a name is not told: it is of a network that the caller may not know. */
function privateHostError(host: string): StoreForbidden {
  return new StoreForbidden(`${host} is on this machine or in a private network`)
}

/** The host of a URL, an IPv6 address without its brackets. */
function hostWithoutBrackets(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}
