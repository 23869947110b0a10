/** Completes the domains of user and project, and removes scopes from application credentials. */
import {usageError} from '../../model/errors.js'
import {SCOPE_NAMES, type SettingName, type SettingValues} from '../setting-table.js'
import type {AuthType} from './auth-type.js'

const SCOPE_SETTINGS: readonly SettingName[] = [...SCOPE_NAMES, 'unscoped']

/**
 * The settings for the method, with notes on those that it cannot use.
 * @throws Failure of kind usage for a scope on the command line that the method cannot have
 */
export function applyScope(
  authType: AuthType,
  values: SettingValues,
): {values: SettingValues; notes: readonly string[]} {
  if (!authType.startsWith('v3')) return {values, notes: []}
  if (authType !== 'v3applicationcredential') return {values: fillInDomains(values), notes: []}
  const scopes = SCOPE_SETTINGS.flatMap(name => values[name] ?? [])
  const flag = scopes.find(({from}) => from.startsWith('--'))
  if (flag) {
    throw usageError(`${flag.from} cannot be used with an application credential`, {
      why: 'an application credential is bound to one project',
      advice: `Leave ${flag.from} out, or log in with user name and password.`,
    })
  }
  const variables = scopes.filter(({from}) => /^OS_/.test(from)).map(({from}) => from)
  const rest = Object.fromEntries(
    Object.entries(values).filter(([name]) => !SCOPE_SETTINGS.includes(name as SettingName)),
  )
  return {
    values: fillInDomains(rest),
    notes:
      variables.length > 0
        ? [`${variables.join(', ')} not used: the application credential has its own project`]
        : [],
  }
}

/** A domain that is given once applies to user and project; without any, the default domain does. */
function fillInDomains(values: SettingValues): SettingValues {
  const {domainName, domainId, ...rest} = values
  const hasProject = values.projectName !== undefined || values.projectId !== undefined
  const shared = hasProject && (domainName || domainId) ? {name: domainName, id: domainId} : undefined
  const {name, id} = shared ?? {
    name: undefined,
    id: values.defaultDomain ?? {value: 'default', from: 'default'},
  }
  const needsUserDomain = values.username && !values.userDomainName && !values.userDomainId
  const needsProjectDomain = values.projectName && !values.projectDomainName && !values.projectDomainId
  return {
    ...(hasProject ? rest : values),
    ...(needsUserDomain && name && {userDomainName: name}),
    ...(needsUserDomain && id && {userDomainId: id}),
    ...(needsProjectDomain && name && {projectDomainName: name}),
    ...(needsProjectDomain && id && {projectDomainId: id}),
  }
}
