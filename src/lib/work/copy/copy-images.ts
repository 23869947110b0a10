/** Copies images from one service to another: their metadata, and their data as a stream. */
import type {AddOptions, ImageApi} from '../../api/image-api.js'
import {announcedDigests} from '../../api/upload/announced-digests.js'
import {explainMissingComparison, reportedDigests} from '../../data/hash-algorithm.js'
import type {DraftWithNotices} from '../../model/draft.js'
import {Failure, usageError} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import type {Notes} from '../../model/notes.js'
import type {Change, ChangeResult, PlanStep} from '../changes/change.js'
import {toOutcome} from '../changes/several.js'
import type {DownloadSettings} from '../download/download.js'
import {findSource} from '../download/source.js'
import type {DownloadSource} from '../download/stream.js'
import {draftLines, draftRecord} from '../output/draft-view.js'
import {formatSize} from '../output/formats/size.js'
import {imageRecord} from '../output/image-record.js'
import {metadataLines} from '../output/image-view.js'
import {sendWithProgress} from '../progress/progress.js'
import {findSameContent} from '../upload/find-duplicate.js'
import {createCopyDraft, findAnnouncedDigest} from './metadata.js'
import {openSourceData, sourceMismatch} from './source-data.js'

/** The service that gets the copies. */
export interface CopyTarget {
  /** The cloud and the region, or the URL. */
  readonly name: string
  /** The options with which other commands reach it. */
  readonly options: string
  /** It is another region of the cloud of the source, so it must be another service. */
  readonly isOtherRegion: boolean
  /** @param bytes that will be sent to it */
  open(bytes: number): Promise<ImageApi>
}

/** Options of `copyImages`. */
export interface CopyOptions extends Pick<DownloadSettings, 'progress' | 'signal' | 'notes'> {
  readonly target: CopyTarget
  /** Copy nothing if the target has an image with the same data. */
  readonly ifAbsent: boolean
  /** Give the copy the id of the image. */
  readonly keepId: boolean
  /** Print the metadata of the copy. */
  readonly verbose: boolean
  readonly upload: AddOptions
  /** Receives the line to print if the program is ended while there is a part of a copy; undefined once there is none. */
  readonly onForcedExit: (line: string | undefined) => void
}

/**
 * Copies images one after the other; continues when one of several cannot be copied. The data is compared with what the
 * source reports while it is sent, and with what the target has stored; a copy that failed is deleted.
 * @param changes fields that the copies have instead of those of the images
 * @throws Failure of kind `usage` for fields that a copy cannot have
 */
export function copyImages(
  namesOrIds: readonly string[],
  {draft: changes, notices}: DraftWithNotices,
  options: CopyOptions,
): Change {
  requireCopyFields(changes, namesOrIds.length > 1)
  return {
    notices,
    async *plan(open) {
      const plan = async (copy: PreparedCopy) => planCopy(copy, options.target.name)
      yield* forEachCopy(await open(), namesOrIds, {changes, options}, plan)
    },
    parts: {noun: 'image', verb: 'copied'},
    perform: api => forEachCopy(api, namesOrIds, {changes, options}, copy => copyImage(copy, options)),
  }
}

/** What is done with each copy, or the failure of one of several. @throws the failure to open the target */
async function* forEachCopy<T>(
  api: ImageApi,
  namesOrIds: readonly string[],
  {changes, options}: {readonly changes: Changes; readonly options: CopyOptions},
  act: (copy: PreparedCopy) => Promise<T>,
): AsyncGenerator<T | Failure> {
  const isOneOfSeveral = namesOrIds.length > 1
  for (const nameOrId of namesOrIds) {
    const source = await toOutcome(() => findOwnSource(api, nameOrId, options), isOneOfSeveral)
    if (source instanceof Failure) {
      yield source
      continue
    }
    // Without it, none of the images can be copied.
    const target = await openTarget(source, options)
    const copy = async () => act(await prepareCopy(source, target, changes, options))
    yield await toOutcome(copy, isOneOfSeveral)
  }
}

type Changes = DraftWithNotices['draft']

function requireCopyFields({location, copyFrom, id, name}: Changes, isOneOfSeveral: boolean): void {
  if ((location ?? copyFrom) !== undefined) {
    throw usageError(`cannot copy an image with ${location === undefined ? 'copy_from=' : 'location='}`, {
      why: 'its data is that of the image',
    })
  }
  if (isOneOfSeveral && (id ?? name) !== undefined) {
    throw usageError(`cannot give several copies the same ${id === undefined ? 'name' : 'id'}`)
  }
}

/** An image, and the copy that will be made of it. */
interface PreparedCopy {
  readonly source: DownloadSource
  readonly target: ImageApi
  readonly draft: Changes
  /** An image of the target with the same data. */
  readonly duplicate: Image | undefined
}

async function findOwnSource(api: ImageApi, nameOrId: string, options: CopyOptions): Promise<DownloadSource> {
  const source = await findSource(api, nameOrId, options, 'copy')
  requireOwnData(source.image)
  return source
}

