/** Takes back the record of an image whose data did not get there, in version 2 of the API. */
import type {Image} from '../../model/image.js'
import {removedInTheEnd, type TakenBack, undone as undoneBy} from '../undo.js'
import {PATCH_TYPE} from './patch.js'
import {imagePath} from './paths.js'
import type {Wire} from './wire.js'

/** All that must be known of a record to delete it. */
type Doomed = Pick<Image, 'id' | 'protected'>

/**
 * Deletes the image that we made, because of an error.
 * @param patience milliseconds
 * @returns that error, which now also says what became of the image
 */
export function undone(wire: Wire, image: Doomed, error: unknown, patience?: number): Promise<unknown> {
  return undoneBy(image.id, error, signal => takenBack(wire, image, signal), patience)
}

/**
 * The signal of a request that makes a record: when everything else ends, it may still be answered, so that nobody has to
 * guess whether there is something to take back.
 */
export function lingering(signal: AbortSignal | undefined): {signal?: AbortSignal} {
  if (signal === undefined) return {}
  const end = new AbortController()
  const start = () => AbortSignal.timeout(PATIENCE).addEventListener('abort', () => end.abort(signal.reason))
  if (signal.aborted) return {signal}
  signal.addEventListener('abort', start, {once: true})
  return {signal: end.signal}
}

/** Milliseconds. */
const PATIENCE = 5000

/** An image that is protected can be deleted by nobody. */
async function takenBack(wire: Wire, image: Doomed, signal: AbortSignal): Promise<TakenBack> {
  const path = imagePath(image.id)
  const what = `cannot delete image ${image.id}`
  return removedInTheEnd(signal, async () => {
    if (image.protected) {
      const json = [{op: 'replace', path: '/protected', value: false}]
      await wire.done('PATCH', path, {what}, {json, type: PATCH_TYPE, signal, statuses: [200, 204, 404]})
    }
    const reply = await wire.call('DELETE', path, {what}, {signal, statuses: [200, 204, 404]})
    await reply.discard()
    return reply.status === 404 ? 'none' : 'deleted'
  })
}
