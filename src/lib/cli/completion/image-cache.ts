/** Ids and names of images, and ids of stores, for completion: read from a file, which a process in the background keeps up to date. */
import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {utimes} from 'node:fs/promises'
import {join} from 'node:path'
import {cacheFolder} from '../../io/cache-folder.js'
import type {Io} from '../../io/io.js'
import {
  createPrivateFolder,
  readPrivateFile,
  removeStale,
  replacePrivateFile,
} from '../../io/private-files.js'
import {isJsonObject} from '../../model/json-object.js'
import type {CompletionTable} from './table.js'

/** What a file lists. */
export type ListedKind = 'images' | 'stores'

/** An image as completion knows it; a store has an id only. */
export interface KnownImage {
  readonly id: string
  readonly name: string
  readonly status: string
}

/** The file with the images or the stores of a service as a caller sees them. */
export interface ImageFile {
  readonly path: string
  readonly kind: ListedKind
  /** The flags that select the service, for the command that lists them. */
  readonly flags: readonly string[]
}

/** Images in a file. */
export const MAX_IMAGES = 500

/** Characters of an id or a name; services allow 255. An image with more is left out. */
const MAX_CHARACTERS = 255

/** Milliseconds after which the images are fetched again. */
const FRESH_MS = 60_000

const FORMAT = 1

/**
 * The file for the service that flags and variables select; undefined without a home folder, and if the shell has yet to
 * replace a variable in one of the flags.
 * @param flags flags of the command line with their values
 */
export function locateImages(
  kind: ListedKind,
  flags: ReadonlyMap<string, string>,
  io: Pick<Io, 'cwd' | 'env' | 'home'>,
  {connection, flags: known}: CompletionTable,
): ImageFile | undefined {
  const folder = cacheFolder(io)
  const given = [...flags].filter(([name]) => connection.flags.includes(name))
  if (folder === undefined || given.some(([, value]) => /[$`]/.test(value))) return undefined
  const variables = connection.variables.map(name => [name, io.env[name]])
  const hasClouds = ['yaml', 'yml', 'json'].some(ending => existsSync(join(io.cwd, `clouds.${ending}`)))
  const inputs = JSON.stringify([given.toSorted(), variables, hasClouds ? io.cwd : ''])
  const key = createHash('sha256').update(inputs).digest('hex')
  return {
    path: join(folder, `${kind}-${key}.json`),
    kind,
    flags: given.map(([name, value]) =>
      known[name]?.type === 'boolean' ? `--${name}` : `--${name}=${value}`,
    ),
  }
}

/**
 * The images in the file, and whether to fetch them again; for that, the caller has been chosen: no other will be. A file
 * that cannot be read is replaced.
 */
export async function readImages({
  path,
}: ImageFile): Promise<{readonly images: readonly KnownImage[]; readonly isStale: boolean}> {
  const file = await readPrivateFile(path).catch(() => undefined)
  const images = file && parseImages(file.text)
  const isStale = file === undefined || images === undefined || Date.now() - file.mtimeMs > FRESH_MS
  if (images === undefined) await writeImages(path, [])
  else if (isStale) await utimes(path, new Date(), new Date())
  return {images: images ?? [], isStale}
}

/** Writes the file. @param images the first ones are kept */
export async function writeImages(path: string, images: readonly KnownImage[]): Promise<void> {
  const folder = join(path, '..')
  await createPrivateFolder(folder)
  const kept = images.slice(0, MAX_IMAGES)
  await replacePrivateFile(path, JSON.stringify({format: FORMAT, images: kept}))
  await removeStale(folder)
}

/** @returns undefined for a text that is not such a file */
function parseImages(text: string): KnownImage[] | undefined {
  try {
    const content: unknown = JSON.parse(text)
    if (!isJsonObject(content) || content['format'] !== FORMAT || !Array.isArray(content['images']))
      return undefined
    return content['images'].flatMap(toKnownImage)
  } catch {
    return undefined
  }
}

/** The image of a record; none without an id, and for texts that are too long. */
export function toKnownImage(record: unknown): KnownImage[] {
  if (!isJsonObject(record)) return []
  const {id} = record
  const [name, status] = [record['name'] ?? '', record['status'] ?? '']
  return isShortText(id) && isShortText(name) && isShortText(status) ? [{id, name, status}] : []
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_CHARACTERS
}
