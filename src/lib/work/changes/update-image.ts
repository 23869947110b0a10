/** Updates images: their metadata, single properties and tags, and the data of a single queued one. */
import type {ImageApi} from '../../api/image-api.js'
import type {Draft, DraftWithNotices} from '../../model/draft.js'
import {Failure, usageError} from '../../model/errors.js'
import {draftLines, draftRecord} from '../output/draft-view.js'
import {imageRecord} from '../output/image-record.js'
import {imageBlock} from '../output/image-view.js'
import {withImage} from '../resolve.js'
import {importMethod, requireImports} from '../upload/import-source.js'
import type {PreparedUpload} from '../upload/prepare.js'
import type {Change} from './change.js'
import {applyEdits, checkEdits, type Edits, editLines, editRecord, isEmpty} from './edits.js'
import {type DataSource, EMPTY_DATA, type ImageChangeOptions, prepare, sendData} from './images.js'
import {changeEach} from './several.js'

/** Options of `updateImages`. */
export interface UpdateImageOptions extends ImageChangeOptions {
  /** Remove the custom properties that the draft does not name. */
  readonly purgeProperties: boolean
  readonly edits: Edits
}

/**
 * Changes the fields that the draft names, and uploads data to a single image that is still queued.
 * @throws Failure of kind `usage` when there is nothing to change, and for the data of several images
 */
export function updateImages(
  namesOrIds: readonly string[],
  draft: DraftWithNotices,
  options: UpdateImageOptions,
): Change {
  const {data} = options
  const parts = {noun: 'image', verb: 'updated'}
  if (namesOrIds.length === 1) return changeEach(namesOrIds, one => updateImage(one, draft, options), {parts})
  if (data.isMeant) throw dataForSeveral()
  const withoutData = {...options, data: NO_DATA}
  return {
    ...changeEach(namesOrIds, one => updateImage(one, draft, withoutData), {parts}),
    async check() {
      const input = data.exists ? await data.probe() : undefined
      if (input !== undefined && input !== 'empty') throw dataForSeveral()
    },
  }
}

const NO_DATA: DataSource = {
  wait: async () => undefined,
  probe: async () => undefined,
  exists: false,
  isMeant: false,
}

function dataForSeveral(): Failure {
  return usageError('data can be uploaded to one image only', {
    why: 'there is data, and several images are named',
    advice: 'Name one image, or redirect standard input from /dev/null.',
  })
}

function updateImage(
  nameOrId: string,
  {draft, notices}: DraftWithNotices,
  options: UpdateImageOptions,
): Change {
  const {data, verbose, upload, purgeProperties, edits, notes} = options
  checkEdits(edits, draft)
  const entries = draftLines(draft)
  const changesNothing =
    entries.length === 1 && Object.keys(draft.properties).length === 0 && !purgeProperties && isEmpty(edits)
  const isImport = importMethod(upload) === 'glance-direct' || importMethod(upload) === 'glance-download'
  if (changesNothing && !data.exists && !isImport) throw nothingToUpdate(nameOrId, notices)
  const isDataRequired = (changesNothing && !isImport) || data.isMeant
  return {
    notices,
    plan: () => [
      {
        lines: ['Update existing image with metadata:', ...entries, ...editLines(edits)],
        record: {
          action: 'update',
          kind: 'image',
          image: nameOrId,
          fields: draftRecord(draft),
          ...editRecord(edits),
          ...(purgeProperties && {purge_properties: true}),
        },
      },
    ],
    async *perform(api) {
      requireImports(api, upload)
      const image = await withImage(api, nameOrId, async id => {
        const edited = await applyEdits(api, id, draft, {edits, notes})
        const prepared = await prepareToUpdate(api, id, edited, {...options, isDataRequired})
        const {unset} = edits
        return sendData(prepared, options, nameOrId, data =>
          api.update(id, prepared?.draft ?? edited, {...upload, data, purgeProperties, unset}),
        ).finally(() => prepared?.release())
      })
      const more = verbose ? [`Updated image metadata for image ${image.id}:`, ...imageBlock(image)] : []
      yield {lines: [`Updated image ${image.id}`, ...more], record: imageRecord(image)}
    },
  }
}

/**
 * Only a queued image takes data. For any other, standard input is not read, and it is an error if it was meant to be
 * the data: so `while read id; do glance update ...` keeps its list.
 */
async function prepareToUpdate(
  api: ImageApi,
  id: string,
  draft: Draft,
  options: ImageChangeOptions & {readonly isDataRequired: boolean},
): Promise<PreparedUpload | undefined> {
  const {data: source, prepareOptions, isDataRequired} = options
  if (!source.exists) return undefined
  const {status, diskFormat} = await api.show(id)
  if (status === 'queued') {
    const input = await source.wait()
    const data = input === 'empty' && prepareOptions.allowEmpty ? EMPTY_DATA : input
    if (data === 'empty' && isDataRequired) throw nothingToUpdate(id)
    if (data === undefined || data === 'empty') return undefined
    return prepare(data, draft, options, {what: `image ${id} was not changed`, stored: diskFormat})
  }
  if (!isDataRequired) return undefined
  throw new Failure('conflict', `image ${id} was not changed`, {
    why: `its status is ${status}, and only a queued image takes data: the data of an image cannot be replaced`,
    advice: 'Add the data as a new image, or name the fields to change: field=value.',
  })
}

function nothingToUpdate(image: string, notices: readonly string[] = []): Failure {
  if (/^[\w.-]+=/.test(image)) {
    return usageError(`nothing to update for image '${image}'`, {
      why: 'the first argument is the image',
      advice: `If it is a field, name the image before it: glance update ID ${image}`,
    })
  }
  return usageError('nothing to update', {
    why: notices.join(' ') || undefined,
    advice: 'Name the fields to change: glance update ID field=value ...',
  })
}
