/** Looks a cloud up by name in `clouds.yaml`, `secure.yaml` and `clouds-public.yaml`. */
import {usageError} from '../model/errors.js'
import {isMapping, type Mapping} from '../model/mapping.js'
import {type CloudValues, cloudValues, layered} from './cloud-values.js'
import {type ConfigFile, configFolders, firstUsable, type Place} from './config-files.js'
import {filled} from './placeholders.js'
import {profileValues} from './profiles.js'
import {withRegion} from './regions.js'

export interface Cloud {
  readonly values: CloudValues
  /** What was odd about the files, one line each. */
  readonly warnings: readonly string[]
}

interface Files {
  readonly clouds: ConfigFile | undefined
  readonly secure: ConfigFile | undefined
}

/**
 * The settings of a cloud: its profile, over that its entry, over that its secrets, over that its region.
 * @param region named outside the file
 * @throws Failure of kind usage for an unknown cloud or region, with the choices
 */
export async function findCloud(name: string, region: string | undefined, place: Place): Promise<Cloud> {
  const warnings: string[] = []
  const warn = (text: string) => void warnings.push(text)
  const files = {
    clouds: await firstUsable('clouds', place, warn, place.env.OS_CLIENT_CONFIG_FILE),
    secure: await firstUsable('secure', place, warn, place.env.OS_CLIENT_SECURE_FILE),
  }
  const own = ownValues(name, files)
  if (!own) throw unknownCloud(name, files, place, warnings)
  const profile = await profileValues(own, name, () => firstUsable('clouds-public', place, warn), warn)
  return {values: filled(withRegion(layered(profile, own), region, name)), warnings}
}

function ownValues(name: string, {clouds, secure}: Files): CloudValues | undefined {
  const layers = [clouds, secure].flatMap(file => {
    const entries = file ? cloudsIn(file) : {}
    if (!file || !Object.hasOwn(entries, name)) return []
    if (!isMapping(entries[name])) throw notMapping(name, file)
    return [cloudValues(entries[name], `cloud '${name}' in ${file.path}`)]
  })
  return layers.length === 0 ? undefined : layered(...layers)
}

function notMapping(name: string, {path}: ConfigFile): Error {
  return usageError(`the entry of cloud '${name}' in ${path} is no mapping`, {
    advice: 'Write auth: and what belongs to it below the name of the cloud, further to the right.',
  })
}

function cloudsIn(file: ConfigFile): Mapping {
  const entries = file.content['clouds']
  return isMapping(entries) ? entries : {}
}

function unknownCloud(name: string, files: Files, place: Place, warnings: readonly string[]): Error {
  const found = [files.clouds, files.secure].filter(file => file !== undefined)
  const names = [...new Set(found.flatMap(file => Object.keys(cloudsIn(file))))].sort()
  const where = found.map(file => file.path).join(' and ')
  return usageError(`there is no cloud named '${name}'`, {
    why: [
      ...warnings,
      found.length > 0 ? `${where} has: ${names.join(', ') || 'no clouds'}` : nowhere(place),
    ].join('; '),
    advice: 'Name one with --os-cloud or OS_CLOUD, or the file with OS_CLIENT_CONFIG_FILE.',
  })
}

function nowhere(place: Place): string {
  return `there is no clouds.yaml in ${configFolders(place).join(', ')}`
}
