/** Restricts the URLs that the service fetches for its callers: by default to the public web. */
import {type LookupAddress, lookup as resolve} from 'node:dns'
import {BlockList, isIP, type LookupFunction} from 'node:net'
import {type FindValue, readSettings} from '../settings/setting.js'
import {IMPORT_FILTERS} from '../settings/tables/imports.js'
import {StoreForbidden} from './store.js'

/** Rules for fetching, applied to each URL of a redirect chain and each address of a connection. */
export interface FetchPolicy {
  /** @param scheme without the colon */
  readonly allowsScheme: (scheme: string) => boolean
  /** @param host an IPv6 address without brackets, a name without a dot at the end */
  readonly allowsHost: (host: string) => boolean
  /** @param port a number */
  readonly allowsPort: (port: string) => boolean
  /** @param address an IP address @param host that has it */
  readonly allowsAddress: (address: string, host: string) => boolean
}

/** Allows every URL. */
export const ANYWHERE: FetchPolicy = {
  allowsScheme: () => true,
  allowsHost: () => true,
  allowsPort: () => true,
  allowsAddress: () => true,
}

/**
 * The rules of the settings. A list of what is allowed replaces the list of what is not. An allowed host may be in a
 * private network.
 * @param isAnywhere allow private networks, and every port unless `allowed_ports` is given
 */
export function readFetchPolicy(find: FindValue, isAnywhere = false): FetchPolicy {
  const filters = readSettings(IMPORT_FILTERS, find)
  const {allowed_hosts: hosts, disallowed_hosts} = filters
  const refusedHosts = hosts.length > 0 ? [] : disallowed_hosts
  const refused = new BlockList()
  for (const host of refusedHosts) if (isIP(host)) refused.addAddress(host, toFamily(host))
  const ports = isAnywhere && find('allowed_ports') === undefined ? [] : filters.allowed_ports
  return {
    allowsScheme: createFilter(filters.allowed_schemes, filters.disallowed_schemes),
    allowsHost: createFilter(hosts, refusedHosts),
    allowsPort: createFilter(ports, filters.disallowed_ports),
    allowsAddress: (address, host) => {
      if (hosts.includes(host)) return true
      return (isAnywhere || isPublicAddress(address)) && !refused.check(address, toFamily(address))
    },
  }
}

function toFamily(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}

function createFilter(allowed: readonly string[], refused: readonly string[]): (value: string) => boolean {
  return allowed.length > 0 ? value => allowed.includes(value) : value => !refused.includes(value)
}

/** Special-purpose IPv4 networks (RFC 6890). */
const PRIVATE_NETWORKS_4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 ' +
  '192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4'
/** All of IPv6 but 2000::/3, and within it Teredo, 6to4 and documentation prefixes. */
const PRIVATE_NETWORKS_6 = '::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16 3fff::/20'

/** One list per family: a `BlockList` also matches an IPv4 address as an IPv4-mapped IPv6 address. */
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

/** True for an IP address outside private and special-purpose networks. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !PRIVATE_4.check(address, 'ipv4')
  return version === 6 && !PRIVATE_6.check(address, 'ipv6')
}

/** The ports of URLs that state none. */
const DEFAULT_PORTS: Readonly<Record<string, string>> = {http: '80', https: '443'}

/**
 * Checks the scheme, the host and the port of a URL, and the address if the host is one.
 * @throws StoreForbidden when the policy does not allow them
 */
export function requireAllowedUrl(url: URL, policy: FetchPolicy): void {
  const scheme = url.protocol.slice(0, -1)
  const host = toPlainHost(url)
  if (!policy.allowsScheme(scheme)) throw new StoreForbidden(`${scheme} is not an allowed scheme`)
  if (!policy.allowsHost(host)) throw new StoreForbidden(`${host} is not an allowed host`)
  if (!policy.allowsPort(url.port || (DEFAULT_PORTS[scheme] ?? ''))) {
    throw new StoreForbidden(`${url.origin} names a port that is not allowed`)
  }
  if (isIP(host) && !policy.allowsAddress(host, host)) throw privateHostError(host)
}

/**
 * Resolves the host name of a URL and checks its addresses. A name that cannot be resolved passes: fetching it fails
 * with an error of its own.
 * @throws StoreForbidden when the policy allows none of the addresses
 */
export async function requireAllowedHost(url: URL, policy: FetchPolicy): Promise<void> {
  const host = toPlainHost(url)
  if (isIP(host)) return
  await new Promise<void>((done, fail) => {
    resolve(host, {all: true}, (error, addresses) => {
      if (error || filterAllowed(addresses, host, policy).length > 0) done()
      else fail(privateHostError(host))
    })
  })
}

/**
 * Creates a DNS look-up for connections that returns allowed addresses only. The address that is checked is the one that
 * is connected to, so an earlier answer for the same name cannot matter (DNS rebinding).
 */
export function createLookup(policy: FetchPolicy): LookupFunction {
  return (host, options, done) => {
    resolve(host, {...options, all: true}, (error, addresses) => {
      if (error) return done(error, '', 0)
      const allowed = filterAllowed(addresses, host.replace(/\.$/, ''), policy)
      const [first] = allowed
      if (!first) return done(privateHostError(host), '', 0)
      return options.all ? done(null, allowed) : done(null, first.address, first.family)
    })
  }
}

function filterAllowed(
  addresses: readonly LookupAddress[],
  host: string,
  policy: FetchPolicy,
): LookupAddress[] {
  return addresses.filter(({address}) => policy.allowsAddress(address, host))
}

/** The public web: the rules without settings. */
export const PUBLIC_WEB = readFetchPolicy(() => undefined)

/** Does not disclose the address of a name: the caller may not know the network it is in. */
function privateHostError(host: string): StoreForbidden {
  return new StoreForbidden(`${host} is on this machine or in a private network`)
}

/** The host of a URL as the settings have it: an IPv6 address without its brackets, a name without a dot at the end. */
function toPlainHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$|\.$/g, '')
}
