/** A copy of a pipe on disk, so that it can be read again. */
import {type FileHandle, mkdtemp, open, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {addAbortSignal, type Readable} from 'node:stream'
import {Failure} from '../model/errors.js'
import type {ImageData} from './image-data.js'
import {readOpenFile} from './open-file.js'

/** Data with something behind it that must be let go in the end. */
export interface HeldData {
  readonly data: ImageData
  release(): Promise<void>
}

/**
 * Copies all bytes into the folder. The copy has no name there any more when this returns, so it goes with the process,
 * however that ends.
 */
export async function spooled(data: ImageData, folder: string, signal: AbortSignal): Promise<HeldData> {
  const place = await mkdtemp(join(folder, 'glance-')).catch(error => {
    throw notKept(folder, error)
  })
  const file = await open(join(place, 'data'), 'wx+', 0o600)
  await rm(place, {recursive: true})
  try {
    await writeAll(data.open(), file, signal)
    const {size} = await file.stat()
    return {data: {size, repeatable: true, open: () => readOpenFile(file.fd, 0)}, release: () => file.close()}
  } catch (error) {
    await file.close()
    signal.throwIfAborted()
    throw notKept(folder, error)
  }
}

async function writeAll(source: Readable, file: FileHandle, signal: AbortSignal): Promise<void> {
  for await (const chunk of addAbortSignal(signal, source) as AsyncIterable<Uint8Array>)
    await file.writeFile(chunk)
}

function notKept(folder: string, cause: unknown): Failure {
  const why = cause instanceof Error ? cause.message : String(cause)
  const advice = 'TMPDIR names the folder. Without --spool the data is sent as it comes.'
  return new Failure('failed', `the data could not be kept in ${folder}`, {why, advice, cause})
}
