/** Tells whether services share the folders of their data, which may have the same path on several machines. */
import {randomUUID} from 'node:crypto'
import {link, readFile, unlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Failure} from '../lib/model/errors.js'
import type {ProcessRecord} from './registry/registry.js'
import {hasCode} from './stores/files.js'

/** The file that names a folder. Stores ignore it, because of the dot. */
const ID_FILE = '.folder-id'

/**
 * The ids of folders, which get one at the first call, in one text.
 * @returns undefined if one cannot be written or read: a service starts also when its disk is full
 */
export async function identifyFolders(folders: readonly string[]): Promise<string | undefined> {
  try {
    const ids = await Promise.all(folders.map(identify))
    return ids.sort().join(' ')
  } catch {
    return undefined
  }
}

/** Other services see the id completely or not at all. */
async function identify(folder: string): Promise<string> {
  const path = join(folder, ID_FILE)
  const found = await readFile(path, 'utf8').catch(error => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  })
  if (found !== undefined) return found.trim()
  const own = join(folder, `${ID_FILE}.${randomUUID()}`)
  await writeFile(own, `${randomUUID()}\n`, {mode: 0o600, flag: 'wx'})
  await link(own, path).catch(error => {
    if (!hasCode(error, 'EEXIST')) throw error
  })
  await unlink(own)
  return identify(folder)
}

/** The failure of a service that would not find the data of another one. */
export function unsharedFailure({host, pid}: ProcessRecord): Failure {
  return new Failure(
    'conflict',
    'cannot share the registry with a service that has its data in another folder',
    {
      why: `the process ${pid} on ${host} uses the registry, and neither would find the images of the other`,
      advice:
        'Name a folder that all of them share with filesystem_store_datadir, or use Swift or S3. ' +
        'A service that died counts until process_timeout.',
    },
  )
}
