/** Sends data to the staging area of the service, for a later import. */
import {usageError} from '../../model/errors.js'
import {requireOperations} from '../operations.js'
import {sendWithProgress} from '../progress/progress.js'
import {withImage} from '../resolve.js'
import type {Change} from './change.js'
import {EMPTY_DATA, type ImageChangeOptions, prepare} from './images.js'
import {changeEach} from './several.js'

type StageOptions = Pick<ImageChangeOptions, 'data' | 'prepareOptions' | 'progress' | 'notes'>

/** Stages the data of a queued image. @throws Failure of kind `usage` for several images */
export function stageImage(namesOrIds: readonly string[], options: StageOptions): Change {
  if (namesOrIds.length > 1) throw usageError('data can be staged for one image only')
  return changeEach(namesOrIds, one => stageOne(one, options), {parts: {noun: 'image', verb: 'staged'}})
}

function stageOne(nameOrId: string, options: StageOptions): Change {
  const {data: source, prepareOptions, progress} = options
  return {
    plan: () => [
      {
        lines: [`Stage the data of image ${nameOrId}`],
        record: {action: 'stage', kind: 'image', image: nameOrId},
      },
    ],
    async *perform(api) {
      const operations = await requireOperations(api, 'imports')
      const image = await withImage(api, nameOrId, id => api.show(id))
      const input = await source.wait()
      const data = input === 'empty' && prepareOptions.allowEmpty ? EMPTY_DATA : input
      if (data === undefined || data === 'empty') throw noDataError(data)
      const facts = {what: `image ${image.id} was not changed`, stored: image.diskFormat}
      const prepared = await prepare(data, {properties: {}}, options, facts)
      const size = await sendWithProgress(prepared.data, progress, nameOrId, sent =>
        operations.stage(image.id, sent),
      ).finally(() => prepared.release())
      const {id, name, status} = await api.show(image.id)
      yield {lines: [`Staged ${size} bytes for image ${id}`], record: {id, name, status}}
      yield {note: `import the staged data with: glance update ${id} --import glance-direct`}
    },
  }
}

function noDataError(data: 'empty' | undefined) {
  return usageError('no data was staged', {
    why: data === 'empty' ? 'the input is empty' : 'no data was given',
    advice: 'Example: glance stage new-disk < disk.qcow2',
  })
}
