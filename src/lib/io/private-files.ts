/** Files of the cache folder that only their owner may read. They are replaced as a whole, and may be deleted at any time. */
import {randomUUID} from 'node:crypto'
import {constants} from 'node:fs'
import {chmod, lstat, mkdir, open, readdir, rename, rm, stat, writeFile} from 'node:fs/promises'
import {userInfo} from 'node:os'
import {dirname, join} from 'node:path'

/** Creates the folder and its parent where they are missing. @throws Error if it belongs to another user */
export async function createPrivateFolder(folder: string): Promise<void> {
  // One after the other: in file systems like /proc, where no folder can be created, `recursive` never ends.
  for (const path of [dirname(folder), folder]) await mkdir(path, {mode: 0o700}).catch(ignoreExisting)
  const stats = await lstat(folder)
  if (!stats.isDirectory() || isOwnedByAnother(stats.uid)) throw new Error('the folder is not ours')
  if (stats.mode & 0o077) await chmod(folder, 0o700)
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}

/** A named pipe is opened at once, and then refused. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** A file that was read. */
export interface PrivateFile {
  readonly text: string
  /** Time of the last change, in milliseconds. */
  readonly mtimeMs: number
}

/** Bytes of a file that is read; all that are written are far smaller. */
const MAX_BYTES = 4 * 1024 * 1024

/** Reads a file. @throws Error if it is missing, belongs to another user, others may read it, or it is larger than 4 MiB */
export async function readPrivateFile(path: string): Promise<PrivateFile> {
  const file = await open(path, READ_FLAGS)
  try {
    const stats = await file.stat()
    const isShared = (stats.mode & 0o077) !== 0 && constants.O_NOFOLLOW !== undefined
    if (!stats.isFile() || isOwnedByAnother(stats.uid) || isShared)
      throw new Error('the file is not ours alone')
    if (stats.size > MAX_BYTES) throw new Error('the file is too large')
    return {text: await file.readFile('utf8'), mtimeMs: stats.mtimeMs}
  } finally {
    await file.close()
  }
}

/** False on systems without user ids, and for users without a name. */
function isOwnedByAnother(uid: number): boolean {
  try {
    const own = userInfo().uid
    return own >= 0 && own !== uid
  } catch {
    return false
  }
}

/** Writes a file; a reader sees the earlier content or the new one. */
export async function replacePrivateFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, text, {mode: 0o600, flag: 'wx'})
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, {force: true})
    throw error
  }
}

/** Milliseconds. Longer than any token is valid. */
const STALE_MS = 7 * 24 * 3600 * 1000

/** Removes old files, named by a digest, and temporary files of processes that were killed. */
export async function removeStale(folder: string): Promise<void> {
  const entries = (await readdir(folder)).filter(name =>
    /^(?:images-|stores-)?[0-9a-f]{64}\.json(\.[0-9a-f-]+\.tmp)?$/.test(name),
  )
  for (const name of entries) {
    const {mtimeMs} = await stat(join(folder, name))
    if (Date.now() - mtimeMs > STALE_MS) await rm(join(folder, name), {force: true})
  }
}
