/** Work that the service goes on with after it has answered: followed until the image has its data, or never will. */
import {setTimeout} from 'node:timers/promises'
import {Failure} from '../../model/errors.js'
import {type Json, list, record, textFrom} from './bodies.js'
import {imagePath, tasksPath} from './paths.js'
import type {Wire} from './wire.js'

/** Milliseconds before the first look, and at most between two. */
const FIRST_WAIT = 200
const LONGEST_WAIT = 5000

/** Looks without a sign of work after which its tasks are asked what became of it. */
const SOON = 3

export interface Following {
  /** What cannot be done when this fails: `cannot import http://...`. */
  readonly what: string
  readonly advice: string
  readonly onStep?: ((text: string) => void) | undefined
  /** Looks after which an image that is still queued counts as left alone; without it we wait as long as it takes. */
  readonly looks?: number
}

/**
 * Waits until the image is active.
 *
 * A failed import leaves it `queued`, with the stores that failed in `os_glance_failed_import`; the reason is in its
 * tasks (2.12), where the server has them.
 * @throws Failure with that reason
 */
export async function untilActive(wire: Wire, id: string, following: Following): Promise<void> {
  const {what, advice, onStep, looks = Number.POSITIVE_INFINITY} = following
  let before = 'queued'
  let wait = FIRST_WAIT
  for (let look = 1; ; look++) {
    await setTimeout(wait, undefined, wire.signal ? {signal: wire.signal} : {}).catch(() => {})
    wire.signal?.throwIfAborted()
    wait = Math.min(wait * 1.5, LONGEST_WAIT)
    const image = record(await wire.json('GET', imagePath(id), {what}), 'id')
    const status = textFrom(image['status']) ?? 'unknown'
    if (status === 'active') return
    if (status !== before) onStep?.(`image ${id} is ${status}`)
    before = status
    const why = await reasonOfEnd(wire, id, image, look)
    if (why !== undefined) throw new Failure('failed', what, {why, advice})
    if (status === 'queued' && look >= looks)
      throw new Failure('failed', what, {why: 'the service took it, and then did nothing', advice})
  }
}

async function reasonOfEnd(wire: Wire, id: string, image: Json, look: number): Promise<string | undefined> {
  const status = textFrom(image['status']) ?? ''
  if (/^(killed|deleted|pending_delete)$/.test(status)) return `the image is ${status}`
  const failed = textFrom(image['os_glance_failed_import'])
  if (failed) return (await failedTask(wire, id)) ?? `the import into the store ${failed} failed`
  return status === 'queued' && look >= SOON ? failedTask(wire, id) : undefined
}

/** The words of the last task of the image, when that failed. */
async function failedTask(wire: Wire, id: string): Promise<string | undefined> {
  const reply = await wire.send('GET', tasksPath(id))
  if (reply.status !== 200) {
    await reply.discard()
    return undefined
  }
  const tasks = list(await reply.json(), 'tasks').map(task => record(task, 'tasks'))
  const created = (task: Json) => textFrom(task['created_at']) ?? ''
  const last = tasks.sort((a, b) => (created(a) < created(b) ? 1 : -1))[0]
  if (last?.['status'] !== 'failure') return undefined
  return textFrom(last['message']) || 'its task failed and gives no reason'
}

/** Undefined while the service does not answer. */
export async function statusOf(wire: Wire, id: string): Promise<string | undefined> {
  try {
    const image = record(await wire.json('GET', imagePath(id), {what: `cannot see image ${id}`}), 'id')
    return textFrom(image['status']) ?? 'unknown'
  } catch (error) {
    wire.signal?.throwIfAborted()
    return error instanceof Failure && error.kind === 'unavailable' ? undefined : 'unknown'
  }
}
