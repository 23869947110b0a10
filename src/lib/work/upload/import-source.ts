/** Checks that a method of import goes together with the draft, the data, and the version of the API. */
import type {AddOptions, ImageApi} from '../../api/image-api.js'
import type {Draft} from '../../model/draft.js'
import {usageError} from '../../model/errors.js'
import type {ImportSource} from '../../model/image.js'
import {missingInVersion1} from '../operations.js'

type ImportChoice = Pick<AddOptions, 'serverImport'>

/** The method of import that the options ask for. */
export function importMethod({serverImport}: ImportChoice): ImportSource['method'] | undefined {
  if (!serverImport) return undefined
  return serverImport === true ? 'web-download' : serverImport.method
}

/** @throws Failure of kind `usage` for a method that does not go together with the draft */
export function checkImport({copyFrom, location}: Draft, options: ImportChoice): void {
  const method = importMethod(options)
  if (method === undefined) return
  if (method === 'web-download' && copyFrom === undefined) throw usageError('--import requires copy_from=URL')
  if (method === 'web-download' || (copyFrom ?? location) === undefined) return
  throw usageError(`--import ${method} does not take the data from a URL`, {
    advice: `Leave out ${copyFrom === undefined ? 'location' : 'copy_from'}=`,
  })
}

/** The argument that says where the data comes from; undefined if it is sent from here. */
export function findOrigin({location, copyFrom}: Draft, options: ImportChoice): string | undefined {
  if (location !== undefined) return 'a location=LOCATION'
  if (copyFrom !== undefined) return 'a copy_from=URL'
  return importMethod(options) === 'glance-download' ? 'the --import glance-download' : undefined
}

/** @throws Failure of kind `usage` for a method of import that version 1 does not have */
export function requireImports(api: ImageApi, options: ImportChoice): void {
  const method = importMethod(options) ?? 'web-download'
  if (method !== 'web-download' && api.operations === undefined) throw missingInVersion1(`--import ${method}`)
}
