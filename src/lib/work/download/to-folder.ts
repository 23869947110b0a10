/** Downloads images into a folder, each into a file with its id and format as the name. */
import type {ImageApi} from '../../api/image-api.js'
import type {Destination, DestinationFolder} from '../../data/destination.js'
import type {Output} from '../../io/io.js'
import {usageError} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import {type Change, performWithConsent} from '../changes/change.js'
import {changeEach} from '../changes/several.js'
import {withImage} from '../resolve.js'
import {downloadToFile, downloadToOutput, type FileDownloadSettings} from './download.js'

/** Characters of a format that are part of the name of a file. */
const MAX_FORMAT = 32

/** Where a download goes: into a folder or a file, otherwise to the output. */
export interface DownloadTarget {
  readonly folder: DestinationFolder | undefined
  readonly file: Destination | undefined
  readonly output: Output
}

/**
 * Downloads images, one after the other.
 * @throws Failure of kind usage for several images without a folder
 */
export function downloadImages(
  namesOrIds: readonly string[],
  {folder, file, output}: DownloadTarget,
  settings: FileDownloadSettings,
): Change {
  if (folder === undefined && namesOrIds.length > 1) {
    throw usageError(`cannot write ${namesOrIds.length} images into one file`, {
      advice: 'Name a folder for them: --dir DIR.',
    })
  }
  const download = (image: string) => {
    if (folder !== undefined) return downloadToFolder(image, folder, settings)
    return file === undefined
      ? downloadToOutput(image, output, settings)
      : downloadToFile(image, file, settings)
  }
  return changeEach(namesOrIds, download, {parts: {noun: 'image', verb: 'downloaded'}, concurrency: 1})
}

/** The name of the file is known only after the image was looked up, also for a dry run. */
function downloadToFolder(
  nameOrId: string,
  folder: DestinationFolder,
  settings: FileDownloadSettings,
): Change {
  const prepare = async (api: ImageApi): Promise<Change> => {
    const image = await withImage(api, nameOrId, id => api.show(id))
    return downloadToFile(image.id, await folder.resolveFile(toFileName(image)), settings)
  }
  return {
    async *plan(open) {
      yield* (await prepare(await open())).plan(open)
    },
    async *perform(api, consent) {
      yield* performWithConsent(await prepare(api), {consent, open: async () => api})
    },
  }
}

/** Id and format come from the service: nothing in them leads out of the folder, or is too long for a file system. */
function toFileName({id, diskFormat}: Image): string {
  const format = diskFormat?.slice(0, MAX_FORMAT) || 'img'
  return `${id}.${format}`.replaceAll(/[^\w.-]/g, '_').replace(/^\./, '_')
}
