/** Chooses how the data of an image gets to the service: sent by the client, fetched by the service, or registered. */
import type {Send} from '../../../http/message.js'
import type {RetryPolicy} from '../../../http/retry/retry-policy.js'
import {type Draft, requireDataForStore} from '../../../model/draft.js'
import type {ImportSource} from '../../../model/image.js'
import type {AddOptions, ImageData} from '../../image-api.js'
import {withAnnouncedSize} from '../../upload/announced-size.js'
import type {Meter} from '../../upload/meter.js'
import type {ServiceClient} from '../service-client.js'
import {openCopySource} from './copy-from.js'
import {addLocation, assertImportAvailable, checkLocation, importData} from './import.js'
import {sendData} from './send-data.js'
import {stageData} from './stage.js'
import {assertStoreExists} from './stores.js'

/** The data, and the clients to transfer it with. */
export interface TransferOptions {
  readonly client: ServiceClient
  /** Sends to other servers, without the token. */
  readonly externalSend: Send
  readonly retryPolicy: RetryPolicy
  readonly draft: Draft
  readonly data: ImageData | undefined
  readonly options: AddOptions
}

/** A transfer that was not started yet. */
export interface DataTransfer {
  readonly draft: Draft
  /** Undefined if the service fetches the data. */
  readonly data: ImageData | undefined
  /** The service may convert the data, so that it differs from what was sent. */
  readonly mayConvert?: true
  /** Status of an image that takes the data; it is `uploading` once data was staged. */
  readonly takes: 'queued' | 'uploading'
  /** Transfers the data to the image of this id. */
  send(id: string, meter: Meter | undefined): Promise<void>
  /** Closes a source that was opened and will not be read. */
  discard(): void
}

/**
 * Prepares the transfer; changes nothing yet.
 * @returns undefined if there is no data
 * @throws Failure for a method that the service does not support, or a URL that cannot be read
 */
export async function openTransfer(all: TransferOptions): Promise<DataTransfer | undefined> {
  const {client, externalSend, retryPolicy, draft, data, options} = all
  const {copyFrom, location, store} = draft
  const source = chooseImport(options, copyFrom)
  requireDataForStore(
    draft,
    [data, copyFrom, source].some(part => part !== undefined),
  )
  if (store !== undefined) await assertStoreExists(client, store)
  if (source !== undefined) {
    await assertImportAvailable(client, source, draft)
    return importTransfer(all, source)
  }
  if (data) return transferData(all, withAnnouncedSize(data, draft), () => {})
  if (location !== undefined) {
    checkLocation(location, draft.checksum)
    return transferBy(draft, id => addLocation(client, id, location, retryPolicy.wait))
  }
  if (copyFrom === undefined) return undefined
  const copy = await openCopySource(copyFrom, externalSend, options.allowEmpty)
  return transferData(all, copy, copy.discard)
}

/** The import that the options ask for; a URL is fetched only if there is one. */
function chooseImport({serverImport}: AddOptions, copyFrom: string | undefined): ImportSource | undefined {
  const source: ImportSource | undefined =
    serverImport === true ? {method: 'web-download'} : serverImport || undefined
  return source?.method === 'web-download' && copyFrom === undefined ? undefined : source
}

function importTransfer(
  {client, retryPolicy, draft, data, options}: TransferOptions,
  source: ImportSource,
): DataTransfer {
  const finish = (id: string) => importData(client, id, {source, draft}, {...options, wait: retryPolicy.wait})
  if (source.method !== 'glance-direct') return transferBy(draft, finish)
  if (data === undefined) return {...transferBy(draft, finish), takes: 'uploading'}
  const send = async (id: string, meter: Meter | undefined) => {
    await stageData(client, id, data, meter)
    await finish(id)
  }
  return {draft, data, mayConvert: true, takes: 'queued', send, discard: () => {}}
}

function transferData({client, draft}: TransferOptions, data: ImageData, discard: () => void): DataTransfer {
  const send = (id: string, meter: Meter | undefined) => sendData(client, {id, draft, data, meter})
  return {draft, data, takes: 'queued', send, discard}
}

function transferBy(draft: Draft, send: (id: string) => Promise<void>): DataTransfer {
  return {draft, data: undefined, takes: 'queued', send, discard: () => {}}
}
