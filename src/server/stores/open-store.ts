/** Opens the store of a kind with its settings. */
import {access, constants, realpath} from 'node:fs/promises'
import {isAbsolute} from 'node:path'
import {Failure, usageError} from '../../lib/model/errors.js'
import {type FindValue, readSettings} from '../settings/setting.js'
import {FILE_STORE, S3_STORE, SWIFT_STORE} from '../settings/tables/stores.js'
import {makeDirectory} from './files.js'
import {FilesystemStore} from './filesystem-store.js'
import type {HashAlgorithm, Store} from './store.js'

/** Where data can be stored. */
export type StoreKind = 'file' | 'swift' | 's3'

/** A store that is open, with facts for administrators. */
export interface OpenStore {
  readonly store: Store
  /** Named as by the original, without secrets; sizes are in bytes. */
  readonly properties: Readonly<Record<string, string | number>>
}

/** What all stores need besides their settings. */
export interface StoreDefaults {
  /** Algorithm of the second digest of the data. */
  readonly hashAlgo: HashAlgorithm
  /** Folder of the data of a store of kind `file` whose settings name none. */
  readonly folder: string | undefined
}

type Opener = (find: FindValue, defaults: StoreDefaults) => Promise<OpenStore>

/** Opens stores; the code of a kind is loaded only when it is used. */
const OPENERS: Readonly<Record<StoreKind, Opener>> = {file: openFileStore, swift: openSwift, s3: openS3}

const MIB = 1024 * 1024

/**
 * @param find finds the settings of the store
 * @throws Failure `usage` for settings that are missing or invalid; of another kind when its folder or server cannot be used
 */
export function openStore(kind: StoreKind, find: FindValue, defaults: StoreDefaults): Promise<OpenStore> {
  return OPENERS[kind](find, defaults)
}

async function openFileStore(find: FindValue, defaults: StoreDefaults): Promise<OpenStore> {
  const {filesystem_store_datadir: given} = readSettings(FILE_STORE, find)
  const folder = given ?? defaults.folder
  if (folder === undefined) throw usageError('a store of kind file requires filesystem_store_datadir')
  if (!isAbsolute(folder)) {
    throw usageError(`invalid filesystem_store_datadir '${folder}': expected an absolute path`)
  }
  try {
    await makeDirectory(folder)
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    const path = await realpath(folder)
    return {store: new FilesystemStore(path, defaults.hashAlgo), properties: {data_dir: path}}
  } catch (error) {
    throw new Failure('failed', `cannot use ${folder} for the data of images`, {
      why: error instanceof Error ? error.message : String(error),
      advice: 'Choose a folder that the service can write to, with filesystem_store_datadir.',
      cause: error,
    })
  }
}

async function openSwift(find: FindValue, {hashAlgo}: StoreDefaults): Promise<OpenStore> {
  const {openSwiftStore} = await import('./swift/open-swift.js')
  const settings = readSettings(SWIFT_STORE, find)
  const properties = {
    container: settings.swift_store_container,
    large_object_size: settings.swift_store_large_object_size * MIB,
    large_object_chunk_size: settings.swift_store_large_object_chunk_size * MIB,
  }
  return {store: await openSwiftStore(find, hashAlgo), properties}
}

async function openS3(find: FindValue, {hashAlgo}: StoreDefaults): Promise<OpenStore> {
  const {openS3Store} = await import('./s3/open-s3.js')
  const settings = readSettings(S3_STORE, find)
  const properties = {
    bucket: settings.s3_store_bucket ?? '',
    s3_store_large_object_size: settings.s3_store_large_object_size * MIB,
    s3_store_large_object_chunk_size: settings.s3_store_large_object_chunk_size * MIB,
  }
  return {store: await openS3Store(find, hashAlgo), properties}
}
