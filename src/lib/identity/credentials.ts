/** What is shown to Keystone: by which method, for which user, and for which scope. */
import {type Failure, usageError} from '../model/errors.js'
import type {AuthType} from './auth-type.js'
import {rowOf, type SettingName, type Values, wordOf} from './setting-table.js'
import type {Settings} from './settings.js'
import {booleanOf} from './typed.js'

/** A domain by id or by name. */
export type Domain = {readonly id: string} | {readonly name: string}

/** A user or project by id, or by name within a domain. */
export type Owned = {readonly id: string} | {readonly name: string; readonly domain?: Domain}

export type Method =
  /** Without a password one has to be asked for. */
  | {readonly kind: 'password'; readonly user: Owned; readonly password: string | undefined}
  | {readonly kind: 'token'; readonly token: string}
  | {readonly kind: 'application_credential'; readonly id: string; readonly secret: string}
  | {
      readonly kind: 'application_credential'
      readonly name: string
      readonly user: Owned
      readonly secret: string
    }

/** What the token is to be good for; `usual` leaves it to Keystone: the user's default project, if there is one. */
export type Scope =
  | {readonly kind: 'project'; readonly project: Owned}
  | {readonly kind: 'domain'; readonly domain: Domain}
  | {readonly kind: 'system'}
  | {readonly kind: 'trust'; readonly id: string}
  | {readonly kind: 'unscoped'}
  | {readonly kind: 'usual'}

export interface Credentials {
  readonly authUrl: string
  /** Of the Identity API. */
  readonly version: 2 | 3
  readonly method: Method
  readonly scope: Scope
}

/** @throws Failure of kind usage that names what is missing or too much */
export function credentialsOf({authType, values, cloud}: Settings): Credentials {
  const authUrl = values.authUrl?.value
  if (authUrl === undefined) throw missing('authUrl', 'the address of the Identity service', cloud?.value)
  if (!URL.canParse(authUrl) || !/^https?:/.test(authUrl)) throw badUrl(values)
  return {
    authUrl,
    version: authType.value.startsWith('v2') ? 2 : 3,
    method: methodOf(authType.value, values, cloud?.value),
    scope: scopeOf(values),
  }
}

function badUrl({authUrl}: Values): Failure {
  return usageError('the address of the Identity service is no http or https URL', {
    why: `it comes from ${authUrl?.from}`,
    advice: 'Write it like https://identity.example.com:5000/v3.',
  })
}

function methodOf(authType: AuthType, values: Values, cloud: string | undefined): Method {
  const {token, applicationCredentialId, applicationCredentialName, applicationCredentialSecret} = values
  if (authType === 'v2token' || authType === 'v3token') {
    if (!token) throw missing('token', 'a token', cloud)
    return {kind: 'token', token: token.value}
  }
  if (authType !== 'v3applicationcredential') {
    return {kind: 'password', user: userOf(values, cloud), password: values.password?.value}
  }
  const secret = applicationCredentialSecret?.value
  if (!secret) throw missing('applicationCredentialSecret', 'the secret of the application credential', cloud)
  const kind = 'application_credential'
  if (applicationCredentialId) return {kind, id: applicationCredentialId.value, secret}
  if (!applicationCredentialName) throw missing('applicationCredentialId', 'an application credential', cloud)
  return {kind, name: applicationCredentialName.value, user: userOf(values, cloud), secret}
}

function userOf(values: Values, cloud: string | undefined): Owned {
  const user = owned(values, 'user')
  if (user) return user
  throw missing('username', 'a user name', cloud)
}

const NAMES = {
  user: {id: 'userId', name: 'username', domainId: 'userDomainId', domainName: 'userDomainName'},
  project: {
    id: 'projectId',
    name: 'projectName',
    domainId: 'projectDomainId',
    domainName: 'projectDomainName',
  },
} as const satisfies Record<string, Record<string, SettingName>>

function owned(values: Values, what: 'user' | 'project'): Owned | undefined {
  const names = NAMES[what]
  const id = values[names.id]?.value
  const name = values[names.name]?.value
  if (id) return {id}
  if (!name) return undefined
  const domain = domainOf(values[names.domainId]?.value, values[names.domainName]?.value)
  return domain ? {name, domain} : {name}
}

function domainOf(id: string | undefined, name: string | undefined): Domain | undefined {
  if (id) return {id}
  return name ? {name} : undefined
}

function scopeOf(values: Values): Scope {
  const {systemScope, trustId, unscoped} = values
  const project = owned(values, 'project')
  const domain = domainOf(values.domainId?.value, values.domainName?.value)
  const scopes: Scope[] = [
    ...(project ? [{kind: 'project', project} as const] : []),
    ...(domain ? [{kind: 'domain', domain} as const] : []),
    ...(systemScope ? [system(systemScope.value)] : []),
    ...(trustId ? [{kind: 'trust', id: trustId.value} as const] : []),
    ...(unscoped && booleanOf(unscoped).value ? [{kind: 'unscoped'} as const] : []),
  ]
  if (scopes.length > 1) throw tooMany(scopes, values)
  return scopes[0] ?? {kind: 'usual'}
}

function system(value: string): Scope {
  if (value === 'all') return {kind: 'system'}
  throw usageError(`'${value}' is no system scope`, {advice: 'The only one is: all.'})
}

const SCOPES: readonly SettingName[] = [
  'projectName',
  'projectId',
  'domainName',
  'domainId',
  'systemScope',
  'trustId',
  'unscoped',
]

function tooMany(scopes: readonly Scope[], values: Values): Failure {
  const origins = SCOPES.flatMap(name => values[name]?.from ?? [])
  return usageError('a token can have one scope only', {
    why: `asked for: ${scopes.map(({kind}) => kind).join(' and ')} (${[...new Set(origins)].join(', ')})`,
    advice: 'Leave out all but one of project, domain, system and trust.',
  })
}

/** @param what with its article */
function missing(name: SettingName, what: string, cloud: string | undefined): Failure {
  const advice = howToSet([name], cloud)
  return usageError(`logging in takes ${what}`, {
    advice: cloud ? `${advice}.` : `${advice}, or name a cloud with OS_CLOUD.`,
  })
}

/** Beside a named cloud the variables of a login do not count. The sentence may go on. */
export function howToSet(names: readonly SettingName[], cloud: string | undefined): string {
  if (!cloud) return `Set ${names.map(name => rowOf(name).env?.[0]).join(' and ')}`
  const file = names.some(name => rowOf(name).secret) ? 'secure.yaml' : 'clouds.yaml'
  return `Write ${names.map(wordOf).join(' and ')} into the entry of cloud '${cloud}' in ${file}`
}
