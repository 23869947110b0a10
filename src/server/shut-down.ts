/** The end of a service: running requests and jobs finish, or are aborted at the deadline. */
import type {App} from './http/app.js'
import {stopListening} from './http/listen.js'
import type {JobQueue} from './jobs/queue.js'

/** Milliseconds for aborted uploads to send their responses. */
const ANSWER_GRACE = 2000

/** Milliseconds for clients to use the connections that they keep open, and to learn with a response that they are closed. */
const LINGER = 1000

/** Accepts no more connections, and waits until clients have closed those without a request, for a second at most. */
export async function drain({fastify}: App): Promise<void> {
  const closed = new Promise(resolve => fastify.server.once('close', resolve))
  stopListening(fastify)
  await settlesWithin(LINGER, closed)
}

/**
 * Accepts no more requests, and waits for those that run.
 * @param interrupt aborts uploads and jobs
 * @param graceSeconds after which they are aborted
 */
export async function shutDown(
  {fastify, connections}: App,
  interrupt: () => void,
  queue: Pick<JobQueue, 'stop' | 'idle'>,
  graceSeconds: number,
): Promise<void> {
  const closed = fastify.close()
  queue.stop()
  const idle = Promise.all([connections.whenIdle(), queue.idle()])
  if (!(await settlesWithin(graceSeconds * 1000, idle))) {
    interrupt()
    await settlesWithin(ANSWER_GRACE, idle)
  }
  connections.closeAll()
  // Work that never ends must not keep the process: what it leaves is recovered at the next start.
  await settlesWithin(ANSWER_GRACE, idle)
  await closed
}

/** Waits for work that the end of the service has ended, unless it is stuck, for example at a store that does not answer. */
export function waitBriefly(work: Promise<unknown>): Promise<boolean> {
  return settlesWithin(ANSWER_GRACE, work)
}

/** True if the promise is fulfilled within the given milliseconds; rejects if it rejects first. */
async function settlesWithin(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<false>(resolve => {
    timer = setTimeout(resolve, milliseconds, false)
  })
  const inTime = await Promise.race([promise.then(() => true), timeout])
  clearTimeout(timer)
  return inTime
}
