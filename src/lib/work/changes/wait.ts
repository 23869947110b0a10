/** Waits until images have a status. */
import type {ImageApi} from '../../api/image-api.js'
import {stripImageUri} from '../../api/image-uri.js'
import {lookRepeatedly} from '../../api/upload/poll.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import {mapInOrder} from '../in-order.js'
import type {Progress} from '../progress/progress.js'
import {isLikeId, withImage} from '../resolve.js'
import type {Change, ChangeResult} from './change.js'

/** Concurrent requests. */
const CONCURRENCY = 8

/** Options of `waitForImages`. */
export interface WaitForOptions {
  /** The status. */
  readonly until: string
  /** Seconds. Default: no limit. */
  readonly limit: number | undefined
  /** Ends the wait; its reason is thrown. */
  readonly signal: AbortSignal | undefined
  readonly progress: Progress
}

/**
 * Waits for all images at the same time, and reports each as soon as it has the status, or cannot reach it any more. The
 * service is asked again while it is unavailable, except for the first time.
 */
export function waitForImages(namesOrIds: readonly string[], options: WaitForOptions): Change {
  const {until, progress} = options
  return {
    plan: () =>
      namesOrIds.map(image => ({
        lines: [`Wait until image ${image} is ${until}`],
        record: {action: 'wait', kind: 'image', image, until},
      })),
    parts: {noun: 'image', verb: 'waited for'},
    async *perform(api) {
      let hasFailed = false
      progress.start({name: `Waiting for ${until}`, total: namesOrIds.length, unit: 'images'})
      for await (const outcome of watchAll(api, namesOrIds, options)) {
        if (outcome instanceof Failure) hasFailed = true
        else progress.advance(1)
        if (hasFailed && namesOrIds.length === 1) throw outcome
        yield outcome instanceof Failure ? outcome : toResult(outcome)
      }
      if (!hasFailed) progress.complete()
    },
  }
}

/** The state of an image that was waited for. */
export interface ReachedState {
  /** Null for a name that no image has, while its end is waited for. */
  readonly id: string | null
  readonly name: string | null
  readonly status: string
}

/**
 * Waits for one image, as `waitForImages` does.
 * @throws Failure of kind `unavailable` at the limit, and `unverified` for an image that cannot reach the status any more
 */
export async function waitForImage(
  api: ImageApi,
  nameOrId: string,
  options: Omit<WaitForOptions, 'progress'>,
): Promise<ReachedState> {
  for await (const outcome of watchAll(api, [nameOrId], options)) {
    if (outcome instanceof Failure) throw outcome
    return outcome
  }
  throw new Error('the wait ended without a result')
}

function toResult({id, name, status}: ReachedState): ChangeResult {
  return {lines: [`Image ${id ?? name} is ${status}`], record: {id, name, status}}
}

/** An image as it was last seen; the id is null for a name that no image has. */
interface Seen extends Pick<Image, 'name' | 'status' | 'failedImport'> {
  readonly id: string | null
}

async function* watchAll(
  api: ImageApi,
  namesOrIds: readonly string[],
  {until, limit, signal}: Omit<WaitForOptions, 'progress'>,
): AsyncGenerator<ReachedState | Failure> {
  const pending = new Map<string, Seen>()
  for await (const [nameOrId, image] of mapInOrder(namesOrIds, CONCURRENCY, one => find(api, one, until)))
    if (image instanceof Failure) yield image
    else pending.set(image.id ?? nameOrId, image)
  let found: ReadonlyMap<string, Seen> | undefined = new Map(pending)
  const look = async () => {
    const images = found ?? (await lookAtAll(api, pending))
    found = undefined
    return images
  }
  for await (const images of lookRepeatedly(look, {wait: api.retryPolicy.wait, signal, limit})) {
    for (const [key, image] of images) {
      const outcome = judge(image, until)
      if (outcome === undefined) pending.set(key, image)
      else {
        pending.delete(key)
        yield outcome
      }
    }
    if (pending.size === 0) return
  }
  for (const image of pending.values()) yield timeoutError(image, until, limit)
}

/** @returns a failure for an image that does not exist, unless its end is what is waited for */
async function find(api: ImageApi, nameOrId: string, until: string): Promise<Seen | Failure> {
  try {
    return await withImage(api, nameOrId, id => api.show(id))
  } catch (error) {
    if (!(error instanceof Failure) || !['not-found', 'ambiguous'].includes(error.kind)) throw error
    if (error.kind !== 'not-found' || until !== 'deleted') return error
    const id = stripImageUri(nameOrId, api.url)
    return isLikeId(id) ? {id, name: null, status: 'deleted'} : {id: null, name: nameOrId, status: 'deleted'}
  }
}

async function lookAtAll(api: ImageApi, pending: ReadonlyMap<string, Seen>): Promise<Map<string, Seen>> {
  const images = new Map<string, Seen>()
  for await (const [[key], image] of mapInOrder([...pending], CONCURRENCY, ([, seen]) =>
    lookAgain(api, seen),
  ))
    images.set(key, image)
  return images
}

/** An image that does not exist any more is deleted. */
async function lookAgain(api: ImageApi, seen: Seen): Promise<Seen> {
  if (seen.id === null || seen.status === 'deleted') return seen
  try {
    return await api.show(seen.id)
  } catch (error) {
    if (error instanceof Failure && error.kind === 'not-found') return {...seen, status: 'deleted'}
    throw error
  }
}

/** @returns undefined for an image that must be waited for */
function judge(seen: Seen, until: string): ReachedState | Failure | undefined {
  const {id, name, status} = seen
  if (status === until) return {id, name, status}
  const why = explainDeadEnd(seen, until)
  if (why === undefined) return undefined
  const isGone = status === 'deleted' || status === 'pending_delete'
  return new Failure('unverified', `image ${id} did not become ${until}`, {
    why,
    advice: isGone ? 'Add it again.' : `Look at it with: glance show ${id}`,
  })
}

/** The statuses that an image may have after this one; any status after those that are not listed. */
const LATER_STATUSES: Readonly<Record<string, readonly string[]>> = {
  active: ['deactivated', 'pending_delete', 'deleted'],
  deactivated: ['active', 'pending_delete', 'deleted'],
  killed: ['pending_delete', 'deleted'],
  pending_delete: ['deleted'],
  deleted: [],
}

/** The reason why an image cannot reach the status any more; undefined if it can. */
function explainDeadEnd({status, failedImport}: Seen, until: string): string | undefined {
  if (LATER_STATUSES[status]?.includes(until) === false) return `it is ${status}`
  const hasFailed = status === 'queued' && failedImport && ['active', 'deactivated'].includes(until)
  return hasFailed ? `its import into the store ${failedImport} failed` : undefined
}

function timeoutError({id, status}: Seen, until: string, limit: number | undefined): Failure {
  return new Failure('unavailable', `image ${id} did not become ${until}`, {
    why: `it is still ${status} after ${limit} second${limit === 1 ? '' : 's'}`,
    advice: `Wait longer with --timeout SECONDS, or look at it with: glance show ${id}`,
  })
}
