/** Waits: all delays of the client are here. */
import {setTimeout} from 'node:timers/promises'

/**
 * Waits.
 * @param ms milliseconds
 * @throws the reason of the signal as soon as it is aborted
 */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, signal && {signal})
  } catch (error) {
    throw signal?.reason ?? error
  }
}
