/** What trusted proxies say about a request: who the client is, and which URL it used. */
import type {IncomingMessage} from 'node:http'
import {BlockList, isIP} from 'node:net'

/** Values from proxies; those that are absent or malformed are left out. */
export interface Forwarded {
  /** Address of the client. */
  readonly client?: string | undefined
  readonly protocol?: string | undefined
  /** Host with the port, if there is one. */
  readonly host?: string | undefined
  /** Path of the service at the proxy, without a final slash. */
  readonly prefix?: string | undefined
}

/** Values by the hop that added them, the nearest last. */
interface Hops {
  readonly for: readonly string[]
  readonly proto: readonly string[]
  readonly host: readonly string[]
  readonly prefix: readonly string[]
}

const X_HEADERS = ['for', 'proto', 'host', 'prefix'] as const

/**
 * Creates a reader of `X-Forwarded-*`, or where none of them is sent of `Forwarded` (RFC 7239).
 * @param proxies addresses and networks whose requests are believed
 * @returns nothing for a request of anyone else
 */
export function createForwardedReader(proxies: readonly string[]): (request: IncomingMessage) => Forwarded {
  const isTrusted = createAddressTest(proxies)
  return request => {
    if (!isTrusted(request.socket.remoteAddress ?? '')) return {}
    return choose(readXHeaders(request) ?? readForwardedHeader(request), isTrusted)
  }
}

/** @param networks addresses, and networks as `10.0.0.0/8` */
function createAddressTest(networks: readonly string[]): (address: string) => boolean {
  const blocks = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    blocks.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return address => isIP(address) !== 0 && blocks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/**
 * Takes the values of the outermost trusted proxy: whatever precedes them was sent by the client. A proxy that replaces a
 * header has left only one value.
 */
function choose(hops: Hops, isTrusted: (address: string) => boolean): Forwarded {
  const addresses = hops.for.map(parseNode)
  let outer = 0
  while (outer < addresses.length - 1 && isTrusted(addresses.at(-1 - outer) ?? '')) outer += 1
  const pick = (values: readonly string[]) => values.at(-1 - Math.min(outer, values.length - 1)) ?? ''
  const protocol = /^https?$/i.exec(pick(hops.proto))?.[0].toLowerCase()
  const host = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i.exec(pick(hops.host))?.[0]
  const prefix = /^((?:\/[\w.~-]+)+)\/?$/.exec(pick(hops.prefix))?.[1]
  return {client: addresses.at(-1 - outer), protocol, host, prefix}
}

function readXHeaders({headers}: IncomingMessage): Hops | undefined {
  const lists = X_HEADERS.map(name => [name, splitList(headers[`x-forwarded-${name}`])] as const)
  if (lists.every(([, values]) => values.length === 0)) return undefined
  return Object.fromEntries(lists) as unknown as Hops
}

function readForwardedHeader({headers}: IncomingMessage): Hops {
  const elements = splitList(headers.forwarded).map(parseElement)
  const list = (name: string) => elements.map(element => element.get(name) ?? '')
  return {for: list('for'), proto: list('proto'), host: list('host'), prefix: []}
}

function parseElement(element: string): ReadonlyMap<string, string> {
  const pairs = element.split(';').map(pair => {
    const [name = '', value = ''] = pair.split('=', 2)
    return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')] as const
  })
  return new Map(pairs)
}

function splitList(header: string | readonly string[] | undefined): readonly string[] {
  const values = String(header ?? '').split(',')
  return values.map(value => value.trim()).filter(value => value !== '')
}

/** The address in `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`. */
function parseNode(node: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[(.*)\](?::\d+)?|([^:]+)(?::\d+)?)$/.exec(node) ?? []
  const address = bracketed ?? plain ?? node
  return isIP(address) === 0 ? undefined : address
}
