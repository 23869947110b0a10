/** Deletes the record of an image whose upload failed, in version 2 of the API. */
import type {Image} from '../../../model/image.js'
import {deleteEventually} from '../../upload/rollback.js'
import type {RollbackResult} from '../../upload/steps.js'
import {PATCH_TYPE} from '../patch.js'
import {imagePath} from '../paths.js'
import type {ServiceClient} from '../service-client.js'

/** The attributes of a record that are required to delete it. */
type DeletableRecord = Pick<Image, 'id' | 'protected'>

/** Deletes the record, unprotecting it first if necessary. */
export async function deleteRecord(
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
