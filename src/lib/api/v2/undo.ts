/** Takes back the record of an image whose data did not get there. */
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import {changed} from './failures.js'
import {PATCH_TYPE} from './patch.js'
import {imagePath} from './paths.js'
import type {Wire} from './wire.js'

/** Milliseconds for taking back, also when the user has interrupted the rest. */
const PATIENCE = 10_000

/**
 * Deletes the image that we made, because of an error.
 * @param patience milliseconds
 * @returns that error, which now also says what became of the image
 */
export async function undone(
  wire: Wire,
  image: Image,
  error: unknown,
  patience = PATIENCE,
): Promise<unknown> {
  const isGone = await takenBack(wire, image, AbortSignal.timeout(patience))
  if (!(error instanceof Failure)) return error
  const outcome = isGone
    ? `The image made for it, ${image.id}, was deleted again.`
    : `The image made for it is left behind. Delete it with: glance delete ${image.id}`
  return changed(error, {advice: [error.advice, outcome].filter(Boolean).join(' ')})
}

/** Never throws. An image that is protected can be deleted by nobody. */
async function takenBack(wire: Wire, image: Image, signal: AbortSignal): Promise<boolean> {
  const path = imagePath(image.id)
  const what = `cannot delete image ${image.id}`
  try {
    if (image.protected) {
      const json = [{op: 'replace', path: '/protected', value: false}]
      await wire.done('PATCH', path, {what}, {json, type: PATCH_TYPE, signal})
    }
    await wire.done('DELETE', path, {what}, {signal, statuses: [200, 204, 404]})
    return true
  } catch {
    return false
  }
}
