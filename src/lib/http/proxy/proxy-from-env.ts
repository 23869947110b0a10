/** Selects the proxy of a request from the environment. */
import {BlockList, isIP} from 'node:net'
import {usageError} from '../../model/errors.js'
import {basicAuthFrom} from '../basic-auth.js'

/** An HTTP proxy. */
export interface HttpProxy {
  /** Scheme, host and port, without secrets. */
  readonly url: string
  /** Credentials for the proxy: secrets, never shown. */
  readonly headers: Readonly<Record<string, string>>
  /** The environment variable that names it. */
  readonly variable: string
}

type ProxyEnv = Readonly<Record<string, string | undefined>>

/**
 * The proxy for a URL, or undefined. A variable in lower case precedes the one in upper case; an empty one means none.
 * @param env HTTP_PROXY for http, HTTPS_PROXY for https, else ALL_PROXY; NO_PROXY lists hosts that need no proxy
 * @param proxyLoopback uses the proxy for this machine too
 * @throws Failure of kind usage for an unusable proxy; it does not quote the value, which may hold a password
 */
export function proxyFromEnv(url: URL, env: ProxyEnv, proxyLoopback = false): HttpProxy | undefined {
  const host = normalizeHost(url.hostname)
  const name = [url.protocol.replace(':', '_proxy'), 'all_proxy'].find(each => readVariable(env, each))
  if (!name || (!proxyLoopback && isLoopback(host))) return undefined
  if (isExempt(host, url.port || (url.protocol === 'https:' ? '443' : '80'), readVariable(env, 'no_proxy'))) {
    return undefined
  }
  return parseProxy(readVariable(env, name), env[name] === undefined ? name.toUpperCase() : name)
}

function readVariable(env: ProxyEnv, name: string): string {
  return (env[name] ?? env[name.toUpperCase()] ?? '').trim()
}

function parseProxy(value: string, name: string): HttpProxy {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    const why = url ? `it is a ${url.protocol.slice(0, -1)} proxy` : 'it is not a URL'
    throw usageError(`cannot use the proxy in ${name}`, {
      why,
      advice: 'Write http://HOST:PORT or https://HOST:PORT.',
    })
  }
  const credentials = basicAuthFrom(url)
  const headers = credentials === undefined ? {} : {'proxy-authorization': credentials}
  return {url: url.origin, headers, variable: name}
}

function isLoopback(host: string): boolean {
  return host === '::1' || /(^|\.)localhost$/.test(host) || (isIP(host) === 4 && host.startsWith('127.'))
}

/**
 * True if the list contains the host. Entries are separated by commas or blanks: `*` for all; a host, which includes its
 * subdomains, with or without a leading dot; an address; a network (`10.0.0.0/8`). Each may end in a port.
 */
function isExempt(host: string, port: string, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some(entry => {
      const {name = entry, onlyPort = port} =
        /^(?<name>\[.*\]|[^:]*)(?::(?<onlyPort>\d+))?$/.exec(entry)?.groups ?? {}
      return onlyPort === port && matchesEntry(host, normalizeHost(name))
    })
}

function matchesEntry(host: string, entry: string): boolean {
  if (entry === '*') return true
  if (isIP(host) > 0) return isInNetwork(host, entry)
  const name = entry.replace(/^\*?\./, '').replace(/\.$/, '')
  return name !== '' && (host === name || host.endsWith(`.${name}`))
}

function isInNetwork(address: string, entry: string): boolean {
  const [network = '', bits] = entry.split('/')
  const family = isIP(network)
  const maxPrefix = family === 6 ? 128 : 32
  const prefix = bits === undefined ? maxPrefix : /^\d+$/.test(bits) ? Number(bits) : Number.NaN
  if (family === 0 || family !== isIP(address) || !(prefix <= maxPrefix)) return false
  const type = family === 6 ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(network, prefix, type)
  return list.check(address, type)
}

/** Removes the brackets of an IPv6 address and the trailing dot of a full name. */
function normalizeHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}
