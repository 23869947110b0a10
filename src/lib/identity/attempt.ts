/** Describes a login to people: who, and what to check when it is refused. Without secrets. */
import type {Credentials, Domain, Method, Owned, Scope} from './credentials.js'
import {rowOf, SCOPE_NAMES, type SettingName, type Values, wordOf} from './setting-table.js'
import type {Settings} from './settings.js'

/** What the messages of a failed login are made of. */
export interface Attempt {
  /** `user 'alpha' of domain 'Default'`. */
  readonly who: string
  /** Names every value that may be wrong, and where it comes from. */
  readonly check: string
  /** Where the address of the Identity service comes from. */
  readonly urlFrom: string
  readonly method: Method['kind']
  /** Taken out of whatever the server says. */
  readonly secrets: readonly string[]
}

/** What may be wrong with a login, in the order in which it usually is. */
const SUSPECTS: Readonly<Record<Method['kind'], readonly SettingName[]>> = {
  password: ['username', 'userId', 'password', 'userDomainName', 'userDomainId'],
  token: ['token'],
  application_credential: [
    'applicationCredentialId',
    'applicationCredentialName',
    'applicationCredentialSecret',
    'username',
    'userDomainName',
    'userDomainId',
  ],
}

/** @param credentials with the password, also one that is not in the settings because somebody typed it */
export function attemptOf({values}: Settings, {method, scope}: Credentials): Attempt {
  const suspects = [...SUSPECTS[method.kind], ...SCOPE_NAMES]
  const password = values.password ?? {value: '', from: 'as typed'}
  return {
    who: `${whoOf(method)}${whereOf(scope)}`,
    check: `Check ${byOrigin(suspects, {...values, password}).join('; ')}.`,
    urlFrom: values.authUrl?.from ?? 'default',
    method: method.kind,
    secrets: secretsOf(method),
  }
}

/** `username 'u', password (OS_CLOUD)`: each origin once, however many values come from it. */
function byOrigin(names: readonly SettingName[], values: Values): readonly string[] {
  const origins = new Map<string, string[]>()
  for (const name of names) {
    const setting = values[name]
    if (!setting) continue
    const shown = rowOf(name).secret ? wordOf(name) : `${wordOf(name)} '${setting.value}'`
    origins.set(setting.from, [...(origins.get(setting.from) ?? []), shown])
  }
  return [...origins].map(([from, shown]) => `${shown.join(', ')} (${from})`)
}

function whoOf(method: Method): string {
  if (method.kind === 'token') return 'the token'
  if (method.kind === 'password') return `user ${nameOf(method.user)}`
  return `application credential '${'id' in method ? method.id : method.name}'`
}

function whereOf(scope: Scope): string {
  switch (scope.kind) {
    case 'project':
      return ` for project ${nameOf(scope.project)}`
    case 'domain':
      return ` for domain ${nameOf(scope.domain)}`
    case 'system':
      return ' for the whole system'
    case 'trust':
      return ` for trust '${scope.id}'`
    default:
      return ''
  }
}

function nameOf(thing: Owned | Domain): string {
  return `'${'id' in thing ? thing.id : thing.name}'`
}

function secretsOf(method: Method): readonly string[] {
  if (method.kind === 'token') return [method.token]
  const secret = method.kind === 'password' ? method.password : method.secret
  return secret ? [secret] : []
}
