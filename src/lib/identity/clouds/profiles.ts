/** The profile of a cloud: settings that all customers of one provider share. */
import {usageError} from '../../model/errors.js'
import {isJsonObject} from '../../model/json-object.js'
import {type CloudValues, toCloudValues, toText} from './cloud-values.js'
import type {ConfigFile, Warn} from './config-files.js'

const NO_VALUES: CloudValues = new Map()

/**
 * What the profile named by a cloud sets; nothing, with a warning, when nobody knows it.
 * @param values of the cloud, whose key `profile` (formerly `cloud`) names it
 * @param readPublicClouds reads the file of profiles
 * @throws Failure of kind usage for a profile that is a URL, or whose provider has closed
 */
export async function readProfile(
  values: CloudValues,
  cloud: string,
  readPublicClouds: () => Promise<ConfigFile | undefined>,
  warn: Warn,
): Promise<CloudValues> {
  const name = toText((values.get('profile') ?? values.get('cloud'))?.value)
  if (!name) return NO_VALUES
  if (/^https?:/i.test(name)) throw urlProfileError(cloud)
  const file = await readPublicClouds()
  const profiles = file?.content['public-clouds']
  const profile = isJsonObject(profiles) ? profiles[name] : undefined
  if (file && isJsonObject(profile))
    return rejectShutdown(toCloudValues(profile, `profile '${name}' in ${file.path}`), name)
  warn(`profile '${name}' of cloud '${cloud}' is left out: no clouds-public.yaml describes it`)
  return NO_VALUES
}

function rejectShutdown(values: CloudValues, name: string): CloudValues {
  if (values.get('status')?.value !== 'shutdown') return values
  throw usageError(`profile '${name}' can no longer be used: its provider has shut down`, {
    why: toText(values.get('message')?.value),
  })
}

function urlProfileError(cloud: string): Error {
  return usageError(`the profile of cloud '${cloud}' is a URL, which is not supported`, {
    advice: 'Write auth_url and what else the profile says into the entry of the cloud.',
  })
}
