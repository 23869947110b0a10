/** Sends data again when the connection broke or the service was away for a while, if the data can be read again. */
import {setTimeout} from 'node:timers/promises'
import {isConnectionReset} from '../../http/errors/transport-errors.js'
import {Failure} from '../../model/errors.js'
import type {AddOptions, ImageData} from '../image-api.js'

/** Milliseconds before each further attempt. */
const RETRY_DELAYS = [200, 1000, 5000]

export interface UploadRetryOptions<T> extends Pick<AddOptions, 'onNote'> {
  readonly data: ImageData
  readonly signal?: AbortSignal | undefined
  /** Opens the data and sends it. */
  readonly send: () => Promise<T>
  /**
   * Prepares another attempt; gives what the first one was for when the service has it after all.
   * @throws Failure when there can be no other attempt
   */
  readonly prepare?: (error: Failure) => Promise<T | undefined>
}

/** @throws Failure of the last attempt, or of the first that nobody needs to repeat */
export async function uploadWithRetry<T>({
  data,
  signal,
  send,
  prepare,
  onNote,
}: UploadRetryOptions<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await send()
    } catch (error) {
      const delay = RETRY_DELAYS[attempt]
      if (!(error instanceof Failure) || !isTemporary(error, attempt) || delay === undefined) throw error
      if (!data.repeatable) throw adviseSpool(error)
      onNote?.(
        `${error.message}: ${error.why}; sending the data again (${attempt + 1} of ${RETRY_DELAYS.length})`,
      )
      await setTimeout(delay, undefined, signal ? {signal} : {}).catch(() => {})
      signal?.throwIfAborted()
      const found = await prepare?.(error)
      if (found !== undefined) return found
    }
  }
}

/** A service that never answered is no reason to wait; one that went away in the middle may come back. */
function isTemporary({kind, status, cause}: Failure, attempt: number): boolean {
  return kind === 'unavailable' && (status !== undefined || isConnectionReset(cause) || attempt > 0)
}

function adviseSpool(error: Failure): Failure {
  const hint = 'The data came through a pipe and cannot be sent again; --spool keeps a copy on disk for that.'
  return error.withAdvice(hint)
}
