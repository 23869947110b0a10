/** Every flag of the tool once, in groups: its spelling, its meaning, its default. */
import * as Flags from '@oclif/core/flags'
import {usageError} from '../../model/errors.js'
import {numberFlag, wholeNumber} from './number.js'
import {downloadFlags, keepFailedFlags, progressFlags, verifyFlags} from './transfer.js'
import {addFlags, uploadFlags} from './upload.js'

/** Where the service is, and how much to tell. */
export const connectionFlags = {
  verbose: Flags.boolean({char: 'v', description: 'Print more: metadata, and the time it took'}),
  debug: Flags.boolean({
    char: 'd',
    description: 'Print the exchange with the service, without secrets, and where errors come from',
  }),
  json: Flags.boolean({description: 'Print results and errors for programs: a JSON object in a line each'}),
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
    parse: async text => {
      const port = await wholeNumber('port', 0).parse(text)
      if (port > 65535) throw usageError(`--port takes a number up to 65535, not '${text}'`)
      return port
    },
  }),
  url: Flags.string({
    char: 'U',
    helpValue: 'URL',
    description: 'URL of the service; beats --host, --port and --ssl',
  }),
  ssl: Flags.boolean({description: 'Talk to the service over TLS'}),
  insecure: Flags.boolean({char: 'k', description: 'Do not check the certificate of the service'}),
  timeout: numberFlag({
    helpValue: 'SECONDS',
    description: 'Give up when nothing arrives for so many seconds',
    ...wholeNumber('timeout', 1),
  }),
  retries: numberFlag({
    helpValue: 'N',
    description: 'Try again so often what failed for the moment and may be repeated',
    defaultHelp: async () => '3',
    ...wholeNumber('retries', 0),
  }),
}

const textFlag = (
  helpValue: string,
  description: string,
  more: {char?: 'A' | 'I' | 'K' | 'N' | 'R' | 'S' | 'T'; aliases?: string[]} = {},
) => Flags.string({helpValue, description, ...more})

/** Who is calling, and which cloud; each also has a variable and a place in clouds.yaml, see SETTINGS. */
export const identityFlags = {
  'os-cloud': textFlag('NAME', 'Cloud of clouds.yaml; also OS_CLOUD'),
  'os-region-name': textFlag('REGION', 'Region of the cloud', {char: 'R'}),
  'os-interface': textFlag('NAME', 'Addresses for whom: public, internal or admin'),
  'os-image-api-version': textFlag(
    '1|2',
    'Version of the Image API; asked of the service when it is not given',
  ),
  'os-auth-token': textFlag('TOKEN', 'Token of an earlier login; also OS_AUTH_TOKEN and OS_TOKEN', {
    char: 'A',
    aliases: ['auth-token', 'os-token'],
  }),
  'os-auth-url': textFlag('URL', 'Address of the Identity service', {char: 'N'}),
  'os-auth-type': textFlag(
    'TYPE',
    'How to log in: password, token, v3applicationcredential, none, admin_token, http_basic',
  ),
  'os-auth-strategy': textFlag('NAME', 'Old word for it: keystone or noauth', {char: 'S'}),
  'os-identity-api-version': textFlag('2|3', 'Version of the Identity API'),
  'os-username': textFlag('NAME', 'User', {char: 'I'}),
  'os-user-id': textFlag('ID', 'User, by id'),
  'os-user-domain-name': textFlag('NAME', 'Domain of the user'),
  'os-user-domain-id': textFlag('ID', 'Domain of the user, by id'),
  'os-password': textFlag(
    'PASSWORD',
    'Password; better in OS_PASSWORD or secure.yaml, where no list of processes shows it',
    {char: 'K'},
  ),
  'os-application-credential-id': textFlag('ID', 'Application credential'),
  'os-application-credential-name': textFlag('NAME', 'Application credential, by name'),
  'os-application-credential-secret': textFlag(
    'SECRET',
    'Its secret; better in the variable or in secure.yaml',
  ),
  'os-project-name': textFlag('NAME', 'Project to work in', {char: 'T', aliases: ['os-tenant-name']}),
  'os-project-id': textFlag('ID', 'Project to work in, by id', {aliases: ['os-tenant-id']}),
  'os-project-domain-name': textFlag('NAME', 'Domain of the project'),
  'os-project-domain-id': textFlag('ID', 'Domain of the project, by id'),
  'os-domain-name': textFlag('NAME', 'Domain to work in'),
  'os-domain-id': textFlag('ID', 'Domain to work in, by id'),
  'os-default-domain': textFlag('ID', 'Domain of user and project when none is given'),
  'os-system-scope': textFlag('all', 'Work on the whole system'),
  'os-trust-id': textFlag('ID', 'Trust to work under'),
  'os-service-type': textFlag('TYPE', 'Type of the service in the catalog of the cloud'),
  'os-endpoint': textFlag('URL', 'Address of the Image service, for logins without a catalog'),
  'os-cacert': textFlag('FILE', 'Authorities that the certificates of servers are checked against'),
  'os-cert': textFlag('FILE', 'Certificate to show to servers'),
  'os-key': textFlag('FILE', 'Key of that certificate'),
  'no-token-cache': Flags.boolean({
    description: 'Keep no token for the next command, and use none that was kept',
  }),
}

