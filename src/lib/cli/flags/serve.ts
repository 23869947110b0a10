/** Flags of `serve`. */
import * as Flags from '@oclif/core/flags'
import {resolvePath} from '../../io/paths.js'
import {usageError} from '../../model/errors.js'
import {connectionFlags} from './connection.js'
import {flagGroup, withDescription} from './group.js'

export const serveGroup = flagGroup({
  flags: {
    verbose: withDescription(connectionFlags.verbose, 'Log the settings, and requests also on a terminal'),
    debug: withDescription(connectionFlags.debug, 'Log the steps of the registry and the stores too'),
    host: connectionFlags.host,
    port: connectionFlags.port,
    'data-dir': Flags.string({
      helpValue: 'DIR',
      description: 'Folder for the images and their registry',
      defaultHelp: async () => '$XDG_DATA_HOME/glance',
    }),
    auth: Flags.option({
      description:
        'Authentication: none, keystone, or fake (trusts any X-Auth-Token of the form user:project:role)',
      options: ['none', 'fake', 'keystone'] as const,
    })(),
    'keystone-url': Flags.string({
      helpValue: 'URL',
      description: 'Keystone that validates tokens, for --auth keystone',
    }),
    registry: Flags.string({
      helpValue: 'URL',
      description: 'Registry: sqlite:FILE or postgres://USER@HOST/DATABASE',
      defaultHelp: async () => 'SQLite in the data folder',
    }),
    'config-file': Flags.string({
      helpValue: 'FILE',
      description: 'Read settings of stores, quotas and logins from FILE',
    }),
    set: Flags.string({
      helpValue: 'NAME=VALUE',
      description: 'Set a setting of the configuration file; may be repeated',
      multiple: true,
    }),
    'check-content': Flags.boolean({
      description: 'Refuse data that does not match its disk_format, or that names other files',
    }),
    'show-locations': Flags.boolean({
      description: 'Expose image locations, and let clients of v2 change them',
    }),
    'fetch-from-anywhere': Flags.boolean({
      description: "Allow callers' URLs to reach this machine, private networks and any port",
    }),
    'log-file': Flags.string({
      helpValue: 'FILE',
      description: 'Append the log to FILE',
      defaultHelp: async () => 'standard error',
      parse: async path => {
        if (path !== '-') return path
        throw usageError("invalid --log-file '-': expected the path of a file")
      },
    }),
  },
  read: (parsed, {io}) => ({
    host: parsed.host,
    port: parsed.port,
    dataDir: parsed['data-dir'] && resolvePath(parsed['data-dir'], io),
    auth: parsed.auth,
    keystoneUrl: parsed['keystone-url'],
    registry: parsed.registry,
    configFile: parsed['config-file'] && resolvePath(parsed['config-file'], io),
    set: parsed.set,
    checkContent: parsed['check-content'],
    showLocations: parsed['show-locations'],
    fetchFromAnywhere: parsed['fetch-from-anywhere'],
    pid: io.pid,
    logFile: parsed['log-file'] && resolvePath(parsed['log-file'], io),
    verbose: parsed.verbose,
    debug: parsed.debug,
  }),
})
