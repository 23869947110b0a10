/** Completes the domains of user and project, and keeps application credentials free of scopes. */
import {usageError} from '../model/errors.js'
import type {AuthType} from './auth-type.js'
import {SCOPE_NAMES, type SettingName, type Values} from './setting-table.js'

const SCOPE: readonly SettingName[] = [...SCOPE_NAMES, 'unscoped']

/**
 * The settings as the method needs them, with a note on those that it cannot use.
 * @throws Failure of kind usage when someone asks for a scope on the command line that the method cannot have
 */
export function scopedFor(authType: AuthType, values: Values): {values: Values; notes: readonly string[]} {
  if (authType === 'v3password' || authType === 'v3token') return {values: withDomains(values), notes: []}
  if (authType !== 'v3applicationcredential') return {values, notes: []}
  const scopes = SCOPE.flatMap(name => values[name] ?? [])
  const flag = scopes.find(({from}) => from.startsWith('--'))
  if (flag) {
    throw usageError(`${flag.from} cannot be used with an application credential`, {
      why: 'an application credential belongs to one project for good',
      advice: `Leave ${flag.from} out, or log in with user name and password.`,
    })
  }
  const named = scopes.filter(({from}) => /^OS_/.test(from)).map(({from}) => from)
  const rest = Object.fromEntries(
    Object.entries(values).filter(([name]) => !SCOPE.includes(name as SettingName)),
  )
  return {
    values: withDomains(rest),
    notes:
      named.length > 0
        ? [`${named.join(', ')} not used: the application credential has its own project`]
        : [],
  }
}

/** A domain that is given once is that of user and project; without any, the default domain is. */
function withDomains(values: Values): Values {
  const {domainName, domainId, ...rest} = values
  const hasProject = values.projectName !== undefined || values.projectId !== undefined
  const once = hasProject && (domainName || domainId) ? {name: domainName, id: domainId} : undefined
  const {name, id} = once ?? {
    name: undefined,
    id: values.defaultDomain ?? {value: 'default', from: 'default'},
  }
  const user = values.username && !values.userDomainName && !values.userDomainId
  const project = values.projectName && !values.projectDomainName && !values.projectDomainId
  return {
    ...(hasProject ? rest : values),
    ...(user && name && {userDomainName: name}),
    ...(user && id && {userDomainId: id}),
    ...(project && name && {projectDomainName: name}),
    ...(project && id && {projectDomainId: id}),
  }
}