/** @throws Failure of kind `usage` for another region that is the same service */
async function openTarget(
  {api, image}: DownloadSource,
  {target: {open, isOtherRegion}}: CopyOptions,
): Promise<ImageApi> {
  const target = await open(image.size ?? 0)
  if (isOtherRegion && target.url === api.url) throw sameServiceError(api)
  return target
}

async function prepareCopy(
  source: DownloadSource,
  target: ImageApi,
  changes: Changes,
  {ifAbsent, keepId, notes}: CopyOptions,
): Promise<PreparedCopy> {
  const {image} = source
  const duplicate = ifAbsent ? await findCopy(target, image) : undefined
  if (duplicate !== undefined) return {source, target, draft: changes, duplicate}
  const draft = await createCopyDraft(image, keepId ? {id: image.id, ...changes} : changes, target, notes)
  return {source, target, draft, duplicate}
}

/** Nova makes images of 0 bytes of instances that boot from a volume: all they have are ids of snapshots. */
function requireOwnData({id, size, properties}: Image): void {
  if (size !== 0 || properties['block_device_mapping'] === undefined) return
  throw new Failure('conflict', `cannot copy image ${id}`, {
    why: 'it has no data of its own: it names snapshots of volumes (block_device_mapping)',
    advice: 'Make an image of the volume, and copy that: openstack image create --volume VOLUME NAME',
  })
}

function sameServiceError({url}: ImageApi): Failure {
  return usageError('the target is the service of the source', {
    why: `the region does not change its address, ${url}`,
    advice: 'Name the target with --to CLOUD or --to-url URL.',
  })
}

function findCopy(target: ImageApi, image: Image): Promise<Image | undefined> {
  const digests = reportedDigests(image).map(({algorithm, digest}) => [algorithm, digest])
  if (digests.length === 0) {
    throw new Failure('failed', `cannot look for copies of image ${image.id}`, {
      why: 'its service reports no checksum of it',
      advice: 'Leave out --if-absent.',
    })
  }
  return findSameContent(target, {size: image.size ?? undefined, digests: Object.fromEntries(digests)})
}

function planCopy({source: {image}, draft, duplicate}: PreparedCopy, target: string): PlanStep {
  if (duplicate !== undefined) {
    return {
      lines: [`Keep image ${duplicate.id} in ${target}, which has the data of image ${image.id}`],
      record: {action: 'keep', kind: 'image', image: duplicate.id, source_id: image.id, target},
    }
  }
  const size = image.size === null ? '' : ` (${formatSize(image.size)})`
  return {
    lines: [`Copy image ${image.id}${size} to ${target} with metadata:`, ...draftLines(draft)],
    record: {action: 'copy', kind: 'image', image: image.id, target, fields: draftRecord(draft)},
  }
}

async function copyImage(copy: PreparedCopy, options: CopyOptions): Promise<ChangeResult> {
  const {source, duplicate} = copy
  const {target, verbose} = options
  const image = duplicate ?? (await transfer(copy, options))
  const result =
    duplicate === undefined
      ? `Copied image ${source.image.id} to ${target.name} with ID: ${image.id}`
      : `There is an image with this data in ${target.name}, with ID: ${image.id}`
  return {
    lines: [result, ...(verbose ? metadataLines(image) : [])],
    record: {
      ...imageRecord(image),
      copied: duplicate === undefined,
      source_id: source.image.id,
      target: target.name,
    },
  }
}

/** @returns the stored image @throws Failure after which the target has no part of the copy, or with advice on it */
async function transfer({source, target, draft}: PreparedCopy, options: CopyOptions): Promise<Image> {
  const {id, name} = source.image
  const {upload, onForcedExit, target: to} = options
  const data = await openSourceData(source, {verify: findAnnouncedDigest(source.image) === undefined})
  try {
    const image = await sendWithProgress(data, options.progress, name || id, counted =>
      target.add(draft, counted, {...upload, onUnfinished: id => onForcedExit(id && adviseDeletion(id, to))}),
    )
    warnUnverified(source.image, draft, options.notes)
    return image
  } catch (error) {
    throw toCopyFailure(error, id, to)
  } finally {
    data.discard()
  }
}

function warnUnverified(image: Image, draft: Changes, notes: Notes): void {
  if (Object.keys(announcedDigests(draft)).length > 0) return
  const warning = explainMissingComparison(image)
  if (warning !== undefined) notes.warning(`image ${image.id} at the source: ${warning}`)
}

function adviseDeletion(id: string, {options}: CopyTarget): string {
  return `image ${id} was not deleted. To delete it, run: glance ${options} delete ${id}`
}

/** The commands that advice names must reach the target. */
function toCopyFailure(error: unknown, id: string, {options}: CopyTarget): unknown {
  if (!(error instanceof Failure)) return error
  const advice = error.advice?.replaceAll(/\bglance (?=delete|show)/g, `glance ${options} `)
  if (error.code !== 'other-data') return error.with({advice})
  const mismatch = sourceMismatch(id, error.why)
  return mismatch.with({advice: [advice, mismatch.advice].filter(Boolean).join(' ')})
}
