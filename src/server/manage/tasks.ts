/** The tasks of `glance-manage`: each works on the databases that its options name, and returns lines for the operator. */
import {dirname, join} from 'node:path'
import {usageError} from '../../lib/model/errors.js'
import {findDataDir, readGiven, requireNoPassword} from '../config.js'
import {findVersion, migrate} from '../registry/migrations/migrate.js'
import type {Env} from '../settings/places.js'
import {readSettings} from '../settings/setting.js'
import type {GivenSettings} from '../settings/sources.js'
import {REGISTRY} from '../settings/tables/registry.js'
import {type OpenDatabase, requireLatest, useDatabase} from './databases.js'

/** The values of the options, by their names. */
export type TaskOptions = Readonly<Record<string, string | undefined>>

/** The surroundings of a task. */
export interface TaskSurroundings {
  readonly env: Env
  readonly pid: number
  /** The absolute path for one that was given. */
  readonly resolvePath: (path: string) => string
}

/** A task. @returns lines for standard output */
export type Task = (options: TaskOptions, surroundings: TaskSurroundings) => Promise<readonly string[]>

/** Creates or updates the schema. */
export const syncSchema: Task = (options, surroundings) =>
  useRegistry(options, surroundings, true, async ({db, engine, name}) => {
    await migrate(db)
    if (engine === 'postgres') {
      const {setByteOrder} = await import('../registry/postgres/byte-order.js')
      await setByteOrder(db)
    }
    const {latest} = await findVersion(db)
    return [`The schema of ${name} is ${latest}.`]
  })

/** Shows the version of the schema. */
export const showVersion: Task = (options, surroundings) =>
  useRegistry(options, surroundings, false, async ({db}) => {
    const {current = 'none', latest} = await findVersion(db)
    return [current === latest ? current : `${current} (this release has ${latest})`]
  })

/** Purges the rows of deleted images. */
export const purgeDeleted: Task = (options, surroundings) => {
  const age = parseWhole('--age-in-days', options['age-in-days'], MAX_AGE)
  if (age === undefined) throw usageError('missing --age-in-days', {advice: 'Example: --age-in-days 30'})
  const maxRows = parseWhole('--max-rows', options['max-rows']) ?? Number.POSITIVE_INFINITY
  return useRegistry(options, surroundings, false, async database => {
    await requireLatest(database, 'purge')
    const {purge} = await import('./purge.js')
    const {images, tasks} = await purge(database.db, {age, maxRows, now: Date.now()})
    return [`Purged ${images} images and ${tasks} tasks of ${database.name}.`]
  })
}

/** Days of which the date is one that databases know. */
const MAX_AGE = 100_000

/** Deletes the data of images that were deleted at least `scrub_time` ago. */
export const scrubDeleted: Task = async (options, surroundings) => {
  const given = await readOptions(options, surroundings)
  const {sql_connection} = readSettings(REGISTRY, given.in())
  const {'data-dir': _folder, ...others} = options
  // As for a service, the folder may be one of data only.
  const chosen = sql_connection === undefined ? options : others
  return useRegistry(chosen, surroundings, false, async database => {
    await requireLatest(database, 'scrub')
    const {scrub} = await import('./pending-deletes.js')
    const folder = findDataFolder(database, options, given)
    return [`Scrubbed ${await scrub(database, given, folder)} images of ${database.name}.`]
  })
}

/** Restores an image that was deleted, before it is scrubbed. */
export const restoreDeleted: Task = async (options, surroundings) => {
  const {image} = options
  if (image === undefined) throw usageError('missing IMAGE', {advice: 'Example: glance-manage restore ID'})
  return useRegistry(options, surroundings, false, async database => {
    await requireLatest(database, 'restore an image of')
    const {restore} = await import('./pending-deletes.js')
    await restore(database, image)
    return [`Restored image ${image} of ${database.name}.`]
  })
}

