/** An image with its data, added in steps to version 2 of the API: whole in the end, or taken back. */
import {randomUUID} from 'node:crypto'
import {isConnectError} from '../../../http/errors/transport-errors.js'
import {Failure} from '../../../model/errors.js'
import type {Image} from '../../../model/image.js'
import type {AddOptions} from '../../image-api.js'
import {keepRecord} from '../../upload/rollback.js'
import {imageFrom, type JsonDocument} from '../documents.js'
import {IMAGES, imagePath} from '../paths.js'
import type {CallOptions, ServiceClient} from '../service-client.js'
import type {DataTransfer} from './data-transfer.js'
import {graceSignal, rollBack} from './rollback.js'

const FAILURE_SUMMARY = 'cannot add the image'

/** Makes the record of an image, without data. */
export async function createRecord(
  client: ServiceClient,
  document: JsonDocument,
  call: CallOptions = {},
): Promise<Image> {
  return imageFrom(
    await client.json('POST', IMAGES, {what: FAILURE_SUMMARY}, {...call, json: document}),
    client.url,
  )
}

/**
 * Makes the record, and brings the data.
 * @throws Failure, after the record was taken back unless it is to be kept
 */
export async function createWithData(
  client: ServiceClient,
  document: JsonDocument,
  transfer: DataTransfer,
  options: AddOptions,
): Promise<Image> {
  const {onUnfinished} = options
  try {
    const image = await transfer.orDiscard(() =>
      document['id'] === undefined
        ? createWithOwnId(client, document, options)
        : createWithGivenId(client, document),
    )
    onUnfinished?.(image.id)
    return await transfer.run(image).catch(error => handleFailure(client, image, error, options))
  } finally {
    onUnfinished?.(undefined)
  }
}

/**
 * The id is chosen here: the request can then be repeated, and its record be taken back, though no answer came. A repeated
 * one is answered with 409 when the first was carried out.
 */
async function createWithOwnId(
  client: ServiceClient,
  document: JsonDocument,
  options: AddOptions,
): Promise<Image> {
  const id = randomUUID()
  options.onUnfinished?.(id)
  try {
    return await createRecord(client, {...document, id}, {repeatable: true, ...graceSignal(client.signal)})
  } catch (error) {
    const exists = error instanceof Failure && error.status === 409
    const image = exists ? await findExisting(client, id) : undefined
    if (image !== undefined) return image
    if (!mayExist(error)) throw error
    return handleFailure(client, {id, protected: document['protected'] === true}, error, options)
  }
}

/** A record of an id that the user chose may be somebody else's: nothing is taken back before the service says it made it. */
async function createWithGivenId(client: ServiceClient, document: JsonDocument): Promise<Image> {
  try {
    return await createRecord(client, document, graceSignal(client.signal))
  } catch (error) {
    if (!(error instanceof Failure) || error.status === 409 || !mayExist(error)) throw error
    throw error.withAdvice(`A record of it may be there all the same: glance show ${document['id']}`)
  }
}

async function findExisting(client: ServiceClient, id: string): Promise<Image | undefined> {
  const document = await client.json('GET', imagePath(id), {what: FAILURE_SUMMARY}).catch(() => undefined)
  return document === undefined ? undefined : imageFrom(document, client.url)
}

/** A refusal makes no record, unless it says that there is one; and neither does a service that was never reached. */
function mayExist(error: unknown): boolean {
  if (!(error instanceof Failure)) return true
  if (error.status !== undefined) return error.status >= 500 || error.status === 409
  return !isConnectError(error.cause)
}

async function handleFailure(
  client: ServiceClient,
  image: Pick<Image, 'id' | 'protected'>,
  error: unknown,
  {keepFailed}: AddOptions,
): Promise<never> {
  if (error instanceof Failure && error.code === 'stored') throw error
  throw keepFailed ? keepRecord(image.id, error) : await rollBack(client, image, error)
}
