/** Chooses how the data of an image gets to the service: sent by the client, fetched by the service, or registered. */
import type {Send} from '../../../http/message.js'
import type {RetryPolicy} from '../../../http/retry/retry-policy.js'
import type {Draft} from '../../../model/draft.js'
import type {AddOptions, ImageData} from '../../image-api.js'
import {withAnnouncedSize} from '../../upload/announced-size.js'
import type {Meter} from '../../upload/meter.js'
import type {ServiceClient} from '../service-client.js'
import {openCopySource} from './copy-from.js'
import {addLocation, assertImportAvailable, checkLocation, importFromUrl} from './import.js'
import {sendData} from './send-data.js'
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
  /** Transfers the data to the queued image of this id. */
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
  if (store !== undefined)
    await assertStoreExists(client, store, data !== undefined || copyFrom !== undefined)
  if (data) return transferData(all, withAnnouncedSize(data, draft), () => {})
  if (location !== undefined) {
    checkLocation(location, draft.checksum)
    return transferBy(draft, id => addLocation(client, id, location, retryPolicy.wait))
  }
  if (copyFrom === undefined) return undefined
  if (options.serverImport) {
    await assertImportAvailable(client, copyFrom)
    return transferBy(draft, id => importFromUrl(client, id, draft, {...options, wait: retryPolicy.wait}))
  }
  const source = await openCopySource(copyFrom, externalSend, options.allowEmpty)
  return transferData(all, source, source.discard)
}

function transferData({client, draft}: TransferOptions, data: ImageData, discard: () => void): DataTransfer {
  return {draft, data, send: (id, meter) => sendData(client, {id, draft, data, meter}), discard}
}

function transferBy(draft: Draft, send: (id: string) => Promise<void>): DataTransfer {
  return {draft, data: undefined, send, discard: () => {}}
}
