/** Finds settings that were given and have no effect, because they are misspelt or mean nothing here. */
import {didYouMean} from '../../lib/model/did-you-mean.js'
import {ALL_SETTINGS, SECTION_ALIASES} from './all-settings.js'
import {explainIgnoredSection, explainIgnoredSetting} from './ignored.js'
import {type Env, type FileValues, isKubernetesPort, toVariable} from './places.js'

/** Variables of the tool itself, and those that Kubernetes sets for a service of the name glance. */
const OTHER_VARIABLES =
  /^GLANCE_(?:CLIENT_\w+|COMPLETION_REFRESH|(?:\w+_)?(?:SERVICE_(?:HOST|PORT\w*)|PORT(?:_\d+_\w+)?))$/

const PORT_HINT = 'Give the port in a file or with --set, or set enableServiceLinks to false.'

/** A line for each setting in a file that has no effect. @param stores names of the stores, which have sections */
export function describeUnknownInFile(path: string, values: FileValues, stores: readonly string[]): string[] {
  const sections = [...Object.keys(SECTION_ALIASES), ...stores]
  return [...values].flatMap(([section, settings]) => {
    // Files of the original name sections of which all settings are commented out.
    if (settings.size === 0) return []
    if (sections.includes(section)) return describeNames(`${path}: `, section, [...settings.keys()])
    const reason = explainIgnoredSection(section)
    if (reason !== undefined) return [`${path}: section [${section}] is ignored: ${reason}`]
    return [`${path}: unknown section [${section}] is ignored.${didYouMean(section, sections)}`]
  })
}

function describeNames(prefix: string, section: string, names: readonly string[]): string[] {
  const known = [...Object.keys(SECTION_ALIASES[section] ?? {}), ...Object.keys(ALL_SETTINGS)]
  return names
    .filter(name => !known.includes(name))
    .map(name => {
      const reason = explainIgnoredSetting(name)
      return reason === undefined
        ? `${prefix}unknown setting ${name} in [${section}] is ignored.${didYouMean(name, known)}`
        : `${prefix}${name} in [${section}] is ignored: ${reason}`
    })
}

/** A line for each variable that looks like a setting and is none, or has the value of Kubernetes. */
export function describeUnknownVariables(env: Env, stores: readonly string[]): string[] {
  const known = ['DEFAULT', ...stores].flatMap(section =>
    Object.keys(ALL_SETTINGS).map(name => toVariable(section, name)),
  )
  const ports = known
    .filter(name => isKubernetesPort(name, env[name]))
    .map(
      name => `variable ${name} is ignored: Kubernetes sets it for a service, to ${env[name]}. ${PORT_HINT}`,
    )
  const unknown = Object.keys(env)
    .filter(name => name.startsWith('GLANCE_') && !OTHER_VARIABLES.test(name) && !known.includes(name))
    .map(name => `unknown variable ${name} is ignored.${didYouMean(name, known)}`)
  return [...ports, ...unknown]
}
