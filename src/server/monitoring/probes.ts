/** What the health of the service depends on. */
import {access, constants, statfs} from 'node:fs/promises'
import type {Registry} from '../registry/registry.js'
import type {StoreSet, WritableStore} from '../stores/set/store-set.js'
import {StoreMissing} from '../stores/store.js'
import type {Probe} from './health.js'

/** An id that no image has. */
const NO_IMAGE = '00000000-0000-0000-0000-000000000000'
/** A key that no data has. */
const NO_DATA = 'healthcheck'

/** What is checked. */
export interface ProbeParts {
  readonly registry: Registry
  readonly stores: StoreSet
  readonly dataDir: string
  /** Free bytes below which a disk is full. */
  readonly minFree: number
}

/** A probe of the registry, one of the disk of the data directory, and one of each store that takes data. */
export function listProbes({registry, stores, dataDir, minFree}: ProbeParts): readonly Probe[] {
  return [
    {name: 'registry', run: () => registry.find(NO_IMAGE)},
    {name: 'disk', run: () => requireSpace(dataDir, minFree)},
    ...stores.writable.map(entry => ({
      name: `store ${entry.name}`,
      run: () => requireStore(entry, minFree),
    })),
  ]
}

/** Asks for data that does not exist, which any store that works answers quickly. */
async function requireStore({store, kind, properties}: WritableStore, minFree: number): Promise<void> {
  if (kind === 'file') await requireSpace(String(properties['data_dir']), minFree)
  await store.getSize(store.locate(NO_DATA)).catch(error => {
    if (!(error instanceof StoreMissing)) throw error
  })
}

/** @throws the error of the system for a folder that cannot be written */
async function requireSpace(folder: string, minFree: number): Promise<void> {
  await access(folder, constants.W_OK)
  const {bavail, bsize} = await statfs(folder)
  if (bavail * bsize < minFree) throw new Error(`fewer than ${minFree} bytes are free in ${folder}`)
}
