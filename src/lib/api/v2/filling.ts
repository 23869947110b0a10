/** Where the data of an image comes from, and how it gets there: one way is chosen before anything is changed. */
import type {Send} from '../../http/message.js'
import type {Draft} from '../../model/draft.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import type {AddOptions, ImageData} from '../image-api.js'
import {assertLength, assertStored, comparable, type Expectation, expectationOf} from '../verification.js'
import {imageFrom} from './bodies.js'
import {addLocation, assertImports, checkLocation, webDownload} from './elsewhere.js'
import {imagePath} from './paths.js'
import {openSource} from './source.js'
import {assertStore} from './stores.js'
import {upload} from './upload.js'
import type {Wire} from './wire.js'

/** All that decides where data comes from. */
export interface FillingOptions {
  readonly wire: Wire
  /** Sends to other servers, without our token. */
  readonly fetch: Send
  readonly draft: Draft
  readonly data: ImageData | undefined
  readonly options: AddOptions
}

/** Brings the data to the image of that id; gives what the service must have stored then. */
type Way = (id: string) => Promise<Expectation>

export class Filling {
  readonly #wire: Wire
  readonly #onNote: AddOptions['onNote']
  readonly #verify: boolean
  readonly #way: Way | undefined
  /** Lets go of what was opened and will not be sent. */
  readonly discard: () => void

  private constructor({wire, options}: FillingOptions, way?: Way, discard: () => void = () => {}) {
    this.#wire = wire
    this.#onNote = options.onNote
    this.#verify = options.verify !== false
    this.#way = way
    this.discard = discard
  }

  /**
   * Chooses the way: the data given, a copy of a URL through us or by the service, a location, or none.
   * @throws Failure for a way that is not open, or a URL that cannot be read
   */
  static async open(all: FillingOptions): Promise<Filling> {
    const {wire, fetch, draft, data, options} = all
    const {copyFrom, location} = draft
    const {verify = true, onNote} = options
    if (draft.store !== undefined)
      await assertStore(wire, draft.store, data !== undefined || copyFrom !== undefined)
    const sending = {wire, draft, verify, onNote}
    if (data) {
      assertLength(data, draft)
      return new Filling(all, id => upload({...sending, id, data}))
    }
    if (location !== undefined) {
      checkLocation(location, draft.checksum)
      return new Filling(all, async id => {
        await addLocation(wire, id, location)
        return expectationOf(draft)
      })
    }
    if (copyFrom === undefined) return new Filling(all)
    if (options.serverImport) {
      await assertImports(wire, copyFrom)
      return new Filling(all, async id => {
        await webDownload(wire, id, draft, options.onStep)
        return verify ? {...expectationOf(draft), format: draft.diskFormat} : {}
      })
    }
    const source = await openSource(copyFrom, fetch, options.allowEmpty)
    const filling = new Filling(all, id => upload({...sending, id, data: source}), source.discard)
    await filling.elseDiscard(async () => assertLength(source, draft))
    return filling
  }

  /** Whether there is no data to bring. */
  get isEmpty(): boolean {
    return this.#way === undefined
  }

  /** Does something that comes before the data; when it fails, lets the data go. */
  async elseDiscard<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act()
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
  async into(before: Image): Promise<Image> {
    const expectation = await this.elseDiscard(async () => (await this.#way?.(before.id)) ?? {})
    const image = await this.#stored(before)
    const note = assertStored(image, await comparable(image, expectation))
    if (note !== undefined) this.#onNote?.(note)
    return image
  }

  /** What the service tells of data that it has taken; where nobody compares, that it has taken it will do. */
  async #stored(before: Image): Promise<Image> {
    const {id} = before
    const what = `the data of image ${id} is stored, but could not be verified`
    try {
      return imageFrom(await this.#wire.json('GET', imagePath(id), {what}), this.#wire.url)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      if (error.kind === 'interrupted') throw error
      if (!this.#verify) return {...before, status: 'active'}
      const advice = `Image ${id} has its data, and is kept. Look at it with: glance show ${id}`
      throw error.with({kind: 'unavailable', advice, code: 'stored'})
    }
  }
}
