/** Scrubs and restores deleted images that still have their data. */
import {stat} from 'node:fs/promises'
import {join} from 'node:path'
import {Failure} from '../../lib/model/errors.js'
import {UnusedData} from '../images/unused-data.js'
import {Scrubber} from '../jobs/scrubber.js'
import {readSettings} from '../settings/setting.js'
import type {GivenSettings} from '../settings/sources.js'
import {SCRUBBER} from '../settings/tables/registry.js'
import {FILE_STORE} from '../settings/tables/stores.js'
import {chooseStores} from '../stores/set/choose-stores.js'
import {openStores} from '../stores/set/open-stores.js'
import type {Store} from '../stores/store.js'
import type {OpenDatabase} from './databases.js'

/**
 * Deletes the data of images that were deleted at least `scrub_time` seconds ago. A service may run.
 * @param folder the data folder of the service
 * @returns the number of images
 * @throws Failure `not-found` without a folder of data; `failed` when data could not be deleted, which the service does later; the
 *   errors of `openStores`
 */
export async function scrub(database: OpenDatabase, given: GivenSettings, folder: string): Promise<number> {
  const {registry} = database
  const {scrub_time: scrubTime} = readSettings(SCRUBBER, given.in())
  const failures: string[] = []
  const unused = new UnusedData({
    registry,
    holder: '',
    stores: await openDataStores(given, folder),
    describe: error => (error instanceof Error ? error.message : String(error)),
    warn: line => failures.push(line),
  })
  const scrubbed = await new Scrubber({registry, unused, scrubTime}).scrub()
  if (failures.length === 0) return scrubbed
  throw new Failure('failed', `cannot delete all data of the ${scrubbed} images that were scrubbed`, {
    why: failures[0]!.replace(', will try again', ''),
    advice: 'A service with this registry deletes it at its next start, or within an hour.',
  })
}

async function openDataStores(given: GivenSettings, folder: string): Promise<readonly Store[]> {
  const images = join(folder, 'images')
  const {stores: chosen} = chooseStores(given)
  const {filesystem_store_datadir: named} = readSettings(FILE_STORE, given.in())
  const isDefault = chosen.some(({kind, section}) => kind === 'file' && section === undefined)
  if (isDefault && named === undefined) await requireFolder(images)
  const stores = await openStores(given, images)
  return stores.writable.map(({store}) => store)
}

async function requireFolder(folder: string): Promise<void> {
  await stat(folder).catch(error => {
    throw new Failure('not-found', `the folder of image data ${folder} does not exist`, {
      why: error.message,
      advice: 'Give the data folder of the service with --data-dir.',
    })
  })
}

/**
 * Makes an image what it was before its deletion. A service may run.
 * @throws Failure `not-found` without such an image; `conflict` for an image that is not deleted, or was scrubbed
 */
export async function restore(database: OpenDatabase, id: string): Promise<void> {
  const result = await database.registry.restore(id)
  if (result === 'restored') return
  if (result === undefined) {
    throw new Failure('not-found', `image ${id} does not exist in the registry ${database.name}`)
  }
  throw new Failure('conflict', `cannot restore image ${id}`, {
    why: `its status is ${result}, expected pending_delete`,
    advice: 'Only images that were deleted with delayed_delete can be restored, until they are scrubbed.',
  })
}
