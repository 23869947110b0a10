/** Every flag of the tool once, in groups: its spelling, its meaning, its default. */
import * as Flags from '@oclif/core/flags'
import {usageError} from '../model/errors.js'

/** A number that must be at least `min`; anything else is refused by name. */
const count = (name: string, min: number) => ({
  parse: async (text: string): Promise<number> => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= min && Number.isSafeInteger(number)) return number
    throw usageError(`--${name} takes a whole number of at least ${min}, not '${text}'`)
  },
})
const numberFlag = Flags.custom<number>()

/** Which service, and as whom. */
export const connection = {
  verbose: Flags.boolean({char: 'v', description: 'Print more: metadata, and the time it took'}),
  debug: Flags.boolean({
    char: 'd',
    description: 'Print the exchange with the service, without secrets, and where errors come from',
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
    parse: async text => {
      const port = await count('port', 0).parse(text)
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
  'os-auth-token': Flags.string({
    char: 'A',
    aliases: ['auth-token'],
    helpValue: 'TOKEN',
    description: 'Token that says who you are; also OS_AUTH_TOKEN and OS_TOKEN',
  }),
  timeout: numberFlag({
    helpValue: 'SECONDS',
    description: 'Give up when nothing arrives for so many seconds',
    ...count('timeout', 1),
  }),
}

/** Flags of whatever may ask before it goes on. */
export const force = {
  force: Flags.boolean({char: 'f', description: 'Go on without asking'}),
}

/** Flags of whatever changes the service. */
export const changing = {
  'dry-run': Flags.boolean({description: 'Only print what would happen'}),
}

/** Flags of lists. */
export const listing = {
  limit: numberFlag({
    helpValue: 'N',
    description: 'Images in a page',
    defaultHelp: async () => '10 on a terminal',
    ...count('limit', 1),
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
    ...count('max-items', 1),
  }),
}

/** Flags of sharing. */
export const sharing = {
  'can-share': Flags.boolean({description: 'Let the member share the image further'}),
}

/** Flags of whatever uploads. */
export const uploading = {
  'silent-upload': Flags.boolean({description: 'Show no progress of the upload'}),
}

export const purging = {
  'purge-props': Flags.boolean({description: 'Remove the custom properties that are not named'}),
}

/** Flags of the embedded service. */
export const serving = {
  'data-dir': Flags.string({
    helpValue: 'DIR',
    description: 'Where images and their registry are kept',
    defaultHelp: async () => '$XDG_DATA_HOME/glance',
  }),
}

/** All groups, for what must know every flag: argv, help, and the hint where a flag belongs. */
export const ALL_FLAGS = {
  ...connection,
  ...force,
  ...changing,
  ...listing,
  ...sharing,
  ...uploading,
  ...purging,
  ...serving,
}
