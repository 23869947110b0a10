/** Describes a login in messages: the user, and the settings to check when it is rejected. Without secrets. */

import type {ProviderDescription} from '../oidc/oidc-client.js'
import {SCOPE_NAMES, type SettingName, type SettingValues, settingRow, toSnakeCase} from '../setting-table.js'
import type {Settings} from '../settings/settings.js'
import type {AuthMethod, Credentials, DomainRef, EntityRef, Scope} from './credentials.js'

/** Texts for the messages of a failed login. */
export interface LoginDescription {
  /** `user 'alpha' of domain 'Default'`. */
  readonly subject: string
  /** Names every value that may be wrong, and where it comes from. */
  readonly hint: string
  /** Origin of the address of the Identity service. */
  readonly authUrlFrom: string
  readonly method: AuthMethod['kind']
  /** Masked in the server's messages. */
  readonly secrets: readonly string[]
}

/** Settings that may be wrong, most likely first. */
const SETTINGS_TO_CHECK: Readonly<Record<AuthMethod['kind'], readonly SettingName[]>> = {
  password: ['username', 'userId', 'password', 'userDomainName', 'userDomainId'],
  totp: ['username', 'userId', 'passcode', 'userDomainName', 'userDomainId'],
  token: ['token'],
  oidc_device: [
    'clientId',
    'clientSecret',
    'openidScope',
    'discoveryEndpoint',
    'deviceAuthorizationEndpoint',
    'accessTokenEndpoint',
  ],
  oidc_token: ['identityProvider', 'protocol', 'accessToken'],
  application_credential: [
    'applicationCredentialId',
    'applicationCredentialName',
    'applicationCredentialSecret',
    'username',
    'userDomainName',
    'userDomainId',
  ],
}

/**
 * Describes a login.
 * @param credentials with the password, also one that was typed and is not in the settings
 */
export function describeLogin(
  {values}: Settings,
  {method, scope}: Credentials<AuthMethod>,
): LoginDescription {
  const names = [...SETTINGS_TO_CHECK[method.kind], ...SCOPE_NAMES]
  const typed = {value: '', from: 'as typed'}
  const {password = typed, passcode = typed} = values
  return {
    subject: `${describeMethod(method)}${describeScope(scope)}`,
    hint: `Check ${groupByOrigin(names, {...values, password, passcode}).join('; ')}.`,
    authUrlFrom: values.authUrl?.from ?? 'default',
    method: method.kind,
    secrets: collectSecrets(method),
  }
}

/** Describes the provider of a login that a person confirms there. */
export function describeProvider({values}: Settings): ProviderDescription {
  return {
    name: values.identityProvider?.value ?? '',
    hint: `Check ${groupByOrigin(SETTINGS_TO_CHECK.oidc_device, values).join('; ')}.`,
    secrets: values.clientSecret ? [values.clientSecret.value] : [],
  }
}

/** `username 'u', password (OS_CLOUD)`: each origin once, however many values come from it. */
function groupByOrigin(names: readonly SettingName[], values: SettingValues): readonly string[] {
  const origins = new Map<string, string[]>()
  for (const name of names) {
    const setting = values[name]
    if (!setting) continue
    const text = settingRow(name).secret ? toSnakeCase(name) : `${toSnakeCase(name)} '${setting.value}'`
    origins.set(setting.from, [...(origins.get(setting.from) ?? []), text])
  }
  return [...origins].map(([from, texts]) => `${texts.join(', ')} (${from})`)
}

function describeMethod(method: AuthMethod): string {
  if (method.kind === 'token') return 'the token'
  if ('federation' in method) return `the login of identity provider '${method.federation.identityProvider}'`
  if (method.kind === 'password' || method.kind === 'totp') return `user ${quoteRef(method.user)}`
  return `application credential '${'id' in method ? method.id : method.name}'`
}

function describeScope(scope: Scope): string {
  switch (scope.kind) {
    case 'project':
      return ` for project ${quoteRef(scope.project)}`
    case 'domain':
      return ` for domain ${quoteRef(scope.domain)}`
    case 'system':
      return ' for the whole system'
    case 'trust':
      return ` for trust '${scope.id}'`
    default:
      return ''
  }
}

function quoteRef(ref: EntityRef | DomainRef): string {
  return `'${'id' in ref ? ref.id : ref.name}'`
}

function collectSecrets(method: AuthMethod): readonly string[] {
  if (method.kind === 'token') return [method.token]
  if (method.kind === 'totp') return method.passcode ? [method.passcode] : []
  if (method.kind === 'oidc_token') return [method.accessToken]
  if (method.kind === 'oidc_device') return []
  const secret = method.kind === 'password' ? method.password : method.secret
  return secret ? [secret] : []
}
