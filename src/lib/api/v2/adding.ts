/** An image with its data, added in steps to version 2 of the API: whole in the end, or taken back. */
import {randomUUID} from 'node:crypto'
import {neverConnected} from '../../http/trouble.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import type {AddOptions} from '../image-api.js'
import {kept} from '../undo.js'
import {imageFrom, type Json} from './bodies.js'
import type {Filling} from './filling.js'
import {IMAGES, imagePath} from './paths.js'
import {lingering, undone} from './undo.js'
import type {Call, Wire} from './wire.js'

const WHAT = 'cannot add the image'

/** Makes the record of an image, without data. */
export async function registered(wire: Wire, document: Json, call: Call = {}): Promise<Image> {
  return imageFrom(await wire.json('POST', IMAGES, {what: WHAT}, {...call, json: document}), wire.url)
}

/**
 * Makes the record, and brings the data.
 * @throws Failure, after the record was taken back unless it is to be kept
 */
export async function added(
  wire: Wire,
  document: Json,
  filling: Filling,
  options: AddOptions,
): Promise<Image> {
  const {onUnfinished} = options
  try {
    const image = await filling.elseDiscard(() =>
      document['id'] === undefined ? recordOfOurs(wire, document, options) : recordOfTheirs(wire, document),
    )
    onUnfinished?.(image.id)
    return await filling.into(image).catch(error => failed(wire, image, error, options))
  } finally {
    onUnfinished?.(undefined)
  }
}

/**
 * The id is chosen here: the request can then be repeated, and its record be taken back, though no answer came. A repeated
 * one is answered with 409 when the first was carried out.
 */
async function recordOfOurs(wire: Wire, document: Json, options: AddOptions): Promise<Image> {
  const id = randomUUID()
  options.onUnfinished?.(id)
  try {
    return await registered(wire, {...document, id}, {repeatable: true, ...lingering(wire.signal)})
  } catch (error) {
    const isThere = error instanceof Failure && error.status === 409
    const image = isThere ? await existing(wire, id) : undefined
    if (image !== undefined) return image
    if (!mayHaveMade(error)) throw error
    return failed(wire, {id, protected: document['protected'] === true}, error, options)
  }
}

/** A record of an id that the user chose may be somebody else's: nothing is taken back before the service says it made it. */
async function recordOfTheirs(wire: Wire, document: Json): Promise<Image> {
  try {
    return await registered(wire, document, lingering(wire.signal))
  } catch (error) {
    if (!(error instanceof Failure) || error.status === 409 || !mayHaveMade(error)) throw error
    throw error.advised(`A record of it may be there all the same: glance show ${document['id']}`)
  }
}

async function existing(wire: Wire, id: string): Promise<Image | undefined> {
  const document = await wire.json('GET', imagePath(id), {what: WHAT}).catch(() => undefined)
  return document === undefined ? undefined : imageFrom(document, wire.url)
}

/** A refusal makes no record, unless it says that there is one; and neither does a service that was never reached. */
function mayHaveMade(error: unknown): boolean {
  if (!(error instanceof Failure)) return true
  if (error.status !== undefined) return error.status >= 500 || error.status === 409
  return !neverConnected(error.cause)
}

async function failed(
  wire: Wire,
  image: Pick<Image, 'id' | 'protected'>,
  error: unknown,
  {keepFailed}: AddOptions,
): Promise<never> {
  if (error instanceof Failure && error.code === 'stored') throw error
  throw keepFailed ? kept(image.id, error) : await undone(wire, image, error)
}
