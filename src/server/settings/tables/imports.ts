/** Settings of what the service fetches for its callers, and of what it checks in their data. */
import {bytes, list, oneOf, reloaded, type Setting, type SettingTable, seconds, text} from '../setting.js'

/** @returns undefined for an invalid item */
type Convert<Item extends string = string> = (item: string) => Item | undefined

/** The item without quotes; the lists of the original are written `['http', 'https']`. */
function unquote(item: string): string {
  const [, quote, content = ''] = /^(['"])(.*)\1$/.exec(item) ?? []
  return quote === undefined || content.includes(quote) ? item : content
}

/** A list, also in brackets. */
function listOf<Item extends string>(
  help: string,
  expected: string,
  convert: Convert<Item>,
  value: readonly Item[] = [],
): Setting<readonly Item[]> {
  const parse = (given: string) => {
    const items = list(help).parse(given.replace(/^\[(.*)\]$/s, '$1')) ?? []
    const converted = items.map(item => convert(unquote(item)))
    return converted.every(item => item !== undefined) ? converted : undefined
  }
  return {help, default: value, expected, parse}
}

const toScheme: Convert = item => (/^[a-z][a-z0-9+.-]*$/i.test(item) ? item.toLowerCase() : undefined)

const toPort: Convert = item =>
  /^\d{1,5}$/.test(item) && Number(item) < 65_536 ? `${Number(item)}` : undefined

/** A host without a pattern, as `URL` writes it, without the brackets of an IPv6 address and the dot at the end. */
const toHost: Convert = item => {
  const text = `http://${item.includes(':') && !item.startsWith('[') ? `[${item}]` : item}/`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || item.includes('*') || url.href !== `http://${url.hostname}/`) return undefined
  return url.hostname.replace(/^\[|\]$|\.$/g, '')
}

const SCHEMES = 'schemes of URLs, separated by commas'
const HOSTS = 'names or addresses of hosts, separated by commas'
const PORTS = 'numbers of ports, separated by commas'

/** What the service fetches. An allowed list that is not empty is the only one that counts. */
export const IMPORT_FILTERS = reloaded({
  allowed_schemes: listOf('Schemes of URLs that are fetched', SCHEMES, toScheme, ['http', 'https']),
  disallowed_schemes: listOf('Schemes of URLs that are not fetched', SCHEMES, toScheme),
  allowed_hosts: listOf('Hosts that are fetched from, private ones too', HOSTS, toHost),
  disallowed_hosts: listOf('Hosts that are not fetched from', HOSTS, toHost),
  allowed_ports: listOf('Ports that are fetched from', PORTS, toPort, ['80', '443']),
  disallowed_ports: listOf('Ports that are not fetched from', PORTS, toPort),
} satisfies SettingTable)

/** With which certificates signatures of images are verified. */
export const SIGNATURES = {
  signature_certificates_dir: text('Folder with the certificates of signatures, as UUID.pem'),
  signature_ca_file: text(
    'File with the certificates of authorities that issue those; else those are trusted',
  ),
} satisfies SettingTable

/** The steps that change what is imported. */
export const PLUGINS = ['no_op', 'image_decompression', 'image_conversion', 'inject_image_metadata'] as const

/** The name of a step. */
export type PluginName = (typeof PLUGINS)[number]

const toPlugin: Convert<PluginName> = item => PLUGINS.find(name => name === item)

/** What happens to data on its way into an image. */
export const IMPORT_PLUGINS = {
  image_import_plugins: listOf('Steps of imports, in their order', PLUGINS.join(', '), toPlugin),
} satisfies SettingTable

/** The pair without quotes: the original documents `"name":"value"`. */
const toPair: Convert = item => {
  const [, name, value] = /^([^:]+):(.+)$/.exec(item) ?? []
  return name && value && [name, value].map(part => unquote(part.trim())).join(':')
}

/** How images are converted. */
export const CONVERSION = {
  output_format: oneOf('Format that images are converted to', ['raw', 'qcow2', 'vmdk'], 'raw'),
  conversion_timeout: seconds('Seconds that a conversion may take', 3600),
  /** qemu-img reserves up to about 150 MB of addresses for any image. */
  conversion_memory: bytes(
    'Bytes of memory of a conversion, 256MB or more, also as 2GB',
    2 * 1024 ** 3,
    '256MB',
  ),
} satisfies SettingTable

/** Which properties images get. */
export const INJECTION = {
  inject: listOf('Properties that imported images get', 'NAME:VALUE, separated by commas', toPair),
  ignore_user_roles: list('Roles whose imports get none', ['admin']),
} satisfies SettingTable
