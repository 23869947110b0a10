/** Reads the profile of a cloud: settings that all customers of one provider share. */
import {usageError} from '../../model/errors.js'
import {isJsonObject} from '../../model/json-object.js'
import {type CloudValues, toCloudValues, toText} from './cloud-values.js'
import type {ConfigFile, Warn} from './config-files.js'

const NO_VALUES: CloudValues = new Map()

/**
 * The settings of the profile that a cloud names; none, with a warning, if it is unknown.
 * @param values values of the cloud, whose key `profile` (formerly `cloud`) names it
 * @param cloud name of the cloud in messages
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
  warn(`profile '${name}' of cloud '${cloud}' is ignored: no clouds-public.yaml defines it`)
  return NO_VALUES
}

function rejectShutdown(values: CloudValues, name: string): CloudValues {
  if (values.get('status')?.value !== 'shutdown') return values
  throw usageError(`cannot use profile '${name}': its provider has shut down`, {
    why: toText(values.get('message')?.value),
  })
}

function urlProfileError(cloud: string): Error {
  return usageError(`the profile of cloud '${cloud}' is a URL, which is not supported`, {
    advice: 'Copy auth_url and the other settings of the profile to the entry of the cloud.',
  })
}
