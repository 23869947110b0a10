/** Explains which settings a login needs, and where to write them. */
import {type Failure, usageError} from '../../model/errors.js'
import {type SettingName, settingRow, toSnakeCase} from '../setting-table.js'

/**
 * Failure of kind usage for a login without this setting.
 * @param what the setting with its article
 */
export function missingSettingError(name: SettingName, what: string, cloud: string | undefined): Failure {
  const advice = settingAdvice([name], cloud)
  return usageError(`${what} is required to log in`, {
    advice: cloud ? `${advice}.` : `${advice}, or name a cloud with OS_CLOUD.`,
  })
}

/** Hint to set these values, without a full stop. Variables do not count when a cloud is named. */
export function settingAdvice(names: readonly SettingName[], cloud: string | undefined): string {
  if (!cloud) return `Set ${names.map(name => settingRow(name).env?.[0]).join(' and ')}`
  const file = names.some(name => settingRow(name).secret) ? 'secure.yaml' : 'clouds.yaml'
  return `Write ${names.map(toSnakeCase).join(' and ')} into the entry of cloud '${cloud}' in ${file}`
}
