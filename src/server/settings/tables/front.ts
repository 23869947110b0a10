/** Settings of what is in front of the service: proxies, TLS, host names, and pages in browsers. */
import {isIP} from 'node:net'
import {list, reloaded, type Setting, type SettingTable, text, whole, yesNo} from '../setting.js'

/** A URL of HTTP without query and final slash. */
function httpUrl(help: string): Setting<string | undefined> {
  return {
    help,
    default: undefined,
    expected: 'a URL that begins with http:// or https://, without ? and #',
    parse: given => {
      const url = URL.canParse(given) ? new URL(given) : undefined
      const isPlain = url && /^https?:$/.test(url.protocol) && !/[?#@]/.test(given)
      return isPlain ? url.href.replace(/\/+$/, '') : undefined
    },
  }
}

/** A list whose items all have a form. @param parseItem returns undefined for an invalid item */
function listOf(
  setting: Setting<readonly string[]>,
  expected: string,
  parseItem: (item: string) => string | undefined,
): Setting<readonly string[]> {
  return {
    ...setting,
    expected,
    parse: given => {
      const items = (setting.parse(given) ?? []).map(parseItem)
      return items.includes(undefined) ? undefined : (items as string[])
    },
  }
}

function parseNetwork(network: string): string | undefined {
  const [address = '', bits, ...more] = network.split('/')
  const version = isIP(address)
  const isPrefix = bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32))
  return version !== 0 && isPrefix && more.length === 0 ? network : undefined
}

/** As browsers send it: in lower case, without a path and without the default port. */
function parseOrigin(origin: string): string | undefined {
  if (origin === '*') return origin
  if (!/^[a-z][a-z\d+.-]*:\/\/[^\s/?#@]+$/i.test(origin) || !URL.canParse(origin)) return undefined
  return /^https?:/i.test(origin) ? new URL(origin).origin : origin.toLowerCase()
}

/** Proxies, and the names of the service. */
export const FRONT = {
  public_endpoint: httpUrl('URL of the service for its clients, for the links in responses'),
  enable_proxy_headers_parsing: yesNo(
    'Take the URL and the client from the headers of trusted proxies',
    false,
  ),
  trusted_proxies: listOf(
    list('Addresses and networks of proxies', ['127.0.0.0/8', '::1']),
    'addresses, or networks as 10.0.0.0/8, separated by commas',
    parseNetwork,
  ),
  allowed_hostnames: list('Host names that requests may use on a loopback address; *: any'),
} satisfies SettingTable

/** TLS of the service itself. */
export const SERVER_TLS = reloaded({
  cert_file: text('File with the certificate of the service, and those of its authorities'),
  key_file: text('File with the key of that certificate'),
  ca_file: text('File with the authorities of clients, who then need a certificate'),
})

/** Pages of other origins in browsers. */
export const CORS = {
  cors_allowed_origin: listOf(
    list('Origins whose pages may use the service, as https://horizon.example.com; *: any'),
    'origins as https://horizon.example.com, separated by commas',
    parseOrigin,
  ),
  cors_allow_credentials: yesNo('Allow these pages to send cookies and client certificates', false),
  cors_allow_methods: list('Methods that these pages may use', ['GET', 'PUT', 'POST', 'DELETE', 'PATCH']),
  cors_allow_headers: list('Headers that these pages may send; a final * stands for any ending', [
    'Content-Type',
    'Content-Range',
    'Range',
    'X-Auth-Token',
    'X-Image-Meta-*',
    'X-Glance-*',
    'X-OpenStack-*',
  ]),
  cors_expose_headers: list('Headers of responses that these pages may read; *: all, without credentials', [
    '*',
  ]),
  cors_max_age: whole('Seconds for which browsers remember what is allowed', 3600),
} satisfies SettingTable
