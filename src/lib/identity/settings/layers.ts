/** Reads layers of settings from flags, the environment and a cloud, and merges them. */
import {type CloudValues, toText} from '../clouds/cloud-values.js'
import {
  SETTING_NAMES,
  type Setting,
  type SettingName,
  type SettingValues,
  settingRow,
} from '../setting-table.js'

/** Value of a flag: text, a switch, or text with another origin. */
export type FlagValue = string | boolean | Setting | undefined

/** Values by flag name without dashes. Flags that are not in SETTINGS are ignored. */
export type FlagValues = Readonly<Record<string, unknown>>

/** Environment variables. */
export type SettingVariables = Readonly<Record<string, string | undefined>>

type SettingLookup = (name: SettingName) => Setting | undefined

function buildLayer(lookUp: SettingLookup): SettingValues {
  const found = SETTING_NAMES.flatMap(name => {
    const setting = lookUp(name)
    return setting && setting.value !== '' ? [[name, setting] as const] : []
  })
  return Object.fromEntries(found)
}

/** Reads the settings that flags give. */
export function layerFromFlags(flags: FlagValues): SettingValues {
  return buildLayer(name => {
    const {flag} = settingRow(name)
    const value = flag === undefined ? undefined : (flags[flag] as FlagValue)
    if (value === undefined || value === false) return undefined
    return typeof value === 'object' ? value : {value: String(value), from: `--${flag}`}
  })
}

/**
 * Reads the settings that environment variables give.
 * @param isIncluded selects the settings to read; by default all
 */
export function layerFromEnv(
  env: SettingVariables,
  isIncluded: (name: SettingName) => boolean = () => true,
): SettingValues {
  return buildLayer(name => {
    const variable = isIncluded(name) ? settingRow(name).env?.find(each => env[each]) : undefined
    return variable === undefined ? undefined : {value: env[variable] ?? '', from: variable}
  })
}

/**
 * The variables without those that name a cloud or give a setting: the settings of one service must not reach another.
 * @param kept settings whose variables remain
 */
export function omitSettingVariables(env: SettingVariables, kept: readonly SettingName[]): SettingVariables {
  const names = SETTING_NAMES.filter(name => !kept.includes(name))
  const variables = ['OS_CLOUD', ...names.flatMap(name => settingRow(name).env ?? [])]
  return Object.fromEntries(Object.entries(env).filter(([name]) => !variables.includes(name)))
}

/** Reads the settings that the values of a cloud give. */
export function layerFromCloud(values: CloudValues): SettingValues {
  return buildLayer(name => {
    const {auth = [], topLevel = []} = settingRow(name)
    const keys = [...auth.map(key => `auth.${key}`), ...auth, ...topLevel]
    const found = keys.map(key => values.get(key)).find(each => toText(each?.value) !== undefined)
    return found && {value: toText(found.value) ?? '', from: found.from}
  })
}

/** Alternatives: a layer with one of them displaces the other in the layers below. */
const ALTERNATIVES: readonly (readonly SettingName[])[] = [
  ['username', 'userId'],
  ['userDomainName', 'userDomainId'],
  ['projectName', 'projectId'],
  ['projectDomainName', 'projectDomainId'],
  ['domainName', 'domainId'],
  ['applicationCredentialName', 'applicationCredentialId'],
]

const APPLICATION_CREDENTIAL: readonly SettingName[] = [
  'applicationCredentialId',
  'applicationCredentialName',
  'applicationCredentialSecret',
]
const PROJECT_SETTINGS: readonly SettingName[] = ['projectName', 'projectId']
const DOMAIN_SETTINGS: readonly SettingName[] = ['domainName', 'domainId']
const SCOPE_SETTINGS: readonly SettingName[] = [
  ...PROJECT_SETTINGS,
  ...DOMAIN_SETTINGS,
  'systemScope',
  'trustId',
  'unscoped',
]

/** Merges layers, most important first. */
export function mergeLayers(...layers: readonly SettingValues[]): SettingValues {
  return layers.reduceRight(
    (below, above) => ({...omitSettings(below, findDisplaced(below, above)), ...above}),
    {},
  )
}

function findDisplaced(below: SettingValues, above: SettingValues): readonly SettingName[] {
  const alternatives = ALTERNATIVES.filter(names => names.some(name => above[name])).flat()
  const scope = SCOPE_SETTINGS.some(name => above[name])
    ? SCOPE_SETTINGS.filter(name => !isSharedDomain(name, above))
    : []
  return [...alternatives, ...scope, ...findDisplacedCredentials(below, above)]
}

/**
 * A token or a user displaces the application credential of the layers below, unless the user completes it: below, it
 * has a name without a user, or the same layer gives part of it.
 */
function findDisplacedCredentials(below: SettingValues, above: SettingValues): readonly SettingName[] {
  if (above.authType || APPLICATION_CREDENTIAL.some(name => above[name])) return []
  const type = below.authType?.value ?? ''
  if (above.token) return [...APPLICATION_CREDENTIAL, ...(/token/i.test(type) ? [] : (['authType'] as const))]
  const isComplete = below.applicationCredentialId ?? below.username ?? below.userId
  if (!(above.username ?? above.userId) || !isComplete) return []
  return [...APPLICATION_CREDENTIAL, ...(/application/i.test(type) ? (['authType'] as const) : [])]
}

/** A project displaces every other scope except a domain, which may be that of both user and project. */
function isSharedDomain(name: SettingName, above: SettingValues): boolean {
  return DOMAIN_SETTINGS.includes(name) && PROJECT_SETTINGS.some(each => above[each])
}

function omitSettings(values: SettingValues, names: readonly SettingName[]): SettingValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name as SettingName)))
}
