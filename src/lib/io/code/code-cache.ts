/** Cache of the tool's compiled code in the user's cache folder, so that the next command starts faster. */
import {lstatSync, mkdirSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {cacheFolder} from '../cache-folder.js'
import type {Io} from '../io.js'
import {reuseCompiledFiles} from './compiled-files.js'

/**
 * Uses the cache for the files of a folder, unless NODE_DISABLE_COMPILE_CACHE is set, or the folder of the cache cannot
 * be created or is writable by others, because its content is executed.
 * @param user its variables, home folder and number, the latter only where users have one
 * @returns to be called when the process ends: saves the code that was missing. Never throws.
 */
export function keepCompiledCode(
  user: Pick<Io, 'env' | 'home'> & {readonly uid: number | undefined},
  sources: string,
): () => void {
  const cache = cacheFolder(user)
  if (cache === undefined || user.env.NODE_DISABLE_COMPILE_CACHE) return () => {}
  const folder = join(cache, 'code')
  try {
    // One after the other: in file systems like /proc, where no folder can be created, `recursive` never ends.
    for (const parent of [dirname(cache), cache, folder]) createIfMissing(parent)
    if ([cache, folder].every(path => isPrivateFolder(path, user.uid)))
      return reuseCompiledFiles(sources, folder)
  } catch {
    // The cache only saves time.
  }
  return () => {}
}

function createIfMissing(folder: string): void {
  if (lstatSync(folder, {throwIfNoEntry: false}) === undefined) mkdirSync(folder, {mode: 0o700})
}

function isPrivateFolder(folder: string, uid: number | undefined): boolean {
  const found = lstatSync(folder)
  return found.isDirectory() && (uid === undefined || (found.uid === uid && (found.mode & 0o022) === 0))
}
