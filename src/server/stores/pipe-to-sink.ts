/** Pipes the data of an upload without destroying its source. */
import type {Readable, Writable} from 'node:stream'
import {finished} from 'node:stream/promises'

/**
 * Pipes a source into a sink. Not `pipeline`, which would destroy the source: the request is still needed for the response.
 * @param ended `finished` of the source, called before the first `await` of the upload
 * @throws the reason of the signal, or the error of the source or the sink; the sink is destroyed then
 */
export async function pipeToSink(
  data: Readable,
  ended: Promise<void>,
  sink: Writable,
  signal: AbortSignal | undefined,
): Promise<void> {
  // After an abort `finished` has removed its listeners, and an error event without one would end the process.
  sink.on('error', () => {})
  data.pipe(sink, {end: false})
  ended.then(
    () => sink.end(),
    error => sink.destroy(error),
  )
  try {
    await finished(sink, signal === undefined ? {} : {signal})
  } catch (error) {
    sink.destroy()
    throw signal?.aborted ? signal.reason : error
  }
}
