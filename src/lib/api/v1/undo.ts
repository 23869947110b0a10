/** Takes back the record of an image whose data did not get there, in version 1 of the API. */
import {setTimeout} from 'node:timers/promises'
import type {Send} from '../../http/message.js'
import type {TakenBack} from '../undo.js'
import {succeeded} from './failures.js'
import {draftHeaders} from './headers.js'
import {imagePath} from './paths.js'

export interface Taking {
  readonly id: string
  /** A protected image can be deleted by nobody. */
  readonly isProtected: boolean
  readonly signal: AbortSignal
}

/** Milliseconds after which the record of a request that was cut off is there, if it will ever be. */
const SOON = 250

/** Deletes the record; it may also come up a moment after the request for it was cut off. */
export async function takenBack(
  url: string,
  send: Send,
  {id, isProtected, signal}: Taking,
): Promise<TakenBack> {
  const request = {url: url + imagePath(id), signal}
  if (isProtected) {
    const headers = {
      ...draftHeaders({protected: false, properties: {}}),
      'x-glance-registry-purge-props': 'false',
    }
    await (await send({...request, method: 'PUT', headers})).discard()
  }
  const remove = async () => {
    const reply = await send({...request, method: 'DELETE'})
    if (reply.status !== 404) await succeeded(reply, `cannot delete image ${id}`)
    await reply.discard()
    return reply.status === 404 ? 'none' : 'deleted'
  }
  const outcome = await remove()
  if (outcome === 'deleted') return outcome
  await setTimeout(SOON, undefined, {signal})
  return remove()
}
