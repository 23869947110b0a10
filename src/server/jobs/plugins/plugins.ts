/** The steps that imports go through before data is stored: decompression, conversion and the injection of properties. */
import type {Readable} from 'node:stream'
import {createInspector, type DataReader, type Inspector, sniffFormat} from '../../images/content.js'
import {ServiceError} from '../../images/errors.js'
import type {Caller} from '../../images/policy.js'
import type {Quotas} from '../../images/quotas.js'
import type {ImageChanges, ImageRecord} from '../../registry/registry.js'
import {type FindValue, readSettings, type ValuesOf} from '../../settings/setting.js'
import {CONVERSION, IMPORT_PLUGINS, INJECTION, type PluginName} from '../../settings/tables/imports.js'
import type {ImportData} from '../store-filler.js'
import {decompress} from './decompress.js'
import {ConversionFailed, convertFile, QEMU_FORMATS} from './qemu-img.js'
import {FILES, WorkFiles, type WrittenFile} from './work-files.js'

/** Dependencies of `ImportPlugins`. */
export interface ImportPluginsParts {
  readonly find: FindValue
  /** Folder for files of conversions; created if absent. */
  readonly folder: string
  readonly quotas: Quotas
  readonly stores: DataReader
}

/** How data is prepared. */
export interface Preparation {
  /** Steps that are left out. */
  readonly skipped?: readonly string[] | undefined
  /** Ends a conversion, with its reason. */
  readonly signal: AbortSignal
}

/** Data that went through the steps. */
export interface PreparedData {
  readonly data: ImportData
  /** What each step has done, for clients; complete once the data was read, and empty for a step that did nothing. */
  readonly done: ReadonlyMap<PluginName, string>
  /** Removes the files of the import. */
  release(): Promise<void>
}

type State = ImportData & {
  readonly image: ImageRecord
  readonly done: Map<PluginName, string>
  readonly files: WorkFiles
  readonly signal: AbortSignal
}
type Step = (state: State) => Promise<State> | State

/** Runs the steps that the settings name, in their order. */
export class ImportPlugins {
  readonly #parts: ImportPluginsParts
  readonly #names: readonly PluginName[]
  /** Refuses data that leads to other files. */
  readonly #inspect: Inspector
  readonly #conversion: ValuesOf<typeof CONVERSION>
  readonly #injection: ValuesOf<typeof INJECTION>

  constructor(parts: ImportPluginsParts) {
    this.#parts = parts
    this.#names = readSettings(IMPORT_PLUGINS, parts.find).image_import_plugins
    this.#inspect = createInspector(parts.stores, true)
    this.#conversion = readSettings(CONVERSION, parts.find)
    this.#injection = readSettings(INJECTION, parts.find)
  }

  /** The steps that the imports of a caller skip. */
  listSkipped({roles}: Caller): readonly PluginName[] {
    const ignored = this.#injection.ignore_user_roles.map(role => role.toLowerCase())
    const isInjected = this.#names.includes('inject_image_metadata')
    return isInjected && roles.some(role => ignored.includes(role)) ? ['inject_image_metadata'] : []
  }

  /**
   * Prepares data for an image. Call `release` once it is stored, or after an error.
   * @throws ServiceError `plugin-failed`, `unsupported-content`, `unsafe-content`, `data-over-cap`, what `open` throws, and the
   *   reason of the signal
   */
  async prepare(
    image: ImageRecord,
    data: ImportData,
    {skipped = [], signal}: Preparation,
  ): Promise<PreparedData> {
    const files = new WorkFiles(this.#parts.folder)
    // Set in the order of the steps, not in that of their ends.
    const done = new Map(this.#names.map(name => [name, '']))
    let state: State = {...data, image, done, files, signal}
    try {
      for (const name of this.#names) if (!skipped.includes(name)) state = await this.#steps[name](state)
    } catch (error) {
      await files.remove()
      throw error
    }
    return {data: state, done, release: () => files.remove()}
  }

  readonly #steps: Readonly<Record<PluginName, Step>> = {
    no_op: state => state,
    image_decompression: state =>
      state.image.containerFormat === 'compressed' ? state : addDecompression(state),
    image_conversion: state => this.#convert(state),
    inject_image_metadata: state => {
      const properties = parseProperties(this.#injection.inject)
      if (Object.keys(properties).length === 0) return state
      state.done.set('inject_image_metadata', `injected ${Object.keys(properties).join(', ')}`)
      return {...state, properties}
    },
  }

  async #convert(state: State): Promise<State> {
    const {image, done, files, signal} = state
    const {output_format: to} = this.#conversion
    const from = image.diskFormat ?? ''
    if (from === to) return {...state, inspect: this.#inspect}
    if (QEMU_FORMATS[from] === undefined) throw refuse(`cannot convert from the format ${from}`)
    const {quotas} = this.#parts
    const room = await quotas.admit(image, state.isStaged)
    const source = await files.write(quotas.limit(await state.open(), room), signal)
    const {virtualSize} = await inspectFile(image, source)
    if (to === 'raw' && (virtualSize ?? 0) > room) throw new ServiceError('data-over-cap', {maximum: room})
    const target = await files.create()
    const limits = {
      seconds: this.#conversion.conversion_timeout,
      memory: this.#conversion.conversion_memory,
      size: room,
    }
    await convertFile({source: source.path, from, target, to}, limits, signal).catch(error => {
      throw error instanceof ConversionFailed ? refuse(error.message) : error
    })
    await files.remove(source.path)
    done.set('image_conversion', `converted ${from} to ${to}`)
    return {...state, open: async () => (await FILES.get(target)).data, inspect: this.#inspectAs(to)}
  }

  /** Inspects stored data in this format, and gives the image the format. */
  #inspectAs(diskFormat: string): Inspector {
    const formats = {diskFormat, containerFormat: 'bare'}
    return async (image, stored) => ({
      ...formats,
      ...(await this.#inspect({...image, ...formats}, stored)),
    })
  }
}

/** Properties from texts `NAME:VALUE`. */
export function parseProperties(pairs: readonly string[]): Record<string, string> {
  const split = pairs.map(pair => pair.split(/:(.*)/s))
  return Object.fromEntries(split.map(([name = '', value = '']) => [name.trim(), value.trim()]))
}

function addDecompression(state: State): State {
  const open = async (): Promise<Readable> => {
    const {data, compression} = await decompress(await state.open())
    if (compression !== undefined) state.done.set('image_decompression', `decompressed ${compression}`)
    return data
  }
  return {...state, open}
}

/**
 * Inspects the data of an image in a file, in which nothing may lead to other files.
 * @throws ServiceError `unsupported-content` for data in another format than that of the image, `unsafe-content`
 */
async function inspectFile(image: ImageRecord, {path, size}: WrittenFile): Promise<ImageChanges> {
  const expected = image.diskFormat ?? ''
  const found = await sniffFormat(FILES, path, size)
  if (found !== expected) throw new ServiceError('unsupported-content', {found, expected})
  const inspect = createInspector(FILES, true)
  return inspect(
    {...image, containerFormat: 'bare'},
    {location: path, size, checksum: '', hashAlgo: 'sha512', hashValue: ''},
  )
}

function refuse(reason: string): ServiceError {
  return new ServiceError('plugin-failed', {plugin: 'image_conversion', reason})
}
