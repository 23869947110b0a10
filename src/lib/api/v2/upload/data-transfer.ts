/** Where the data of an image comes from, and how it gets there: one way is chosen before anything is changed. */
import type {Send} from '../../../http/message.js'
import type {Draft} from '../../../model/draft.js'
import {Failure} from '../../../model/errors.js'
import type {Image} from '../../../model/image.js'
import type {AddOptions, ImageData} from '../../image-api.js'
import {
  addComparableDigest,
  assertLength,
  assertStored,
  type Expectation,
  expectationFrom,
} from '../../upload/verification.js'
import {imageFrom} from '../documents.js'
import {imagePath} from '../paths.js'
import type {ServiceClient} from '../service-client.js'
import {openCopySource} from './copy-from.js'
import {addLocation, assertImportAvailable, checkLocation, importFromUrl} from './import.js'
import {assertStoreExists} from './stores.js'
import {uploadData} from './upload-data.js'

/** All that decides where data comes from. */
export interface DataTransferOptions {
  readonly client: ServiceClient
  /** Sends to other servers, without our token. */
  readonly externalSend: Send
  readonly draft: Draft
  readonly data: ImageData | undefined
  readonly options: AddOptions
}

/** Brings the data to the image of that id; gives what the service must have stored then. */
type TransferMethod = (id: string) => Promise<Expectation>

export class DataTransfer {
  readonly #client: ServiceClient
  readonly #onNote: AddOptions['onNote']
  readonly #verify: boolean
  readonly #method: TransferMethod | undefined
  /** Lets go of what was opened and will not be sent. */
  readonly discard: () => void

  private constructor(
    {client, options}: DataTransferOptions,
    method?: TransferMethod,
    discard: () => void = () => {},
  ) {
    this.#client = client
    this.#onNote = options.onNote
    this.#verify = options.verify !== false
    this.#method = method
    this.discard = discard
  }

  /**
   * Chooses the way: the data given, a copy of a URL through us or by the service, a location, or none.
   * @throws Failure for a way that is not open, or a URL that cannot be read
   */
  static async open(all: DataTransferOptions): Promise<DataTransfer> {
    const {client, externalSend, draft, data, options} = all
    const {copyFrom, location} = draft
    const {verify = true, onNote} = options
    if (draft.store !== undefined)
      await assertStoreExists(client, draft.store, data !== undefined || copyFrom !== undefined)
    const common = {client, draft, verify, onNote}
    if (data) {
      assertLength(data, draft)
      return new DataTransfer(all, id => uploadData({...common, id, data}))
    }
    if (location !== undefined) {
      checkLocation(location, draft.checksum)
      return new DataTransfer(all, async id => {
        await addLocation(client, id, location)
        return expectationFrom(draft)
      })
    }
    if (copyFrom === undefined) return new DataTransfer(all)
    if (options.serverImport) {
      await assertImportAvailable(client, copyFrom)
      return new DataTransfer(all, async id => {
        await importFromUrl(client, id, draft, options.onStep)
        return verify ? {...expectationFrom(draft), format: draft.diskFormat} : {}
      })
    }
    const source = await openCopySource(copyFrom, externalSend, options.allowEmpty)
    const transfer = new DataTransfer(all, id => uploadData({...common, id, data: source}), source.discard)
    await transfer.orDiscard(async () => assertLength(source, draft))
    return transfer
  }

  /** Whether there is no data to bring. */
  get isEmpty(): boolean {
    return this.#method === undefined
  }

  /** Does something that comes before the data; when it fails, lets the data go. */
  async orDiscard<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action()
    } catch (error) {
      this.discard()
      throw error
    }
  }

  /**
   * Brings the data to that image, and looks at what is there then.
   * @throws Failure of kind `unverified` when that is not what it should be; with the code `stored` when it could not be
   * looked at, which is no reason to take it back
   */
  async run(before: Image): Promise<Image> {
    const expectation = await this.orDiscard(async () => (await this.#method?.(before.id)) ?? {})
    const image = await this.#readStored(before)
    const note = assertStored(image, await addComparableDigest(image, expectation))
    if (note !== undefined) this.#onNote?.(note)
    return image
  }

  /** What the service tells of data that it has taken; where nobody compares, that it has taken it will do. */
  async #readStored(before: Image): Promise<Image> {
    const {id} = before
    const what = `the data of image ${id} is stored, but could not be verified`
    try {
      return imageFrom(await this.#client.json('GET', imagePath(id), {what}), this.#client.url)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      if (error.kind === 'interrupted') throw error
      if (!this.#verify) return {...before, status: 'active'}
      const advice = `Image ${id} has its data, and is kept. Look at it with: glance show ${id}`
      throw error.with({kind: 'unavailable', advice, code: 'stored'})
    }
  }
}
