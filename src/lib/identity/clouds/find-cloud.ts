/** Finds a cloud by name in `clouds.yaml`, `secure.yaml` and `clouds-public.yaml`. */
import {usageError} from '../../model/errors.js'
import {isJsonObject, type JsonObject} from '../../model/json-object.js'
import {type CloudValues, mergeCloudValues, toCloudValues} from './cloud-values.js'
import {type ConfigFile, configFolders, type Environment, findConfigFile, type Warn} from './config-files.js'
import {fillPlaceholders} from './placeholders.js'
import {readProfile} from './profiles.js'
import {applyRegion} from './regions.js'

/** A cloud of the configuration files. */
export interface Cloud {
  readonly values: CloudValues
  /** Problems in the files, one line each. */
  readonly warnings: readonly string[]
}

interface CloudFiles {
  readonly clouds: ConfigFile | undefined
  readonly secure: ConfigFile | undefined
}

/**
 * The settings of a cloud: those of its profile, overridden by its entry, its secrets and its region.
 * @param region region given by a flag or a variable
 * @throws Failure of kind usage for an unknown cloud or region, with the choices
 */
export async function findCloud(
  name: string,
  region: string | undefined,
  environment: Environment,
): Promise<Cloud> {
  const warnings: string[] = []
  const warn = (text: string) => void warnings.push(text)
  const files = await findFiles(environment, warn)
  const ownValues = readEntries(name, files)
  if (!ownValues) throw unknownCloudError(name, files, environment, warnings)
  const profile = await readProfile(
    ownValues,
    name,
    () => findConfigFile('clouds-public', environment, warn),
    warn,
  )
  return {values: fillPlaceholders(applyRegion(mergeCloudValues(profile, ownValues), region, name)), warnings}
}

async function findFiles(environment: Environment, warn: Warn): Promise<CloudFiles> {
  const {OS_CLIENT_CONFIG_FILE, OS_CLIENT_SECURE_FILE} = environment.env
  return {
    clouds: await findConfigFile('clouds', environment, warn, OS_CLIENT_CONFIG_FILE),
    secure: await findConfigFile('secure', environment, warn, OS_CLIENT_SECURE_FILE),
  }
}

/** The names of all clouds, sorted. */
export async function listCloudNames(environment: Environment): Promise<readonly string[]> {
  return cloudNames(await findFiles(environment, () => {}))
}

function cloudNames({clouds, secure}: CloudFiles): readonly string[] {
  const existing = [clouds, secure].filter(file => file !== undefined)
  return [...new Set(existing.flatMap(file => Object.keys(cloudEntries(file))))].sort()
}

function readEntries(name: string, {clouds, secure}: CloudFiles): CloudValues | undefined {
  const layers = [clouds, secure].flatMap(file => {
    const entries = file ? cloudEntries(file) : {}
    if (!file || !Object.hasOwn(entries, name)) return []
    if (!isJsonObject(entries[name])) throw notMappingError(name, file)
    return [toCloudValues(entries[name], `cloud '${name}' in ${file.path}`)]
  })
  return layers.length === 0 ? undefined : mergeCloudValues(...layers)
}

function notMappingError(name: string, {path}: ConfigFile): Error {
  return usageError(`the entry of cloud '${name}' in ${path} is not a mapping`, {
    advice: "Indent auth: and its keys under the cloud's name.",
  })
}

function cloudEntries(file: ConfigFile): JsonObject {
  const entries = file.content['clouds']
  return isJsonObject(entries) ? entries : {}
}

function unknownCloudError(
  name: string,
  files: CloudFiles,
  environment: Environment,
  warnings: readonly string[],
): Error {
  const existing = [files.clouds, files.secure].filter(file => file !== undefined)
  const names = cloudNames(files)
  const where = existing.map(file => file.path).join(' and ')
  return usageError(`unknown cloud '${name}'`, {
    why: [
      ...warnings,
      existing.length > 0
        ? `${where} has: ${names.join(', ') || 'no clouds'}`
        : describeSearchPath(environment),
    ].join('; '),
    advice: `Name ${names.length > 0 ? 'one of these, or another' : 'the'} file with OS_CLIENT_CONFIG_FILE.`,
  })
}

function describeSearchPath(environment: Environment): string {
  return `no clouds.yaml in ${configFolders(environment).join(', ')}`
}
