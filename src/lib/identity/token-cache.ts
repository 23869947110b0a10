/** Caches tokens in files, so that not every command has to log in. */
import {createHash, randomUUID, scryptSync} from 'node:crypto'
import {constants} from 'node:fs'
import {chmod, lstat, mkdir, open, readdir, rename, rm, stat, writeFile} from 'node:fs/promises'
import {userInfo} from 'node:os'
import {dirname, join} from 'node:path'
import {isJsonObject, type JsonObject} from '../model/json-object.js'
import type {ApiVersion} from './identity.js'

/** A cache entry: enough to use the Image service without a login. Never a password. */
export interface CachedToken {
  readonly token: string
  readonly expiresAt: Date
  /** Time at which the Identity service issued it. */
  readonly obtainedAt: Date
  /** Base URL of the Image service. */
  readonly endpoint: string
  readonly apiVersion?: ApiVersion
  /** Newest minor version of `apiVersion`. */
  readonly apiMinor?: number
  readonly projectId?: string
  readonly projectName?: string
  readonly userId?: string
}

/**
 * Contract: no method fails. An unreadable entry counts as missing, an unwritable one is not stored. Several processes
 * may use the same cache at once; a reader sees a whole entry or none.
 */
export interface TokenCache {
  /** The entry of a key; undefined if there is none. */
  load(key: string): Promise<CachedToken | undefined>
  /** Stores an entry in place of an earlier one. */
  store(key: string, entry: CachedToken): Promise<void>
  /** Removes the entry if it still holds this token: another process may have stored a better one. */
  drop(key: string, token: string): Promise<void>
}

/** Stores nothing. */
export const noTokenCache: TokenCache = {
  load: async () => undefined,
  store: async () => {},
  drop: async () => {},
}

/**
 * The key of a login: another password, scope or region gives another key.
 * @param inputs everything except the secret that determines the token and endpoint of a login
 * @param secret hashed slowly, so that the name of a file does not help to guess it
 */
export function cacheKey(inputs: JsonObject, secret: string | undefined): string {
  const text = JSON.stringify(inputs)
  const proof = secret === undefined ? '' : scryptSync(secret, text, 32, {N: 1024}).toString('hex')
  return createHash('sha256').update(`${text}\n${proof}`).digest('hex')
}

/** A cache of one file per key, which only its owner may read. */
export function fileTokenCache(folder: string): TokenCache {
  const path = (key: string) => join(folder, `${key}.json`)
  return {
    load: key => ignoreErrors(async () => parseEntry(await readPrivateFile(path(key)))),
    store: (key, entry) =>
      ignoreErrors(async () => {
        await createPrivateFolder(folder)
        await replaceFile(path(key), JSON.stringify({format: FORMAT, ...entry}))
        await removeStale(folder)
      }),
    drop: (key, token) =>
      ignoreErrors(async () => {
        if (parseEntry(await readPrivateFile(path(key)))?.token === token) await rm(path(key), {force: true})
      }),
  }
}

const FORMAT = 1

async function ignoreErrors<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}

async function createPrivateFolder(folder: string): Promise<void> {
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

async function readPrivateFile(path: string): Promise<string> {
  const file = await open(path, READ_FLAGS)
  try {
    const stats = await file.stat()
    const isShared = (stats.mode & 0o077) !== 0 && constants.O_NOFOLLOW !== undefined
    if (!stats.isFile() || isOwnedByAnother(stats.uid) || isShared)
      throw new Error('the file is not ours alone')
    return await file.readFile('utf8')
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

async function replaceFile(path: string, text: string): Promise<void> {
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

/** Removes old entries, and temporary files of processes that were killed. */
async function removeStale(folder: string): Promise<void> {
  const entries = (await readdir(folder)).filter(name =>
    /^[0-9a-f]{64}\.json(\.[0-9a-f-]+\.tmp)?$/.test(name),
  )
  for (const name of entries) {
    const {mtimeMs} = await stat(join(folder, name))
    if (Date.now() - mtimeMs > STALE_MS) await rm(join(folder, name), {force: true})
  }
}

function parseEntry(text: string): CachedToken | undefined {
  const entry: unknown = JSON.parse(text)
  if (!isJsonObject(entry) || entry['format'] !== FORMAT) return undefined
  const {token, endpoint, projectId, projectName, userId, apiVersion, apiMinor} = entry
  const expiresAt = new Date(String(entry['expiresAt']))
  const obtainedAt = new Date(String(entry['obtainedAt']))
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) return undefined
  if (typeof endpoint !== 'string' || !/^https?:/.test(endpoint) || !URL.canParse(endpoint)) return undefined
  if (Number.isNaN(expiresAt.getTime()) || Number.isNaN(obtainedAt.getTime())) return undefined
  return {
    token,
    endpoint,
    expiresAt,
    obtainedAt,
    ...(typeof projectId === 'string' && {projectId}),
    ...(typeof projectName === 'string' && {projectName}),
    ...(typeof userId === 'string' && {userId}),
    ...((apiVersion === 1 || apiVersion === 2) && {apiVersion}),
    ...(typeof apiMinor === 'number' && Number.isSafeInteger(apiMinor) && {apiMinor}),
  }
}
