/** Opens the stores that the settings ask for. */
import {Failure, usageError} from '../../../lib/model/errors.js'
import {readSettings} from '../../settings/setting.js'
import type {GivenSettings} from '../../settings/sources.js'
import {ANY_STORE, STORES} from '../../settings/tables/stores.js'
import {openStore, type StoreDefaults, type StoreKind} from '../open-store.js'
import {type ChosenStore, chooseStores} from './choose-stores.js'
import {findInSamePlace, placeName, type StoreEntry, StoreSet, type WritableStore} from './store-set.js'

/** What stores are, where the settings do not say it. */
const DESCRIPTIONS: Readonly<Record<StoreKind | 'http', string>> = {
  file: 'a folder of the service',
  swift: 'a container in Swift',
  s3: 'a bucket in S3',
  http: 'web servers of others',
}

/**
 * Opens the stores, one after the other.
 * @param folder of the data, where there is one store of kind `file` and the settings do not name its folder
 * @throws Failure as `chooseStores` and `openStore`, with the name of the store where there are several; `usage` for two
 *   stores in one place
 */
export async function openStores(given: GivenSettings, folder: string): Promise<StoreSet> {
  const {stores, defaultName} = chooseStores(given)
  const {hashing_algorithm: hashAlgo} = readSettings(STORES, given.in())
  const entries: StoreEntry[] = []
  for (const chosen of stores) entries.push(await openEntry(chosen, given, {hashAlgo, folder}))
  const set = new StoreSet(entries, defaultName, hashAlgo)
  requireDifferentPlaces(set.writable)
  return set
}

async function openEntry(
  chosen: ChosenStore,
  given: GivenSettings,
  {hashAlgo, folder}: StoreDefaults,
): Promise<StoreEntry> {
  const {name, kind, section} = chosen
  const find = given.in(section)
  const {store_description: text} = readSettings(ANY_STORE, find)
  const isOnly = section === undefined
  if (kind === 'http') return {name, kind, description: isOnly ? DESCRIPTIONS.http : text, properties: {}}
  const defaults = {hashAlgo, folder: isOnly ? folder : undefined}
  const opened = await openStore(kind, find, defaults).catch(error => {
    throw isOnly ? error : nameStore(error, section)
  })
  return {name, kind, description: text ?? (isOnly ? DESCRIPTIONS[kind] : undefined), ...opened}
}

/** The failure to open one of several stores. */
function nameStore(error: unknown, section: string): unknown {
  if (!(error instanceof Failure)) return error
  const {kind, message, why, advice} = error
  const named = new Failure(kind, `cannot open the store '${section}': ${message}`, {
    why,
    advice,
    cause: error,
  })
  if (kind !== 'usage') return named
  return named.withAdvice(`The settings of this store alone are in the section [${section}] of a file.`)
}

/** @throws Failure `usage` for two stores in one place */
function requireDifferentPlaces(stores: readonly WritableStore[]): void {
  for (const [position, {name, store}] of stores.entries()) {
    const other = findInSamePlace(stores.slice(0, position), store)
    if (other === undefined) continue
    throw usageError(`the stores '${other.name}' and '${name}' are in one place`, {
      why: `data in both would have locations below ${placeName(store)}`,
      advice: 'Give each a folder, a container or a bucket of its own.',
    })
  }
}
