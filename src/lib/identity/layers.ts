/** Settings from flags, from the environment and from a cloud, and how one layer displaces another. */
import {type CloudValues, textOf} from './cloud-values.js'
import {rowOf, SETTING_NAMES, type Setting, type SettingName, type Values} from './setting-table.js'

/** What a flag was given: text, a switch that is on or off, or text whose origin the caller knows better. */
export type FlagValue = string | boolean | Setting | undefined

/** By the names of the flags, without dashes. Others than those of SETTINGS are not looked at. */
export type Flags = Readonly<Record<string, unknown>>

export type Environment = Readonly<Record<string, string | undefined>>

type Pick = (name: SettingName) => Setting | undefined

function layer(pick: Pick): Values {
  const found = SETTING_NAMES.flatMap(name => {
    const setting = pick(name)
    return setting && setting.value !== '' ? [[name, setting] as const] : []
  })
  return Object.fromEntries(found)
}

export function flagLayer(flags: Flags): Values {
  return layer(name => {
    const {flag} = rowOf(name)
    const value = flag === undefined ? undefined : (flags[flag] as FlagValue)
    if (value === undefined || value === false) return undefined
    return typeof value === 'object' ? value : {value: String(value), from: `--${flag}`}
  })
}

/** @param wanted which settings are looked for */
export function envLayer(env: Environment, wanted: (name: SettingName) => boolean = () => true): Values {
  return layer(name => {
    const variable = wanted(name) ? rowOf(name).env?.find(each => env[each]) : undefined
    return variable === undefined ? undefined : {value: env[variable] ?? '', from: variable}
  })
}

export function cloudLayer(values: CloudValues): Values {
  return layer(name => {
    const {auth = [], top = []} = rowOf(name)
    const keys = [...auth.map(key => `auth.${key}`), ...auth, ...top]
    const found = keys.map(key => values.get(key)).find(each => textOf(each?.value) !== undefined)
    return found && {value: textOf(found.value) ?? '', from: found.from}
  })
}

/** Two ways to say one thing: a higher layer that says it in one way takes the other way out of the layers below. */
const SAME: readonly (readonly SettingName[])[] = [
  ['username', 'userId'],
  ['userDomainName', 'userDomainId'],
  ['projectName', 'projectId'],
  ['projectDomainName', 'projectDomainId'],
  ['domainName', 'domainId'],
  ['applicationCredentialName', 'applicationCredentialId'],
]

const CREDENTIAL: readonly SettingName[] = [
  'applicationCredentialId',
  'applicationCredentialName',
  'applicationCredentialSecret',
]
const PROJECT: readonly SettingName[] = ['projectName', 'projectId']
const DOMAIN: readonly SettingName[] = ['domainName', 'domainId']
const SCOPES: readonly SettingName[] = [...PROJECT, ...DOMAIN, 'systemScope', 'trustId', 'unscoped']

/** Lays settings over others, most important first. */
export function combined(...layers: readonly Values[]): Values {
  return layers.reduceRight((below, above) => ({...without(below, displaced(below, above)), ...above}), {})
}

function displaced(below: Values, above: Values): readonly SettingName[] {
  const said = SAME.filter(names => names.some(name => above[name])).flat()
  const scope = SCOPES.some(name => above[name]) ? SCOPES.filter(name => !isBeside(name, above)) : []
  return [...said, ...scope, ...otherWays(below, above)]
}

/**
 * Who says with a token or a user who he is does not want the application credential of the layers below. A user may
 * also complete one: a name without its user, or what the same layer says of it.
 */
function otherWays(below: Values, above: Values): readonly SettingName[] {
  if (above.authType || CREDENTIAL.some(name => above[name])) return []
  const type = below.authType?.value ?? ''
  if (above.token) return [...CREDENTIAL, ...(/token/i.test(type) ? [] : (['authType'] as const))]
  const isWhole = below.applicationCredentialId ?? below.username ?? below.userId
  if (!(above.username ?? above.userId) || !isWhole) return []
  return [...CREDENTIAL, ...(/application/i.test(type) ? (['authType'] as const) : [])]
}

/** A project displaces every other scope, but a domain that is written once for user and project stays. */
function isBeside(name: SettingName, above: Values): boolean {
  return DOMAIN.includes(name) && PROJECT.some(each => above[each])
}

function without(values: Values, names: readonly SettingName[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name as SettingName)))
}
