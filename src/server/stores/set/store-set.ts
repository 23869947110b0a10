/** The stores of a service: which one has a name, and which one has the data at a location. */
import {isWebLocation, keyFromLocation} from '../data-key.js'
import type {StoreKind} from '../open-store.js'
import {
  type ByteRange,
  type DataStream,
  DEFAULT_HASH,
  type HashAlgorithm,
  type Store,
  StoreMissing,
} from '../store.js'

/** A store as callers see it. */
export interface StoreEntry {
  readonly name: string
  readonly kind: StoreKind | 'http'
  readonly description?: string | undefined
  /** Facts for administrators, without secrets; sizes are in bytes. */
  readonly properties: Readonly<Record<string, string | number>>
  /** Absent for the one that only reads from web servers. */
  readonly store?: Store
}

/** A store that takes data. */
export type WritableStore = StoreEntry & {readonly store: Store}

/** All stores of a service. Locations tell which store they are in, so that nothing else needs to record it. */
export class StoreSet {
  /** In the order in which they are listed. */
  readonly entries: readonly StoreEntry[]
  /** Receives the data of images whose store is not named. */
  readonly default: WritableStore
  /** Algorithm of the second digest of data in each of them. */
  readonly hashAlgo: HashAlgorithm
  /** The beginning of the locations in each store, and its name. */
  #places: readonly (readonly [start: string, name: string])[] | undefined

  /** @param defaultName that of a writable store */
  constructor(entries: readonly StoreEntry[], defaultName: string, hashAlgo = DEFAULT_HASH) {
    this.entries = entries
    this.hashAlgo = hashAlgo
    const found = this.writable.find(({name}) => name === defaultName)
    if (found === undefined) throw new TypeError(`no store ${defaultName} takes data`)
    this.default = found
  }

  /** Those that take data. */
  get writable(): readonly WritableStore[] {
    return this.entries.filter((entry): entry is WritableStore => entry.store !== undefined)
  }

  /** True if data can be copied between stores. */
  get hasCopies(): boolean {
    return this.writable.length > 1
  }

  /** The same set with other stores of the same names. */
  map(convert: (store: Store, name: string) => Store): StoreSet {
    const entries = this.entries.map(entry =>
      entry.store === undefined ? entry : {...entry, store: convert(entry.store, entry.name)},
    )
    return new StoreSet(entries, this.default.name)
  }

  /** The store with that name. */
  find(name: string): StoreEntry | undefined {
    return this.entries.find(entry => entry.name === name)
  }

  /**
   * The name of the store that has a location; undefined for one of a store that the service does not have. Lists of images
   * ask for each: where stores are is found out once.
   */
  findName(location: string): string | undefined {
    if (isWebLocation(location)) return this.entries.find(({kind}) => kind === 'http')?.name
    this.#places ??= this.writable.map(({name, store}) => [placeName(store), name])
    const folder = location.slice(0, location.lastIndexOf('/') + 1)
    const place = this.#places.find(([start]) => start === folder)
    if (place) return place[1]
    const owner = this.findOwner(location)
    return this.writable.find(({store}) => store === owner)?.name
  }

  /** The writable store that has a location. */
  findOwner(location: string): Store | undefined {
    return findOwner(
      this.writable.map(({store}) => store),
      location,
    )
  }

  /** Opens data in any of the writable stores, as `Store.get`. */
  async get(location: string, range?: ByteRange): Promise<DataStream> {
    const owner = this.findOwner(location)
    if (owner === undefined) throw new StoreMissing(`${location} is in no store of this service`)
    return owner.get(location, range)
  }
}

/**
 * The store that has a location. A folder is known by its last name too, because it may have been moved: of several folders
 * of one name, only those count that are where they were.
 */
export function findOwner(stores: readonly Store[], location: string): Store | undefined {
  const owners = stores.filter(store => store.owns(location))
  if (owners.length < 2) return owners[0]
  return owners.find(store => store.locate(keyFromLocation(location)) === location)
}

/** The store whose locations would be the same as those of the other: nothing would tell them apart. */
export function findInSamePlace(stores: readonly WritableStore[], other: Store): WritableStore | undefined {
  const place = placeName(other)
  return stores.find(({store}) => placeName(store) === place)
}

/** The part of its locations that all data of a store has. */
export function placeName(store: Store): string {
  return store.locate('x').slice(0, -1)
}
