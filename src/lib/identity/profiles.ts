/** The profile of a cloud: settings that all customers of one provider share. */
import {usageError} from '../model/errors.js'
import {isMapping} from '../model/mapping.js'
import {type CloudValues, cloudValues, textOf} from './cloud-values.js'
import type {ConfigFile, Warn} from './config-files.js'

const NONE: CloudValues = new Map()

/**
 * What the profile named by a cloud sets; nothing, with a warning, when nobody knows it.
 * @param values of the cloud, whose key `profile` (formerly `cloud`) names it
 * @param publicClouds reads the file of profiles
 * @throws Failure of kind usage for a profile that is a URL, or whose provider has closed
 */
export async function profileValues(
  values: CloudValues,
  cloud: string,
  publicClouds: () => Promise<ConfigFile | undefined>,
  warn: Warn,
): Promise<CloudValues> {
  const name = textOf((values.get('profile') ?? values.get('cloud'))?.value)
  if (!name) return NONE
  if (/^https?:/i.test(name)) throw urlProfile(cloud)
  const file = await publicClouds()
  const profiles = file?.content['public-clouds']
  const profile = isMapping(profiles) ? profiles[name] : undefined
  if (file && isMapping(profile))
    return openProfile(cloudValues(profile, `profile '${name}' in ${file.path}`), name)
  warn(`profile '${name}' of cloud '${cloud}' is left out: no clouds-public.yaml describes it`)
  return NONE
}

function openProfile(values: CloudValues, name: string): CloudValues {
  if (values.get('status')?.value !== 'shutdown') return values
  throw usageError(`profile '${name}' can no longer be used: its provider has shut down`, {
    why: textOf(values.get('message')?.value),
  })
}

function urlProfile(cloud: string): Error {
  return usageError(`the profile of cloud '${cloud}' is a URL, which is not supported`, {
    advice: 'Write auth_url and what else the profile says into the entry of the cloud.',
  })
}