/** What every command that talks to a service has. */
export const commonFlags = {...connectionFlags, ...identityFlags}

/** Flags of whatever may ask before it goes on. */
export const forceFlags = {
  force: Flags.boolean({char: 'f', description: 'Go on without asking'}),
}

/** Flags of whatever changes the service. */
export const changeFlags = {
  'dry-run': Flags.boolean({description: 'Only print what would happen'}),
}

/** Flags of lists. */
export const listFlags = {
  limit: numberFlag({
    helpValue: 'N',
    description: 'Images in a page',
    defaultHelp: async () => '10 on a terminal',
    ...wholeNumber('limit', 1),
  }),
  marker: Flags.string({helpValue: 'ID', description: 'Begin behind this image: the last one you have seen'}),
  'sort-key': Flags.string({
    helpValue: 'KEY',
    description: 'Sort by this attribute',
    options: ['name', 'status', 'container_format', 'disk_format', 'size', 'id', 'created_at', 'updated_at'],
  }),
  'sort-dir': Flags.option({description: 'Sort in this direction', options: ['asc', 'desc'] as const})(),
  'max-items': numberFlag({
    helpValue: 'N',
    description: 'End the list after so many images',
    ...wholeNumber('max-items', 1),
  }),
}

/** Flags of `clear`. */
export const clearFlags = {
  'all-projects': Flags.boolean({
    description: 'Also images of other projects, as far as you may delete them; asks twice',
  }),
}

/** Flags of sharing. */
export const shareFlags = {
  'can-share': Flags.boolean({description: 'Let the member share the image further (API v1 only)'}),
}

export const purgeFlags = {
  'purge-props': Flags.boolean({description: 'Remove the custom properties that are not named'}),
}

/** Flags of the embedded service. */
export const serveFlags = {
  'data-dir': Flags.string({
    helpValue: 'DIR',
    description: 'Where images and their registry are kept',
    defaultHelp: async () => '$XDG_DATA_HOME/glance',
  }),
  auth: Flags.option({
    description: 'Who is believed: nobody is asked, or every caller who says X-Auth-Token: user:project:role',
    options: ['none', 'fake'] as const,
  })(),
  'check-content': Flags.boolean({description: 'Refuse data that is not what its disk_format says (v2)'}),
  'show-locations': Flags.boolean({description: 'Tell where data lies, and let it be set (v2)'}),
  'fetch-from-anywhere': Flags.boolean({
    description: 'Let URLs given by callers lead to this machine, private networks and any port',
  }),
}

/** All groups, for what must know every flag: argv, help, and the hint where a flag belongs. */
export const ALL_FLAGS = {
  ...commonFlags,
  ...forceFlags,
  ...changeFlags,
  ...listFlags,
  ...clearFlags,
  ...shareFlags,
  ...addFlags,
  ...uploadFlags,
  ...progressFlags,
  ...downloadFlags,
  ...keepFailedFlags,
  ...verifyFlags,
  ...purgeFlags,
  ...serveFlags,
}
