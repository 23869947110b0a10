/** Caches tokens in files, so that not every command has to log in. */
import {createHash, scryptSync} from 'node:crypto'
import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {createPrivateFolder, readPrivateFile, removeStale, replacePrivateFile} from '../io/private-files.js'
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
    load: key => ignoreErrors(async () => parseEntry((await readPrivateFile(path(key))).text)),
    store: (key, entry) =>
      ignoreErrors(async () => {
        await createPrivateFolder(folder)
        await replacePrivateFile(path(key), JSON.stringify({format: FORMAT, ...entry}))
        await removeStale(folder)
      }),
    drop: (key, token) =>
      ignoreErrors(async () => {
        const {text} = await readPrivateFile(path(key))
        if (parseEntry(text)?.token === token) await rm(path(key), {force: true})
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
