/** Deletes the record of an image whose upload failed, in version 1 of the API. */
import type {Send} from '../../../http/message.js'
import {deleteEventually} from '../../upload/rollback.js'
import type {RollbackResult} from '../../upload/steps.js'
import {expectSuccess} from '../failures.js'
import {draftHeaders} from '../headers.js'
import {imagePath} from '../paths.js'

/** A record, and the signal that ends the requests. */
export interface RecordToDelete {
  readonly id: string
  /** A protected image cannot be deleted before it is unprotected. */
  readonly isProtected: boolean
  readonly signal: AbortSignal
}

const UNPROTECTED = {
  ...draftHeaders({protected: false, properties: {}}),
  'x-glance-registry-purge-props': 'false',
}

/** Deletes the record, unprotecting it first if necessary. @param url base of the service */
export async function deleteRecord(
  url: string,
  send: Send,
  {id, isProtected, signal}: RecordToDelete,
): Promise<RollbackResult> {
  const request = {url: url + imagePath(id), signal}
  return deleteEventually(signal, async () => {
    if (isProtected) await (await send({...request, method: 'PUT', headers: UNPROTECTED})).discard()
    const reply = await send({...request, method: 'DELETE'})
    if (reply.status !== 404) await expectSuccess(reply, `cannot delete image ${id}`)
    await reply.discard()
    return reply.status === 404 ? 'none' : 'deleted'
  })
}
