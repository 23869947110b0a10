/** Compares the target of a download with the image, so that a finished download is not repeated. */
import {createReadStream} from 'node:fs'
import {stat} from 'node:fs/promises'
import type {Destination} from '../../data/destination.js'
import type {Progress} from '../progress/progress.js'
import {displayName} from './save-file.js'
import type {DownloadSource} from './stream.js'
import {Verifier} from './verifier.js'

const MIB = 1024 * 1024

/**
 * Tells whether the file has the data of the image. Equal sizes prove nothing: without a digest, it has not.
 * @throws the reason of the signal
 */
export async function hasImageData(
  {path}: Destination,
  source: DownloadSource,
  progress: Progress,
): Promise<boolean> {
  const {image, signal} = source
  const verifier = new Verifier(image, true)
  const size = (await stat(path).catch(() => undefined))?.size
  if (verifier.algorithm === undefined || (image.size !== null && size !== image.size)) return false
  const name = `Checking ${displayName(source)}`
  progress.start({name, total: size, unit: 'bytes', isCheck: true})
  try {
    await verifier.updateFrom(createReadStream(path, {highWaterMark: MIB}), bytes => {
      signal.throwIfAborted()
      progress.advance(bytes)
    })
    await verifier.check()
    progress.complete()
    return true
  } catch {
    // Whatever the reason, the file is not known to be complete.
    progress.fail()
    verifier.cancel()
    signal.throwIfAborted()
    return false
  }
}
