/** Copies a pipe to disk, so that it can be read again. */
import {type FileHandle, mkdtemp, open, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {addAbortSignal, type Readable} from 'node:stream'
import {readOpenFile} from '../io/streams/open-file.js'
import {Failure} from '../model/errors.js'
import type {ImageData} from './image-data.js'

/** Data that holds a resource until it is released. */
export interface ReleasableData {
  readonly data: ImageData
  /** Frees the resource; the data cannot be read any more. */
  release(): Promise<void>
}

/**
 * Copies all bytes into the folder. The file has no name any more when this returns, so that it disappears with the
 * process, however that ends.
 * @throws Failure of kind failed when the data cannot be copied; the reason of the signal when it is aborted
 */
export async function spoolData(
  data: ImageData,
  folder: string,
  signal: AbortSignal,
): Promise<ReleasableData> {
  const tempFolder = await mkdtemp(join(folder, 'glance-')).catch(error => {
    throw spoolFailure(folder, error)
  })
  const file = await open(join(tempFolder, 'data'), 'wx+', 0o600)
  await rm(tempFolder, {recursive: true})
  try {
    await writeAll(data.open(), file, signal)
    const {size} = await file.stat()
    return {data: {size, repeatable: true, open: () => readOpenFile(file.fd, 0)}, release: () => file.close()}
  } catch (error) {
    await file.close()
    signal.throwIfAborted()
    throw spoolFailure(folder, error)
  }
}

async function writeAll(source: Readable, file: FileHandle, signal: AbortSignal): Promise<void> {
  for await (const chunk of addAbortSignal(signal, source) as AsyncIterable<Uint8Array>)
    await file.writeFile(chunk)
}

function spoolFailure(folder: string, cause: unknown): Failure {
  const why = cause instanceof Error ? cause.message : String(cause)
  const advice = 'Set TMPDIR to another folder, or leave out --spool to send the data as it is read.'
  return new Failure('failed', `cannot copy the data to ${folder}`, {why, advice, cause})
}
