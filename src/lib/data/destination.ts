/** The target file of a download, as the user names it. */
import {lstat, readlink, realpath, stat} from 'node:fs/promises'
import {basename, dirname, isAbsolute, join} from 'node:path'
import type {Io} from '../io/io.js'
import {resolvePath} from '../io/paths.js'
import {usageError} from '../model/errors.js'

/** As many links in a row as Linux follows. */
const MAX_LINKS = 40

/** Target file of a download. */
export interface Destination {
  /** Absolute. */
  readonly path: string
  /** Name of the file in messages: as the user gave it, or absolute if that is a link. */
  readonly name: string
  readonly exists: boolean
}

/**
 * Resolves the target given by the user. A link is followed, so that the file it points to is replaced, or created.
 * @throws Failure of kind usage for a folder, a device, a pipe or a loop of links
 */
export async function resolveDestination(
  name: string,
  folders: Pick<Io, 'cwd' | 'home'>,
): Promise<Destination> {
  const path = resolvePath(name, folders)
  const stats = await stat(path).catch(() => undefined)
  if (stats === undefined) {
    const missing = await followLinks(path, name)
    return {path: missing, name: missing === path ? name : missing, exists: false}
  }
  if (stats.isFile()) {
    const real = await realpath(path)
    const isLink = (await lstat(path)).isSymbolicLink()
    return {path: real, name: isLink ? real : name, exists: true}
  }
  const isFolder = stats.isDirectory()
  throw usageError(`cannot save the image as ${name}`, {
    why: isFolder ? 'it is a folder' : 'it is not a regular file',
    advice: isFolder ? 'Name a file in it.' : `To write into it, use > ${name}`,
  })
}

/** A folder for downloads. */
export interface DestinationFolder {
  /** Name of the folder in messages. */
  readonly name: string
  /** A file in it; see `resolveDestination`. @param name without folders */
  resolveFile(name: string): Promise<Destination>
}

/** Resolves the folder given by the user. @throws Failure of kind usage if it is not a folder that exists */
export async function resolveFolder(
  name: string,
  folders: Pick<Io, 'cwd' | 'home'>,
): Promise<DestinationFolder> {
  const stats = await stat(resolvePath(name, folders)).catch(() => undefined)
  if (stats?.isDirectory()) return {name, resolveFile: file => resolveDestination(join(name, file), folders)}
  throw usageError(`cannot save images in ${name}`, {
    why: stats === undefined ? 'the folder does not exist' : 'it is not a folder',
    advice: stats === undefined ? `Create it: mkdir -p ${name}` : 'Name a folder.',
  })
}

/** The missing file that a chain of links ends at; the path itself if it is not a link. */
async function followLinks(start: string, name: string): Promise<string> {
  let path = start
  for (let count = 0; count <= MAX_LINKS; count++) {
    const target = await readlink(path).catch(() => undefined)
    if (target === undefined) return path === start ? path : canonicalize(path)
    // Not normalised: the system resolves `..` after links.
    path = isAbsolute(target) ? target : `${dirname(path)}/${target}`
  }
  throw usageError(`cannot save the image as ${name}`, {why: 'it is a loop of links'})
}

async function canonicalize(missing: string): Promise<string> {
  const folder = dirname(missing)
  return join(await realpath(folder).catch(() => folder), basename(missing))
}
