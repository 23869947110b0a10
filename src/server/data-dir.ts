/** The data directory of a service: what lies where, and the lock that keeps a second service out. */
import {access, constants, mkdir, readFile, stat, writeFile} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import type Libsql from 'libsql'
import {Failure} from '../lib/model/errors.js'

export interface DataDirectory {
  readonly path: string
  /** File of the registry. */
  readonly registry: string
  /** Folder of the store. */
  readonly images: string
  /** Folder of data that waits for its import. */
  readonly staging: string
  /** Lets the next service in; also done by the system when the process dies in any way. */
  close(): void
}

/**
 * Makes the directory when it is absent (for its owner only) and takes it for this process.
 * @param pid of this process, told to those who find the directory taken
 * @throws Failure `conflict` when another service uses it, `failed` when it cannot be used at all
 */
export async function openDataDirectory(directory: string, pid: number): Promise<DataDirectory> {
  const path = resolve(directory)
  const images = join(path, 'images')
  const staging = join(path, 'staging')
  try {
    await makeDirectory(images)
    await makeDirectory(staging)
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
    await access(images, constants.R_OK | constants.W_OK | constants.X_OK)
    await access(staging, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw unusableFailure(path, error)
  }
  const lock = await acquireLock(path)
  await writeFile(pidFilePath(path), `${pid}\n`, {mode: 0o600}).catch(error => {
    if (error.code === 'ENOSPC') return
    lock.close()
    throw unusableFailure(path, error)
  })
  return {path, images, staging, registry: join(path, 'registry.sqlite'), close: () => releaseLock(lock)}
}

/** Collecting a database as garbage would close it, and let go of its lock. */
const heldLocks = new Set<Libsql.Database>()

/**
 * The lock is a transaction that never ends, on a database that holds nothing: the system drops it with the process,
 * where a file with a process id would have to be believed.
 */
async function acquireLock(path: string): Promise<Libsql.Database> {
  const {default: Database} = await import('libsql')
  let database: Libsql.Database | undefined
  try {
    database = new Database(join(path, 'service.lock'))
    // A journal would be written although nothing is, and a full disk would have no room for it.
    database.exec('pragma journal_mode = memory')
    database.exec('begin exclusive')
  } catch (error) {
    database?.close()
    throw isBusy(error) ? await inUseFailure(path) : unusableFailure(path, error)
  }
  heldLocks.add(database)
  return database
}

function releaseLock(lock: Libsql.Database): void {
  if (heldLocks.delete(lock)) lock.close()
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'
}

async function inUseFailure(path: string): Promise<Failure> {
  const pid = await readFile(pidFilePath(path), 'utf8').catch(() => '')
  const holder = pid.trim() === '' ? 'another service' : `the service with process id ${pid.trim()}`
  return new Failure('conflict', `The data directory ${path} is in use`, {
    why: `It belongs to ${holder} as long as that runs.`,
    advice: 'Stop that service, or choose another data directory.',
  })
}

function unusableFailure(path: string, error: unknown): Failure {
  return new Failure('failed', `Cannot use ${path} as the data directory`, {
    why: error instanceof Error ? error.message : String(error),
    advice: 'Choose a directory that this user may write to.',
    cause: error,
  })
}

function pidFilePath(path: string): string {
  return join(path, 'service.pid')
}

/** Makes a folder and those above it. The system's own way of doing that spins for ever where nothing can be made (`/proc`). */
async function makeDirectory(path: string): Promise<void> {
  const make = (folder: string) =>
    mkdir(folder, {mode: 0o700}).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error
    })
  try {
    await make(path)
  } catch (error) {
    const parent = dirname(path)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path || (await exists(parent)))
      throw error
    await makeDirectory(parent)
    await make(path)
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
