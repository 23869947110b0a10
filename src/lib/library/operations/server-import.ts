/** Checks the method of import that programs ask for. */
import type {Draft} from '../../model/draft.js'
import {usageError} from '../../model/errors.js'
import type {ImportSource} from '../../model/image.js'
import {importMethod} from '../../work/upload/import-source.js'
import {rejectUnknownKeys, requireText} from '../check-values.js'
import type {UploadOptions} from '../options.js'

const METHODS: readonly string[] = [
  'web-download',
  'glance-direct',
  'glance-download',
] satisfies ImportSource['method'][]

/** @throws Failure of kind `usage` for a method that is unknown, or that does not go together with metadata and data */
export function checkServerImport(
  serverImport: UploadOptions['serverImport'],
  {copyFrom, location}: Draft,
  hasData: boolean,
): void {
  requireServerImport(serverImport)
  const method = importMethod({serverImport})
  if (method === undefined) return
  if (method === 'web-download' && copyFrom === undefined)
    throw usageError('serverImport requires copyFrom in the metadata')
  if (method !== 'web-download' && (copyFrom ?? location) !== undefined)
    throw usageError(`serverImport by ${method} does not go together with location or copyFrom`)
  if (method === 'glance-direct' && !hasData) throw usageError('serverImport by glance-direct requires data')
  if (method === 'glance-download' && hasData)
    throw usageError('give either data, or serverImport by glance-download')
}

/** @throws Failure of kind `usage` for a value that has no meaning */
export function requireServerImport(value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return
  const {method, remote} = (value ?? {}) as {method?: unknown; remote?: unknown}
  if (typeof value !== 'object' || !METHODS.includes(method as string))
    throw usageError(`invalid serverImport: expected a boolean, or an object with method`, {
      advice: `Choose the method from ${METHODS.join(', ')}.`,
    })
  const isDownload = method === 'glance-download'
  rejectUnknownKeys(value ?? {}, isDownload ? ['method', 'remote'] : ['method'], 'the option serverImport')
  if (isDownload) requireRemote(remote)
}

function requireRemote(remote: unknown): void {
  const what = 'remote of the option serverImport'
  rejectUnknownKeys(remote as object, ['region', 'imageId', 'serviceInterface'], what)
  const {region, imageId, serviceInterface = 'public'} = remote as Readonly<Record<string, unknown>>
  for (const [name, text] of Object.entries({region, imageId, serviceInterface})) requireText(name, text)
}
