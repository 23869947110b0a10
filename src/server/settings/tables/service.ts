/** Settings of the service itself: where it listens, who may call it, and its log. */
import {
  oneOf,
  reloaded,
  type Setting,
  type SettingTable,
  text,
  textWithDefault,
  whole,
  yesNo,
} from '../setting.js'

/** Where the service listens, and how it stops. */
export const SERVICE = {
  bind_host: textWithDefault('Name or address to listen on', '127.0.0.1'),
  bind_port: whole('Port to listen on; 0 chooses a free one', 9292, {max: 65_535}),
  data_dir: text('Folder for the registry, the data of images, and data that waits for its import'),
  graceful_shutdown_timeout: whole('Seconds for running requests to finish when the service stops', 30, {
    max: 86_400,
  }),
} satisfies SettingTable

/** How callers are authenticated. `fake` trusts what they say about themselves. */
const AUTH = oneOf('How callers are authenticated', ['none', 'fake', 'keystone'], 'none')

/** What callers may do with data and locations. */
export const API = {
  auth: {...AUTH, parse: parseAuth} satisfies Setting<string>,
  show_multiple_locations: yesNo('Expose locations of data, and let clients of API v2 change them', false),
  check_content: yesNo('Refuse data that does not match its disk_format, or that names other files', false),
  fetch_from_anywhere: yesNo(
    "Allow callers' URLs to reach this machine, private networks and any port",
    false,
  ),
} satisfies SettingTable

const DEBUG = yesNo('Log the settings, the statements of the registry and the calls of the stores too', false)

/** The log. Steps are logged from the start of a service, or never. */
export const LOGS = {
  ...reloaded({
    verbose: yesNo('Log requests also on a terminal', false),
    log_file: text('File to append the log to'),
    log_dir: text('Folder of log_file; without log_file, of a file with the name of the program'),
    log_date_format: textWithDefault('Form of times, with the directives of strftime', '%Y-%m-%d %H:%M:%S'),
    log_format: oneOf('Form of lines', ['text', 'json'], 'text'),
    log_config: text('File for the logging of Python, of which the level of [logger_root] is taken'),
  }),
  debug: DEBUG,
} satisfies SettingTable

/** A flavor of the original, for example `keystone+caching`, names what is between client and service, separated by +. */
function parseAuth(given: string): 'none' | 'fake' | 'keystone' | undefined {
  const parts = given === '' ? [] : given.toLowerCase().split('+')
  const others = parts.filter(part => part !== 'caching' && part !== 'cachemanagement')
  return others.length === 0 ? 'none' : others.length === 1 ? AUTH.parse(others[0] ?? '') : undefined
}
