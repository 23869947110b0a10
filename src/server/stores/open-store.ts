/** Opens the store of a kind with its settings. */
import type {FindValue} from '../settings/setting.js'
import {FilesystemStore} from './filesystem-store.js'
import type {Store} from './store.js'

/** Where data can be stored. */
export type StoreKind = 'file' | 'swift' | 's3'

/** Opens stores; the code of a kind is loaded only when it is used. */
const OPENERS: Readonly<Record<StoreKind, (find: FindValue, folder: string) => Promise<Store>>> = {
  file: async (_, folder) => new FilesystemStore(folder),
  swift: async find => (await import('./swift/open-swift.js')).openSwiftStore(find),
  s3: async find => (await import('./s3/open-s3.js')).openS3Store(find),
}

/**
 * @param find finds the settings of the store
 * @param folder of the data of a store of kind `file`
 * @throws Failure `usage` for settings that are missing or invalid; of another kind when its server cannot be used
 */
export function openStore(kind: StoreKind, find: FindValue, folder: string): Promise<Store> {
  return OPENERS[kind](find, folder)
}
