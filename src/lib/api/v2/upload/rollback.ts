/** Takes back the record of an image whose data did not get there, in version 2 of the API. */
import type {Image} from '../../../model/image.js'
import {deleteEventually, type RollbackResult, rollBack as undoneBy} from '../../upload/rollback.js'
import {PATCH_TYPE} from '../patch.js'
import {imagePath} from '../paths.js'
import type {ServiceClient} from '../service-client.js'

/** All that must be known of a record to delete it. */
type DeletableRecord = Pick<Image, 'id' | 'protected'>

/**
 * Deletes the image that we made, because of an error.
 * @param timeout milliseconds
 * @returns that error, which now also says what became of the image
 */
export function rollBack(
  client: ServiceClient,
  image: DeletableRecord,
  error: unknown,
  timeout?: number,
): Promise<unknown> {
  return undoneBy(image.id, error, signal => deleteRecord(client, image, signal), timeout)
}

/**
 * The signal of a request that makes a record: when everything else ends, it may still be answered, so that nobody has to
 * guess whether there is something to take back.
 */
export function graceSignal(signal: AbortSignal | undefined): {signal?: AbortSignal} {
  if (signal === undefined) return {}
  const controller = new AbortController()
  const startTimer = () =>
    AbortSignal.timeout(GRACE_PERIOD).addEventListener('abort', () => controller.abort(signal.reason))
  if (signal.aborted) return {signal}
  signal.addEventListener('abort', startTimer, {once: true})
  return {signal: controller.signal}
}

/** Milliseconds. */
const GRACE_PERIOD = 5000

/** An image that is protected can be deleted by nobody. */
async function deleteRecord(
  client: ServiceClient,
  image: DeletableRecord,
  signal: AbortSignal,
): Promise<RollbackResult> {
  const path = imagePath(image.id)
  const what = `cannot delete image ${image.id}`
  return deleteEventually(signal, async () => {
    if (image.protected) {
      const json = [{op: 'replace', path: '/protected', value: false}]
      await client.callAndDiscard(
        'PATCH',
        path,
        {what},
        {json, type: PATCH_TYPE, signal, statuses: [200, 204, 404]},
      )
    }
    const reply = await client.call('DELETE', path, {what}, {signal, statuses: [200, 204, 404]})
    await reply.discard()
    return reply.status === 404 ? 'none' : 'deleted'
  })
}
