/** Data on servers of others: a URL that an image points to, or is copied from. */
import {
  type ByteRange,
  type DataStream,
  type RemoteStore,
  StoreForbidden,
  StoreMissing,
  StoreUnreachable,
} from '../stores/store.js'
import {ServiceError} from './errors.js'

/** The stores that may be read on behalf of a caller; never the one with the service's own files. */
export class RemoteData {
  readonly #stores: ReadonlyMap<string, RemoteStore>

  constructor(stores: readonly RemoteStore[]) {
    this.#stores = new Map(stores.flatMap(store => store.schemes.map(scheme => [scheme, store] as const)))
  }

  /** True for a location that is read from one of these stores. */
  has(location: string): boolean {
    return this.#stores.has(parseScheme(location))
  }

  /**
   * Checks a URL that a caller gives, without asking its server.
   * @throws ServiceError `unsupported-source`, `malformed-source` (wire/v1.md#f50, #f51, #f52, #f53, #f54, #f55,
   * #f56, #f66, #f69), `source-forbidden`
   */
  async check(url: string): Promise<void> {
    const store = this.#findStore(url)
    if (!URL.canParse(url)) throw new ServiceError('malformed-source', {url})
    await store.check(url).catch(throwSourceError)
  }

  /**
   * Bytes at a URL that a caller gives.
   * @throws ServiceError as `check`; `source-missing`, `source-unreachable` (wire/v1.md#f57, #f58)
   */
  async getSize(url: string): Promise<number> {
    return this.#findStore(url).getSize(url).catch(throwSourceError)
  }

  /**
   * The data, or a part of it, at the location of an image.
   * @throws ServiceError `remote-missing` (wire/v1.md#e16), `remote-forbidden`, `remote-unreachable`
   */
  open(location: string, range?: ByteRange): Promise<DataStream> {
    return this.#findStore(location).get(location, range).catch(throwRemoteError)
  }

  #findStore(url: string): RemoteStore {
    const store = this.#stores.get(parseScheme(url))
    if (store) return store
    throw new ServiceError('unsupported-source', {url})
  }
}

function parseScheme(location: string): string {
  return /^([a-z][a-z0-9+.-]*):/i.exec(location)?.[1]?.toLowerCase() ?? ''
}

/** The caller named the place, and is to blame. */
function throwSourceError(error: unknown): never {
  if (error instanceof StoreMissing) throw new ServiceError('source-missing', {}, error)
  throw translate(error, 'source')
}

/** The place was good when the image was added; the caller of today is not to blame. */
function throwRemoteError(error: unknown): never {
  if (error instanceof StoreMissing) throw new ServiceError('remote-missing', {}, error)
  throw translate(error, 'remote')
}

function translate(error: unknown, prefix: 'source' | 'remote'): unknown {
  if (error instanceof StoreForbidden) {
    return new ServiceError(`${prefix}-forbidden`, {reason: error.message}, error)
  }
  if (!(error instanceof StoreUnreachable)) return error
  return new ServiceError(`${prefix}-unreachable`, {reason: error.message}, error)
}
