/** Flags for reaching the service: its address, and the cloud and login. */
import * as Flags from '@oclif/core/flags'
import type {Setting} from '../../identity/setting-table.js'
import type {FlagValues, SettingVariables} from '../../identity/settings/layers.js'
import {flagGroup, numberFlag, wholeNumber} from './group.js'
import {outputGroup} from './output.js'

/** Address of the service, and verbosity. */
export const connectionFlags = {
  verbose: Flags.boolean({char: 'v', description: 'Print more details: metadata and run time'}),
  debug: Flags.boolean({
    char: 'd',
    description: 'Print HTTP requests and responses (without secrets) and stack traces',
  }),
  host: Flags.string({
    char: 'H',
    helpValue: 'ADDRESS',
    description: 'Address of the service',
    defaultHelp: async () => '127.0.0.1',
  }),
  port: numberFlag({
    char: 'p',
    helpValue: 'PORT',
    description: 'Port of the service',
    defaultHelp: async () => '9292',
    ...wholeNumber('port', 0, 65_535),
  }),
  url: Flags.string({
    char: 'U',
    helpValue: 'URL',
    description: 'URL of the service; overrides --host, --port and --ssl',
  }),
  ssl: Flags.boolean({description: 'Use TLS'}),
  insecure: Flags.boolean({char: 'k', description: "Do not verify the server's certificate"}),
  timeout: numberFlag({
    helpValue: 'SECONDS',
    description:
      'Give up after SECONDS without receiving anything, and after SECONDS of waiting for an import',
    ...wholeNumber('timeout', 1),
  }),
  retries: numberFlag({
    helpValue: 'N',
    description: 'Retry a temporary failure up to N times, if repeating is safe',
    defaultHelp: async () => '3',
    ...wholeNumber('retries', 0),
  }),
}

const textFlag = (
  helpValue: string,
  description: string,
  more: {char?: 'A' | 'I' | 'K' | 'N' | 'R' | 'S' | 'T'; aliases?: string[]} = {},
) => Flags.string({helpValue, description, ...more})

/** Cloud and login; each flag also has a variable and a key in clouds.yaml, see SETTINGS. */
export const identityFlags = {
  'os-cloud': textFlag('CLOUD', 'Cloud from clouds.yaml; also OS_CLOUD'),
  'os-region-name': textFlag('REGION', 'Region of the cloud', {char: 'R'}),
  'os-interface': textFlag('public|internal|admin', 'Endpoint interface'),
  'os-image-api-version': textFlag('1|2', 'Image API version [default: detected]'),
  'os-auth-token': textFlag('TOKEN', 'Token from an earlier login; also OS_AUTH_TOKEN and OS_TOKEN', {
    char: 'A',
    aliases: ['auth-token', 'os-token'],
  }),
  'os-auth-url': textFlag('URL', 'URL of the Identity service', {char: 'N'}),
  'os-auth-type': textFlag(
    'TYPE',
    'Authentication type: password, token, v3applicationcredential, v3totp, v3oidcdeviceauthz, none, admin_token, http_basic',
  ),
  'os-auth-strategy': textFlag('keystone|noauth', 'Older form of --os-auth-type', {char: 'S'}),
  'os-identity-api-version': textFlag('2|3', 'Identity API version'),
  'os-username': textFlag('NAME', 'User name', {char: 'I'}),
  'os-user-id': textFlag('ID', 'User ID'),
  'os-user-domain-name': textFlag('NAME', 'User domain name'),
  'os-user-domain-id': textFlag('ID', 'User domain ID'),
  'os-password': textFlag(
    'PASSWORD',
    'Password; prefer OS_PASSWORD or secure.yaml, because command lines are visible in process lists',
    {char: 'K'},
  ),
  'os-application-credential-id': textFlag('ID', 'Application credential ID'),
  'os-application-credential-name': textFlag('NAME', 'Application credential name'),
  'os-application-credential-secret': textFlag(
    'KEY',
    'Application credential secret; prefer OS_APPLICATION_CREDENTIAL_SECRET or secure.yaml',
  ),
  'os-project-name': textFlag('NAME', 'Project name', {char: 'T', aliases: ['os-tenant-name']}),
  'os-project-id': textFlag('ID', 'Project ID', {aliases: ['os-tenant-id']}),
  'os-project-domain-name': textFlag('NAME', 'Project domain name'),
  'os-project-domain-id': textFlag('ID', 'Project domain ID'),
  'os-domain-name': textFlag('NAME', 'Domain name, for a domain-scoped token'),
  'os-domain-id': textFlag('ID', 'Domain ID, for a domain-scoped token'),
  'os-default-domain': textFlag('ID', 'ID of the user and project domain if none is given'),
  'os-system-scope': textFlag('all', 'System scope: all'),
  'os-trust-id': textFlag('ID', 'Trust ID'),
  'os-service-type': textFlag('TYPE', 'Service type of the Image service in the catalog'),
  'os-endpoint': textFlag('URL', 'URL of the Image service, for authentication types without a catalog'),
  'os-cacert': textFlag('FILE', 'CA bundle for verifying servers'),
  'os-cert': textFlag('FILE', 'Client certificate'),
  'os-key': textFlag('FILE', 'Private key of the client certificate'),
  'no-token-cache': Flags.boolean({description: 'Do not read or write the token cache'}),
}

/** The flags that describe a connection, read. */
export interface ConnectionOptions {
  /** The flags of SETTINGS by name, for `resolveSettings`. @throws Failure of kind `usage` for an invalid address */
  readonly settingFlags: () => Promise<FlagValues>
  /** Longest time without receiving anything, in seconds. */
  readonly timeoutSeconds: number | undefined
  readonly retries: number | undefined
  /** Print requests and responses. */
  readonly isTraced: boolean
  readonly usesTokenCache: boolean
  /** Named by questions for secrets, where a command connects to two clouds. */
  readonly cloudToAskFor?: string | undefined
  /** The variables that may hold settings. Default: all of the process. */
  readonly readVariables?: () => Promise<SettingVariables>
}

/** Flags of every command that uses a service, and prints results. */
export const commonGroup = flagGroup({
  flags: {...outputGroup.flags, ...connectionFlags, ...identityFlags},
  read: (parsed): ConnectionOptions => ({
    settingFlags: async () => ({...parsed, url: await toAddress(parsed)}),
    timeoutSeconds: parsed.timeout,
    retries: parsed.retries,
    isTraced: parsed.debug,
    usesTokenCache: !parsed['no-token-cache'],
  }),
})

interface AddressFlags {
  readonly url: string | undefined
  readonly host: string | undefined
  readonly port: number | undefined
  readonly ssl: boolean
}

/** `--url`, or the address that `--host`, `--port` and `--ssl` make; undefined when none of them is given. */
async function toAddress({url, host, port, ssl}: AddressFlags): Promise<Setting | undefined> {
  if (url !== undefined) return {value: url, from: '--url'}
  const given = [
    ...(host === undefined ? [] : ['--host']),
    ...(port === undefined ? [] : ['--port']),
    ...(ssl ? ['--ssl'] : []),
  ]
  if (given.length === 0) return undefined
  const {serviceUrl} = await import('../../api/service-url.js')
  return {value: serviceUrl({host, port, ssl}).url, from: given.join(', ')}
}
