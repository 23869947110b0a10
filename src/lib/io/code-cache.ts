/** Cache of the tool's compiled code in the user's cache folder, so that the next command starts faster. */
import {lstatSync, mkdirSync} from 'node:fs'
import module from 'node:module'
import {userInfo} from 'node:os'
import {dirname, join} from 'node:path'
import {cacheFolder} from './cache-folder.js'
import type {Io} from './io.js'

const {enableCompileCache} = module as {enableCompileCache?: (folder: string) => void}

/**
 * Enables the cache, except before Node 22.1, which has none, and where the folder cannot be created or is writable by
 * others, because its content is executed.
 */
export function keepCompiledCode(io: Pick<Io, 'env' | 'home'>): void {
  if (enableCompileCache === undefined) return
  const cache = cacheFolder(io)
  if (cache === undefined) return
  const folder = join(cache, 'code')
  try {
    // One after the other: in file systems like /proc, where no folder can be created, `recursive` never ends.
    for (const parent of [dirname(cache), cache, folder]) createIfMissing(parent)
    const {uid} = userInfo()
    if ([cache, folder].every(path => isPrivateFolder(path, uid))) enableCompileCache(folder)
  } catch {
    // The cache only saves time.
  }
}

function createIfMissing(folder: string): void {
  try {
    mkdirSync(folder, {mode: 0o700})
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function isPrivateFolder(folder: string, uid: number): boolean {
  const found = lstatSync(folder)
  return found.isDirectory() && (uid < 0 || (found.uid === uid && (found.mode & 0o022) === 0))
}
