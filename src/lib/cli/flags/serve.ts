/** Flags of `serve`. */
import * as Flags from '@oclif/core/flags'
import {resolvePath} from '../../io/paths.js'
import {usageError} from '../../model/errors.js'
import {connectionFlags} from './connection.js'
import {flagGroup, withDescription} from './group.js'

export const serveGroup = flagGroup({
  flags: {
    verbose: withDescription(connectionFlags.verbose, 'Log requests also on a terminal'),
    debug: withDescription(
      connectionFlags.debug,
      'Log the settings, and the steps of the registry and the stores too',
    ),
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
      description: 'Read settings from FILE',
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
  read: (parsed, {io}) => {
    const toPath = (path: string | undefined) => path && resolvePath(path, io)
    return {
      configFile: toPath(parsed['config-file']),
      set: parsed.set,
      pid: io.pid,
      flags: {
        bind_host: giveText('--host', parsed.host),
        bind_port: giveText('--port', parsed.port),
        data_dir: giveText('--data-dir', toPath(parsed['data-dir'])),
        auth: giveText('--auth', parsed.auth),
        auth_url: giveText('--keystone-url', parsed['keystone-url']),
        sql_connection: giveText('--registry', parsed.registry),
        check_content: giveText('--check-content', parsed['check-content']),
        show_multiple_locations: giveText('--show-locations', parsed['show-locations']),
        fetch_from_anywhere: giveText('--fetch-from-anywhere', parsed['fetch-from-anywhere']),
        log_file: giveText('--log-file', toPath(parsed['log-file'])),
        verbose: giveText('--verbose', parsed.verbose),
        debug: giveText('--debug', parsed.debug),
      },
    }
  },
})

/** The value of a flag for the setting that it stands for; undefined if it was not given. */
function giveText(from: string, value: string | number | boolean | undefined) {
  return value === undefined || value === false ? undefined : {text: String(value), from}
}
