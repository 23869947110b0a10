/** Opens the registry and the stores that the settings ask for. */
import {realpath} from 'node:fs/promises'
import {usageError} from '../lib/model/errors.js'
import type {ServerSettings} from './config.js'
import type {PrepareReload} from './control/reload.js'
import type {Predecessor} from './control/service-control.js'
import type {Reporter} from './log/reporter.js'
import type {Steps} from './log/steps.js'
import type {Registry} from './registry/registry.js'
import {NOTHING_GIVEN} from './settings/sources.js'
import {identifyFolders} from './shared-folders.js'
import {type FetchPolicy, readFetchPolicy} from './stores/fetch-policy.js'
import {findInSamePlace, type StoreSet, type WritableStore} from './stores/set/store-set.js'
import type {ReadableStore, RemoteStore, Store} from './stores/store.js'

/** Registry and stores, which outlive a request; tests may pass any implementation of the contracts. */
export interface Backends {
  readonly registry: Registry
  readonly stores: StoreSet
  /** Store of data that waits for its import. */
  readonly staging: Store
  /** What tells the local folders of data from those of other services; absent: not known. */
  readonly folders?: string | undefined
  /** Stores for reading data from other servers. */
  readonly remoteStores: readonly RemoteStore[]
  /** Prepares them for new settings; absent: they take none. */
  readonly prepareReload?: PrepareReload
  /** Closes all of them. */
  close(): Promise<void>
}

/**
 * Opens the backends, and a data directory, which is created if absent.
 * @throws Failure `conflict` when another service uses the directory, `failed` when it cannot be used at all, and as
 *   `openStores`
 * @param predecessor is stopped before, unless several processes may use the registry
 */
export async function openBackends(
  {dataDir, pid, fetchFromAnywhere, given = NOTHING_GIVEN}: ServerSettings,
  reporter: Reporter,
  predecessor?: Predecessor,
): Promise<Backends> {
  const {openDataDirectory} = await import('./data-dir.js')
  const {isSharedRegistry, openChosenRegistry} = await import('./registry/open-registry.js')
  if (!isSharedRegistry({find: given.in(), file: dataDir})) await predecessor?.stop()
  const warn = (line: string) => reporter.warn(line)
  const directory = await openDataDirectory(dataDir, pid, warn, predecessor?.ended)
  try {
    const {openStores} = await import('./stores/set/open-stores.js')
    const {FilesystemStore} = await import('./stores/filesystem-store.js')
    const {HttpStore} = await import('./stores/http-store.js')
    const stores = await openStores(given, directory.images)
    const local = new FilesystemStore(await realpath(directory.staging), stores.hashAlgo)
    if (stores.default.kind === 'file') requireOwnPlace(stores, directory.staging, local)
    const policy = readFetchPolicy(given.in(), fetchFromAnywhere)
    const webStore = new HttpStore(policy)
    const registry = await openChosenRegistry(
      {find: given.in(), file: directory.registry},
      {logStep: reporter.steps?.log, warn},
    )
    const close = () => registry.close().finally(() => directory.close())
    const isOneStore = isStaging(
      stores.default,
      registry.isShared ? await realpath(directory.images) : undefined,
    )
    const folders = listFolders(stores).concat(isOneStore ? [] : directory.staging)
    const backends = {
      registry,
      stores,
      staging: isOneStore ? stores.default.store : local,
      folders: registry.isShared ? await identifyFolders(folders) : undefined,
      remoteStores: [webStore],
      prepareReload: prepareFetching(policy, fetchFromAnywhere),
      close,
    }
    return reporter.steps === undefined ? backends : await logSteps(backends, reporter.steps)
  } catch (error) {
    directory.close()
    throw error
  }
}

/**
 * True if the default store also has the data that waits for its import: then other processes import it from there.
 * @param ownFolder of the data directory of this process; absent: there are no others
 */
function isStaging({kind, properties}: WritableStore, ownFolder: string | undefined): boolean {
  return kind !== 'file' || (ownFolder !== undefined && properties['data_dir'] !== ownFolder)
}

/** What may be fetched changes with the settings, also for a chain of redirects that is being followed. */
function prepareFetching(policy: FetchPolicy, isAnywhere?: boolean): PrepareReload {
  return ({given = NOTHING_GIVEN}) => {
    const next = readFetchPolicy(given.in(), isAnywhere)
    return () => void Object.assign(policy, next)
  }
}

/** The folders of stores that have one. */
function listFolders({entries}: StoreSet): string[] {
  return entries.flatMap(({kind, properties}) => (kind === 'file' ? String(properties['data_dir']) : []))
}

/** @throws Failure `usage` for a store in the folder for data that waits for its import */
function requireOwnPlace(stores: StoreSet, folder: string, staging: Store): void {
  const other = findInSamePlace(stores.writable, staging)
  if (other === undefined) return
  throw usageError(`cannot use ${folder} for the store '${other.name}'`, {
    why: 'data that waits for its import is there',
    advice: 'Choose another folder with filesystem_store_datadir.',
  })
}

/** The same backends, which log what their stores do. */
async function logSteps(backends: Backends, {log}: Steps): Promise<Backends> {
  const {withSteps} = await import('./stores/watch/with-steps.js')
  return mapStores(backends, (store, name) => withSteps(store, name, log))
}

/** The same backends with other stores of the same names; `staging` and `web` are those that have none. */
export function mapStores(
  backends: Backends,
  convert: <S extends ReadableStore>(store: S, name: string) => S,
): Backends {
  const stores = backends.stores.map(convert)
  const isOneStore = backends.staging === backends.stores.default.store
  return {
    ...backends,
    stores,
    staging: isOneStore ? stores.default.store : convert(backends.staging, 'staging'),
    remoteStores: backends.remoteStores.map(store => convert(store, 'web')),
  }
}
