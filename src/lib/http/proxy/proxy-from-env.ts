/** Which proxy a request goes by, as the environment names them. */
import {BlockList, isIP} from 'node:net'
import {usageError} from '../../model/errors.js'
import {basicAuthFrom} from '../basic-auth.js'

/** A server that passes requests on. */
export interface HttpProxy {
  /** Scheme, host and port, without secrets. */
  readonly url: string
  /** What it must be sent to let us through: secrets, never to be shown. */
  readonly headers: Readonly<Record<string, string>>
  /** The variable that names it. */
  readonly variable: string
}

type ProxyEnv = Readonly<Record<string, string | undefined>>

/**
 * The variable in lower case comes before the one in upper case; an empty one means none.
 * @param env HTTP_PROXY for http, HTTPS_PROXY for https, else ALL_PROXY; NO_PROXY names hosts that are reached straight
 * @param proxyLoopback this machine is reached by the proxy too, otherwise never
 * @throws Failure of kind usage for a proxy that cannot be used; does not repeat what may be a password
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
    const why = url ? `it is a ${url.protocol.slice(0, -1)} proxy` : 'it is no URL'
    throw usageError(`cannot use the proxy that ${name} names`, {
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
 * Entries stand between commas or blanks: `*` for all; a host, which includes those below it, with or without a dot
 * before it; an address; a network (`10.0.0.0/8`). Each may end in a port.
 */
function isExempt(host: string, port: string, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some(entry => {
      const {named = entry, only = port} =
        /^(?<named>\[.*\]|[^:]*)(?::(?<only>\d+))?$/.exec(entry)?.groups ?? {}
      return only === port && matchesEntry(host, normalizeHost(named))
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

/** Without the brackets of an IPv6 address and the dot at the end of a full name. */
function normalizeHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}
