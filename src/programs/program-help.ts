/** The help and the version of `glance-api` and `glance-registry`, made from the settings. */
import {readVersion} from '../lib/cli/version.js'
import {SETTING_GROUPS, type SettingGroup} from '../server/settings/all-settings.js'
import {toFlag} from '../server/settings/places.js'
import type {SettingTable} from '../server/settings/setting.js'
import {formatDefault} from '../server/settings/sources.js'
import {REGISTRY_SERVICE, SERVICE} from '../server/settings/tables/service.js'

/** Which server a program runs. */
export type ProgramKind = 'api' | 'registry'

/** The settings of a program. */
export function listSettings(kind: ProgramKind): SettingTable {
  return Object.assign({}, ...listGroups(kind).map(({settings}) => settings))
}

/** The groups of settings of a program. */
export function listGroups(kind: ProgramKind): readonly SettingGroup[] {
  if (kind === 'api') return SETTING_GROUPS
  const groups = SETTING_GROUPS.filter(({isForRegistry}) => isForRegistry)
  return groups.map(group => (group.settings === SERVICE ? {...group, settings: REGISTRY_SERVICE} : group))
}

const SERVERS: Readonly<Record<ProgramKind, string>> = {api: 'image service', registry: 'registry server'}

/** The line with the version. */
export function programVersion(name: string): string {
  return `${name} ${readVersion()}\n`
}

/** The help of a program, with all settings. */
export function programHelp(kind: ProgramKind): string {
  const name = `glance-${kind}`
  const groups = listGroups(kind).map(
    ({title, settings}) => `${title}:\n${Object.keys(settings).map(formatSetting(settings)).join('')}`,
  )
  return `Usage: ${name} [FILE] [options]

Run the ${SERVERS[kind]} with the settings in FILE until it is interrupted.
Without FILE and --config-file, ${name}.conf is searched in the current
folder, ~/.glance, ~, /etc/glance and /etc.

Options:
      --config-file FILE
          Read settings from FILE
      --set NAME=VALUE
          Set a setting; SECTION.NAME=VALUE one of a store; may be repeated
      --pid-file FILE
          Write the process id to FILE while the service is ready
      --show-config
          Print all settings and where they are given
  -h, --help
          Show this help
      --version
          Show the version

Each setting may be given by its flag, in a variable (GLANCE_BIND_HOST for
--bind-host), or in FILE (bind_host); the first of these counts. Secrets are
refused on the command line.

${groups.join('\n')}`
}

function formatSetting(settings: SettingTable): (name: string) => string {
  return name => {
    const {help = '', default: value, isSecret, isSwitch} = settings[name] ?? {}
    const text = formatDefault(value)
    const usage = isSecret === true ? `${name} (not a flag)` : `${toFlag(name)}${isSwitch ? '' : ' VALUE'}`
    return `      ${usage}\n          ${help}${text && ` [default: ${text}]`}\n`
  }
}
