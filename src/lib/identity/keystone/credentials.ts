/** Credentials for Keystone: method, user and scope. */
import {type Failure, usageError} from '../../model/errors.js'
import type {SettingName, SettingValues} from '../setting-table.js'
import type {AuthType} from '../settings/auth-type.js'
import {parseBooleanSetting} from '../settings/parse.js'
import type {Settings} from '../settings/settings.js'
import {missingSettingError} from './missing-setting.js'
import {isOidcAuthType, type OidcMethod, oidcMethodFrom} from './oidc-method.js'

/** A domain by id or by name. */
export type DomainRef = {readonly id: string} | {readonly name: string}

/** A user or project by id, or by name within a domain. */
export type EntityRef = {readonly id: string} | {readonly name: string; readonly domain?: DomainRef}

/** Proof of identity. */
export type AuthMethod =
  /** An undefined password has to be asked for. */
  | {readonly kind: 'password'; readonly user: EntityRef; readonly password: string | undefined}
  /** A passcode of an authenticator (TOTP), which counts once; an undefined one has to be asked for. */
  | {readonly kind: 'totp'; readonly user: EntityRef; readonly passcode: string | undefined}
  | {readonly kind: 'token'; readonly token: string}
  | OidcMethod
  | {readonly kind: 'application_credential'; readonly id: string; readonly secret: string}
  | {
      readonly kind: 'application_credential'
      readonly name: string
      readonly user: EntityRef
      readonly secret: string
    }

/** Scope of the token; `default` leaves it to Keystone: the user's default project, if there is one. */
export type Scope =
  | {readonly kind: 'project'; readonly project: EntityRef}
  | {readonly kind: 'domain'; readonly domain: DomainRef}
  | {readonly kind: 'system'}
  | {readonly kind: 'trust'; readonly id: string}
  | {readonly kind: 'unscoped'}
  | {readonly kind: 'default'}

/** A method that Keystone checks itself. */
export type KeystoneMethod = Exclude<AuthMethod, OidcMethod>

/** Everything a login sends. */
export interface Credentials<Method extends AuthMethod = KeystoneMethod> {
  readonly authUrl: string
  /** Of the Identity API. */
  readonly version: 2 | 3
  readonly method: Method
  readonly scope: Scope
}

/**
 * Builds the credentials from the settings.
 * @throws Failure of kind usage that names missing or conflicting settings
 */
export function credentialsFrom({authType, values, cloud}: Settings): Credentials<AuthMethod> {
  const authUrl = values.authUrl?.value
  if (authUrl === undefined)
    throw missingSettingError('authUrl', 'the address of the Identity service', cloud?.value)
  if (!URL.canParse(authUrl) || !/^https?:/.test(authUrl)) throw badAuthUrlError(values)
  return {
    authUrl,
    version: authType.value.startsWith('v2') ? 2 : 3,
    method: authMethodFrom(authType.value, values, cloud?.value),
    scope: scopeFrom(values),
  }
}

function badAuthUrlError({authUrl}: SettingValues): Failure {
  return usageError('the address of the Identity service is not an http or https URL', {
    why: `it comes from ${authUrl?.from}`,
    advice: 'Write it like https://identity.example.com:5000/v3.',
  })
}

function authMethodFrom(authType: AuthType, values: SettingValues, cloud: string | undefined): AuthMethod {
  const {token, applicationCredentialId, applicationCredentialName, applicationCredentialSecret} = values
  if (authType === 'v2token' || authType === 'v3token') {
    if (!token) throw missingSettingError('token', 'a token', cloud)
    return {kind: 'token', token: token.value}
  }
  if (isOidcAuthType(authType)) return oidcMethodFrom(authType, values, cloud)
  if (authType === 'v3totp')
    return {kind: 'totp', user: requireUser(values, cloud), passcode: values.passcode?.value}
  if (authType !== 'v3applicationcredential') {
    return {kind: 'password', user: requireUser(values, cloud), password: values.password?.value}
  }
  const secret = applicationCredentialSecret?.value
  if (!secret)
    throw missingSettingError(
      'applicationCredentialSecret',
      'the secret of the application credential',
      cloud,
    )
  const kind = 'application_credential'
  if (applicationCredentialId) return {kind, id: applicationCredentialId.value, secret}
  if (!applicationCredentialName)
    throw missingSettingError('applicationCredentialId', 'an application credential', cloud)
  return {kind, name: applicationCredentialName.value, user: requireUser(values, cloud), secret}
}

function requireUser(values: SettingValues, cloud: string | undefined): EntityRef {
  const user = entityRefFrom(values, 'user')
  if (user) return user
  throw missingSettingError('username', 'a user name', cloud)
}

const REF_SETTINGS = {
  user: {id: 'userId', name: 'username', domainId: 'userDomainId', domainName: 'userDomainName'},
  project: {
    id: 'projectId',
    name: 'projectName',
    domainId: 'projectDomainId',
    domainName: 'projectDomainName',
  },
} as const satisfies Record<string, Record<string, SettingName>>

function entityRefFrom(values: SettingValues, what: 'user' | 'project'): EntityRef | undefined {
  const names = REF_SETTINGS[what]
  const id = values[names.id]?.value
  const name = values[names.name]?.value
  if (id) return {id}
  if (!name) return undefined
  const domain = toDomainRef(values[names.domainId]?.value, values[names.domainName]?.value)
  return domain ? {name, domain} : {name}
}

function toDomainRef(id: string | undefined, name: string | undefined): DomainRef | undefined {
  if (id) return {id}
  return name ? {name} : undefined
}

function scopeFrom(values: SettingValues): Scope {
  const {systemScope, trustId, unscoped} = values
  const project = entityRefFrom(values, 'project')
  const domain = toDomainRef(values.domainId?.value, values.domainName?.value)
  const scopes: Scope[] = [
    ...(project ? [{kind: 'project', project} as const] : []),
    ...(domain ? [{kind: 'domain', domain} as const] : []),
    ...(systemScope ? [parseSystemScope(systemScope.value)] : []),
    ...(trustId ? [{kind: 'trust', id: trustId.value} as const] : []),
    ...(unscoped && parseBooleanSetting(unscoped).value ? [{kind: 'unscoped'} as const] : []),
  ]
  if (scopes.length > 1) throw tooManyScopesError(scopes, values)
  return scopes[0] ?? {kind: 'default'}
}

function parseSystemScope(value: string): Scope {
  if (value === 'all') return {kind: 'system'}
  throw usageError(`invalid system scope '${value}': expected all`)
}

const SCOPE_SETTINGS: readonly SettingName[] = [
  'projectName',
  'projectId',
  'domainName',
  'domainId',
  'systemScope',
  'trustId',
  'unscoped',
]

function tooManyScopesError(scopes: readonly Scope[], values: SettingValues): Failure {
  const origins = SCOPE_SETTINGS.flatMap(name => values[name]?.from ?? [])
  return usageError('a token can have only one scope', {
    why: `requested: ${scopes.map(({kind}) => kind).join(' and ')} (${[...new Set(origins)].join(', ')})`,
    advice: 'Leave out all but one of project, domain, system and trust.',
  })
}
