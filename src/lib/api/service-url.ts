/** Address of the Image service, from a URL or from host, port and ssl. */
import {isIPv6} from 'node:net'
import {REDACTED, redactText} from '../http/redact.js'
import {parseServiceBase, requireSupportedVersion} from '../http/service-base.js'
import {usageError} from '../model/errors.js'

/** The address as the user gives it. */
export interface ServiceAddress {
  /** Overrides the other three. May end in a version of the API. */
  readonly url?: string | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  /** https instead of http. */
  readonly ssl?: boolean | undefined
}

/** The address as the client uses it. */
export interface ServiceUrl {
  /** Without the version and without a trailing slash. */
  readonly url: string
  /** The version in the address. */
  readonly preferred?: 1 | 2
}

/**
 * The address of the service; http://127.0.0.1:9292 when nothing is given.
 * @throws Failure of kind `usage` for an invalid address, or one with an unsupported version
 */
export function serviceUrl({
  url,
  host = '127.0.0.1',
  port = 9292,
  ssl = false,
}: ServiceAddress = {}): ServiceUrl {
  if (url) return parseServiceUrl(url)
  const name = host.includes(':') && isIPv6(host) ? `[${host}]` : host
  if (!/^(\[[0-9a-f:.]+\]|[^\s/?#@:[\]\\]+)$/i.test(name)) throw invalidHostError(host)
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw usageError(`invalid port ${port}: expected a whole number from 1 to 65535`)
  }
  return parseServiceUrl(`${ssl ? 'https' : 'http'}://${name}:${port}`)
}

function invalidHostError(host: string): Error {
  const advice = /[/:]/.test(host) ? 'Give a URL with --url, and a port with --port.' : undefined
  const redacted = redactText(host).replace(/.*@/, `${REDACTED}@`)
  return usageError(`invalid host name '${redacted}'`, {advice})
}

function parseServiceUrl(text: string): ServiceUrl {
  const {url, version} = parseServiceBase(text)
  return version === undefined ? {url} : {url, preferred: requireSupportedVersion(version, text)}
}
