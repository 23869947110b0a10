/** Data on other servers: locations of images, and URLs that they are copied from. */
import {
  type ByteRange,
  type DataStream,
  type RemoteStore,
  StoreForbidden,
  StoreMissing,
  StoreUnreachable,
} from '../stores/store.js'
import {ServiceError} from './errors.js'

/** Reads URLs through remote stores; never the service's own files. Converts errors of stores to `ServiceError`. */
export class RemoteData {
  readonly #stores: ReadonlyMap<string, RemoteStore>

  constructor(stores: readonly RemoteStore[]) {
    this.#stores = new Map(stores.flatMap(store => store.schemes.map(scheme => [scheme, store] as const)))
  }

  /** True for a location whose scheme one of the stores reads. */
  has(location: string): boolean {
    return this.#stores.has(parseScheme(location))
  }

  /**
   * Checks a URL in a request, without contacting its server.
   * @throws ServiceError `unsupported-source`, `malformed-source` (wire/v1.md#f50, #f51, #f52, #f53, #f54, #f55,
   * #f56, #f66, #f69), `source-forbidden`
   */
  async check(url: string): Promise<void> {
    const store = this.#findStore(url)
    if (!URL.canParse(url)) throw new ServiceError('malformed-source', {url})
    await store.check(url).catch(throwSourceError)
  }

  /**
   * Bytes at a URL in a request.
   * @throws ServiceError `unsupported-source`, `source-forbidden`, `source-missing`, `source-unreachable` (wire/v1.md#f57, #f58)
   */
  async getSize(url: string): Promise<number> {
    return this.#findStore(url).getSize(url).catch(throwSourceError)
  }

  /**
   * Opens the data at the location of an image, or a range of it.
   * @param signal ends the wait for the server, with its reason; it does not end the data
   * @throws ServiceError `unsupported-source`, `remote-missing` (wire/v1.md#e16), `remote-forbidden`, `remote-unreachable`
   */
  open(location: string, range?: ByteRange, signal?: AbortSignal): Promise<DataStream> {
    return this.#findStore(location)
      .get(location, range, signal)
      .catch(error => {
        signal?.throwIfAborted()
        return throwRemoteError(error)
      })
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

/** An error of a URL in the current request, which is the fault of the caller. */
function throwSourceError(error: unknown): never {
  if (error instanceof StoreMissing) throw new ServiceError('source-missing', {}, error)
  throw translate(error, 'source')
}

/** An error of a stored location, which is not the fault of the caller. */
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