/** Copies a registry into an empty database. */
export const copyToDatabase: Task = async (options, surroundings) => {
  const given = await readOptions(options, surroundings)
  const {from} = options
  if (from === undefined) throw usageError('missing --from', {advice: 'Example: --from sqlite:/srv/glance'})
  const to = options['to'] ? requireNoPassword(options['to']) : findUrl(options, given)
  const {pid} = surroundings
  return useDatabase(requireNoPassword(from), {given, isExclusive: true, pid}, async source => {
    // Before the file of the target is created.
    await requireLatest(source, 'copy')
    return useDatabase(to, {given, mayCreate: true}, async target => {
      const {copyRegistry} = await import('./copy-registry.js')
      const counts = Object.entries(await copyRegistry(source, target))
      return [`Copied ${source.name} to ${target.name}:`, ...counts.map(([table, n]) => `  ${table}: ${n}`)]
    })
  })
}

/** Loads metadata definitions from a file, or from the files of a folder. */
export const loadDefinitions: Task = async (options, surroundings) => {
  const {path = DEFINITIONS} = options
  const {chooseMode, loadMetadefs} = await import('./metadefs.js')
  const isGiven = (name: string) => options[name] === 'true'
  const mode = chooseMode(isGiven('merge'), isGiven('prefer-new'), isGiven('overwrite'))
  return useRegistry(options, surroundings, false, async database => {
    await requireLatest(database, 'load metadata definitions into')
    const {metadefs} = database.registry
    const {loaded, kept} = await loadMetadefs(metadefs, surroundings.resolvePath(path), mode)
    const note = kept === 0 ? '' : `; ${kept} exist already and were left alone`
    return [`Loaded ${loaded} namespaces into ${database.name}${note}.`]
  })
}

/** Deletes all metadata definitions. */
export const unloadDefinitions: Task = (options, surroundings) =>
  useRegistry(options, surroundings, false, async database => {
    await requireLatest(database, 'delete the metadata definitions of')
    await database.registry.metadefs.clear()
    return [`Deleted the metadata definitions of ${database.name}.`]
  })

/** Writes metadata definitions to the files of a folder. */
export const exportDefinitions: Task = async (options, surroundings) => {
  const {path = DEFINITIONS} = options
  return useRegistry(options, surroundings, false, async database => {
    await requireLatest(database, 'export the metadata definitions of')
    const {exportMetadefs} = await import('./metadefs.js')
    const folder = surroundings.resolvePath(path)
    return [`Wrote ${await exportMetadefs(database.registry.metadefs, folder)} files to ${folder}.`]
  })
}

/** The folder of definitions where the original has it. */
const DEFINITIONS = '/etc/glance/metadefs'

async function useRegistry(
  options: TaskOptions,
  surroundings: TaskSurroundings,
  mayCreate: boolean,
  work: (database: OpenDatabase) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const given = await readOptions(options, surroundings)
  const url = findUrl(options, given)
  return useDatabase(url, {given, mayCreate}, work)
}

/** What is given for a task; the folder of `--data-dir` is that of the settings too. */
function readOptions(options: TaskOptions, {env, resolvePath}: TaskSurroundings): Promise<GivenSettings> {
  const {'config-file': file, 'data-dir': folder} = options
  return readGiven(
    {
      configFile: file && resolvePath(file),
      flags: {data_dir: folder ? {text: resolvePath(folder), from: '--data-dir'} : undefined},
    },
    env,
  )
}

/** The registry of a service with these options and settings. */
function findUrl({registry, 'data-dir': folder}: TaskOptions, given: GivenSettings): string {
  if (registry !== undefined) return requireNoPassword(registry)
  const {sql_connection} = readSettings(REGISTRY, given.in())
  if (sql_connection !== undefined && !folder) return sql_connection
  return `sqlite:${join(findDataDir(given), 'registry.sqlite')}`
}

/** The data folder of the service: that of its registry in SQLite, else the one that is given, or the default. */
function findDataFolder({engine, name}: OpenDatabase, options: TaskOptions, given: GivenSettings): string {
  return options['data-dir'] || engine !== 'sqlite' ? findDataDir(given) : dirname(name)
}

/** @throws Failure `usage` */
function parseWhole(name: string, value: string | undefined, max = 999_999_999): number | undefined {
  if (value === undefined) return undefined
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
  if (number <= max) return number
  throw usageError(`invalid ${name} '${value}': expected a whole number from 0 to ${max}`)
}
