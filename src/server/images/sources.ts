/** Foreign sources of data: a URL that an image points to, or is copied from. */
import {
  type ByteRange,
  type ForeignStore,
  StoreForbidden,
  StoreMissing,
  StoreUnreachable,
  type Stream,
} from '../stores/store.js'
import type {ImageInput} from './input.js'
import {Refused} from './refusals.js'

/** The stores that may be read on behalf of a caller; never the one with our own files. */
export class Sources {
  readonly #stores: ReadonlyMap<string, ForeignStore>

  constructor(stores: readonly ForeignStore[]) {
    this.#stores = new Map(stores.flatMap(store => store.schemes.map(scheme => [scheme, store] as const)))
  }

  /** Whether data of that location is to be asked from here. */
  knows(location: string): boolean {
    return this.#stores.has(schemeOf(location))
  }

  /**
   * The URL an image is to take its data from, location before copy-from; undefined when there is none.
   * @throws Refused `bad-value` for one that is empty, of a foreign scheme or no URL (v1-wire F50 to F56, F66, F69),
   *   `source-forbidden` for one that is not fetched from
   */
  async wanted(input: ImageInput): Promise<string | undefined> {
    const source = input.location !== undefined ? input.location : input.copyFrom
    if (source === undefined) return undefined
    if (!source) throw new Refused('bad-value', 'External source should not be empty')
    if (!this.knows(source)) {
      throw new Refused('bad-value', `External sources are not supported: '${source}'`)
    }
    if (!URL.canParse(source)) throw new Refused('bad-value', `Invalid location ${source}`)
    await this.check(source)
    return source
  }

  /** Whether it will be fetched from, before it is. @throws Refused `source-forbidden`, or `bad-value` for no web address */
  async check(source: string): Promise<void> {
    try {
      await this.#storeOf(source).check(source)
    } catch (error) {
      throw refusalOf(error, atFirst)
    }
  }

  /**
   * Bytes at the source.
   * @throws Refused when there is nothing or nobody (v1-wire F57, F58)
   */
  async sizeOf(source: string): Promise<number> {
    try {
      return await this.#storeOf(source).sizeOf(source)
    } catch (error) {
      throw refusalOf(error, atFirst)
    }
  }

  /** The data. @throws Refused when there is nothing (v1-wire E16) or nobody */
  async get(source: string, range?: ByteRange): Promise<Stream> {
    try {
      return await this.#storeOf(source).get(source, range)
    } catch (error) {
      throw refusalOf(error, later)
    }
  }

  #storeOf(source: string): ForeignStore {
    const store = this.#stores.get(schemeOf(source))
    if (!store) throw new Refused('bad-value', `External sources are not supported: '${source}'`)
    return store
  }
}

function schemeOf(location: string): string {
  return /^([a-z][a-z0-9+.-]*):/i.exec(location)?.[1]?.toLowerCase() ?? ''
}

/** How it is said that nothing may be fetched, and that nobody answers. */
interface Words {
  readonly forbidden: (error: Error) => Refused
  readonly unreachable: (error: Error) => Refused
}

function refusalOf(error: unknown, {forbidden, unreachable}: Words): unknown {
  if (error instanceof StoreMissing) {
    return new Refused('no-foreign-data', 'HTTP datastore could not find image at URI.', error)
  }
  if (error instanceof StoreForbidden) return forbidden(error)
  return error instanceof StoreUnreachable ? unreachable(error) : error
}

const ADVICE = 'The service fetches from there only when it was started with --fetch-from-anywhere.'

/** The caller named the place: his mistake. */
const atFirst: Words = {
  forbidden: error => new Refused('source-forbidden', `${error.message}. ${ADVICE}`, error),
  unreachable: error => new Refused('bad-value', `The HTTP URL is invalid: ${error.message}`, error),
}

/** The place was a good one when the image was added: not the mistake of whoever asks now. */
const later: Words = {
  forbidden: error => new Refused('source-closed', `${error.message}. ${ADVICE}`, error),
  unreachable: error =>
    new Refused('source-unavailable', `The source of the image does not answer: ${error.message}`, error),
}
