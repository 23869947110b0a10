/** Pipes the data of an upload without destroying its source. */
import type {Writable} from 'node:stream'
import {finished} from 'node:stream/promises'
import type {DataMemory, DataSource} from './store.js'

/**
 * Pipes a source into a sink. Not `pipeline`, which would destroy the source: the request is still needed for the response.
 * @param ended `finished` of the source, called before the first `await` of the upload
 * @throws the reason of the signal, or the error of the source or the sink; the sink is destroyed then
 */
export async function pipeToSink(
  data: DataSource,
  ended: Promise<void>,
  sink: Writable & Partial<DataMemory>,
  signal: AbortSignal | undefined,
): Promise<void> {
  // After an abort `finished` has removed its listeners, and an error event without one would end the process.
  sink.on('error', () => {})
  const stop = lendsMemory(sink) ? data.readInto?.(sink) : undefined
  if (!stop) data.pipe(sink, {end: false})
  ended.then(
    () => sink.end(),
    error => sink.destroy(error),
  )
  try {
    await finished(sink, signal === undefined ? {} : {signal})
  } catch (error) {
    sink.destroy()
    throw signal?.aborted ? signal.reason : error
  } finally {
    stop?.()
  }
}

function lendsMemory(sink: Writable & Partial<DataMemory>): sink is Writable & DataMemory {
  return sink.lend !== undefined
}
