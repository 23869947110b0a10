/** The data directory of a service: its layout, and the lock against a second service. */
import {access, chmod, constants, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import type Libsql from 'libsql'
import {Failure} from '../lib/model/errors.js'
import {loadDatabase} from './registry/sqlite/load-database.js'
import {makeDirectory} from './stores/files.js'

/** A locked data directory. */
export interface DataDirectory {
  /** Absolute path. */
  readonly path: string
  /** File of the registry. */
  readonly registry: string
  /** Folder of the store. */
  readonly images: string
  /** Folder of the store for data that waits for its import. */
  readonly staging: string
  /** Releases the lock; the system does the same when the process dies. */
  close(): void
}

/** Name of the folder for files of imports that are under way; what is there at the start is of a process that died. */
export const WORK_FOLDER = 'work'

/** What only the owner may read. */
const PRIVATE_NAMES = [
  ...['registry.sqlite', 'registry.sqlite-wal', 'registry.sqlite-shm', 'registry.sqlite-reserve'],
  ...['service.lock', 'service.pid', 'images', 'staging'],
]

/**
 * Creates the directory if absent, with access for its owner only, and locks it for this process. Takes access from
 * others where they have it.
 * @param pid process id of this process, for the error message of a second service
 * @param warn is told that access was taken from others
 * @param after resolves when the process ends that has the lock and shares the directory until then
 * @throws Failure `conflict` when another service uses the directory, `failed` when it cannot be used at all, or others
 *   have access to a folder with other contents too
 */
export async function openDataDirectory(
  directory: string,
  pid: number,
  warn: (line: string) => void = () => {},
  after?: Promise<void>,
): Promise<DataDirectory> {
  const path = resolve(directory)
  const images = join(path, 'images')
  const staging = join(path, 'staging')
  try {
    await makeDirectory(path)
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
    await requirePrivate(path, warn)
    await makeDirectory(images)
    await makeDirectory(staging)
    await access(images, constants.R_OK | constants.W_OK | constants.X_OK)
    await access(staging, constants.R_OK | constants.W_OK | constants.X_OK)
    await restrictAccess(path)
  } catch (error) {
    throw error instanceof Failure ? error : unusableFailure(path, error)
  }
  const lock = await (after ? acquireLockLater(path, after, warn) : acquireLock(path))
  if (!after) await rm(join(path, WORK_FOLDER), {recursive: true, force: true}).catch(() => {})
  await writeFile(pidFilePath(path), `${pid}\n`, {mode: 0o600}).catch(error => {
    if (error.code === 'ENOSPC') return
    lock.release()
    throw unusableFailure(path, error)
  })
  return {path, images, staging, registry: join(path, 'registry.sqlite'), close: () => lock.release()}
}

/** Permissions of the group and of others. */
const SHARED_BITS = 0o077

/** Takes access from others, unless the folder has contents that are not of a service and may be theirs. */
async function requirePrivate(path: string, warn: (line: string) => void): Promise<void> {
  const mode = (await stat(path)).mode & 0o777
  if ((mode & SHARED_BITS) === 0) return
  const names = await readdir(path)
  const isOurs = names.includes('registry.sqlite') || names.includes('service.lock')
  if (names.length > 0 && !isOurs) throw sharedFailure(path, mode)
  await chmod(path, mode & ~SHARED_BITS)
  const [before, after] = [mode, mode & ~SHARED_BITS].map(formatMode)
  warn(`others had access to the data directory ${path}: changed its mode from ${before} to ${after}`)
}

/**
 * Creates the files of the database before the database does, and repairs those of older releases. Existing ones are not
 * opened: closing them would release the locks of this process.
 */
async function restrictAccess(path: string): Promise<void> {
  for (const name of ['registry.sqlite', 'service.lock']) {
    await writeFile(join(path, name), '', {mode: 0o600, flag: 'wx'}).catch(error => {
      if (error.code !== 'EEXIST') throw error
    })
  }
  for (const target of PRIVATE_NAMES.map(name => join(path, name))) {
    const mode = await stat(target).then(
      found => found.mode & 0o777,
      () => 0,
    )
    if ((mode & SHARED_BITS) !== 0) await chmod(target, mode & ~SHARED_BITS)
  }
}

function formatMode(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}

function sharedFailure(path: string, mode: number): Failure {
  return new Failure('failed', `cannot use ${path} as the data directory`, {
    why: `others have access to it (mode ${formatMode(mode)}), and it has other contents`,
    advice: 'Choose a folder for the service alone, or take the access from others with chmod 700.',
  })
}

interface Lock {
  release(): void
}

/** Keeps the databases from garbage collection, which would close them and release their locks. */
const heldLocks = new Set<Libsql.Database>()

/**
 * Opens an exclusive transaction on an empty database and keeps it open. The system ends it with the process, so unlike
 * a file with a process id it cannot be stale.
 */
async function acquireLock(path: string): Promise<Lock> {
  const Database = await loadDatabase()
  let database: Libsql.Database | undefined
  try {
    database = new Database(join(path, 'service.lock'))
    // A journal file would be created even for an empty transaction, which fails on a full disk.
    database.exec('pragma journal_mode = memory')
    database.exec('begin exclusive')
  } catch (error) {
    database?.close()
    throw isBusy(error) ? await inUseFailure(path) : unusableFailure(path, error)
  }
  const held = database
  heldLocks.add(held)
  return {
    release: () => {
      if (heldLocks.delete(held)) held.close()
    },
  }
}

/** Acquires the lock as soon as another process has ended, and returns before. */
async function acquireLockLater(
  path: string,
  after: Promise<void>,
  warn: (line: string) => void,
): Promise<Lock> {
  let isReleased = false
  let lock: Lock | undefined
  const acquire = async () => {
    lock = await acquireLock(path)
    if (isReleased) lock.release()
  }
  void after.then(acquire).catch(error => warn(`cannot lock the data directory: ${error.message}`))
  return {
    release: () => {
      isReleased = true
      lock?.release()
    },
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'
}

async function inUseFailure(path: string): Promise<Failure> {
  const pid = await readFile(pidFilePath(path), 'utf8').catch(() => '')
  const holder = pid.trim() === '' ? 'another service' : `the service with process id ${pid.trim()}`
  return new Failure('conflict', `the data directory ${path} is in use`, {
    why: `${holder} is running on it`,
    advice: 'Stop that service, or choose another data directory.',
  })
}

function unusableFailure(path: string, error: unknown): Failure {
  return new Failure('failed', `cannot use ${path} as the data directory`, {
    why: error instanceof Error ? error.message : String(error),
    advice: 'Choose a directory that you can write to.',
    cause: error,
  })
}

function pidFilePath(path: string): string {
  return join(path, 'service.pid')
}
