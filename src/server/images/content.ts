/** Inspects the data of an image: its format, the size of the disk in it, and whether it names other files. */
import type {Readable} from 'node:stream'
import {DETECTION_BYTES, type DetectedFormat, detectFormat} from '../../lib/data/detect-format.js'
import {findForeignFile} from '../../lib/data/foreign-files.js'
import type {ImageChanges, ImageRecord} from '../registry/registry.js'
import type {ByteRange, ReadableStore, StoredData} from '../stores/store.js'
import {ServiceError} from './errors.js'

/**
 * Inspects stored data and returns the changes of its image.
 * @throws ServiceError `unsupported-content` and `unsafe-content` when the data is refused
 */
export type Inspector = (image: ImageRecord, stored: StoredData) => Promise<ImageChanges>

/** An inspector of data whose disk size is not recorded, as in API v1: it only refuses data. */
export function withoutChanges(inspect: Inspector): Inspector {
  return async (image, stored) => {
    await inspect(image, stored)
    return {}
  }
}

/** Formats whose data may have no magic number. */
const WITHOUT_MAGIC = ['raw', 'ami', 'ari', 'aki', 'ploop', 'vhd', 'iso']

/** Bytes of the footer of a VHD, which repeats its header. */
const FOOTER = 512

/** Opens stored data. */
export type DataReader = Pick<ReadableStore, 'get'>

/**
 * Creates an inspector. It reads the beginning of the data back from the store, which does not slow the upload down.
 * @param strict refuse data that is not in the `disk_format` of the image, as services since 2025 do, and data that makes
 *   hypervisors read other files, whatever its formats are called: API v1 changes the formats of active images
 */
export function createInspector(store: DataReader, strict: boolean): Inspector {
  return async ({diskFormat, containerFormat}, {location, size}) => {
    const head = await readBytes(store, location, {first: 0, last: Math.min(DETECTION_BYTES, size) - 1})
    const found = detectFormat(head)
    const isDisk = containerFormat === 'bare'
    if (strict) {
      if (isDisk) requireFormat(diskFormat ?? 'raw', found)
      requireSafe(found?.incompleteReason)
      const footer = await readFooter(store, location, size)
      if (detectFormat(footer)?.format === 'vhd') requireSafe(findForeignFile('vhd', footer))
    }
    if (!isDisk) return {virtualSize: null}
    if (diskFormat === 'raw') return {virtualSize: size || null}
    if (found?.format !== diskFormat) return {virtualSize: null}
    return {virtualSize: readDiskSize(diskFormat, head, size) ?? null}
  }
}

/** Detects the format of data, from the footer too: `raw` if nothing tells it. */
export async function sniffFormat(store: DataReader, location: string, size: number): Promise<string> {
  const head = await readBytes(store, location, {first: 0, last: Math.min(DETECTION_BYTES, size) - 1})
  const {name, format = name} = detectFormat(head) ?? {name: 'raw'}
  if (format !== 'raw') return format
  const footer = await readFooter(store, location, size)
  return detectFormat(footer)?.format === 'vhd' ? 'vhd' : format
}

function readFooter(store: DataReader, location: string, size: number): Promise<Buffer> {
  return readBytes(store, location, {first: Math.max(0, size - FOOTER), last: size - 1})
}

/** Reads the size in bytes of the disk in an image from its first bytes; undefined when they do not state it. */
function readDiskSize(format: string | null, head: Buffer, size: number): number | undefined {
  if (format === 'iso') return size
  const isText = head[0] === 0x23
  if (format === 'vmdk' && head.length >= 20 && !isText) return toSize(512n * head.readBigUInt64LE(12))
  if (format === 'vdi' && head.length >= 376) return toSize(head.readBigUInt64LE(368))
  if (format === 'qcow2' && head.length >= 32) return toSize(head.readBigUInt64BE(24))
  return format === 'vhd' && head.length >= 56 ? toSize(head.readBigUInt64BE(48)) : undefined
}

function toSize(bytes: bigint): number | undefined {
  return bytes <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bytes) : undefined
}

async function readBytes(store: DataReader, location: string, range: ByteRange): Promise<Buffer> {
  if (range.last < range.first) return Buffer.alloc(0)
  const {data} = await store.get(location, range)
  const chunks: Buffer[] = []
  for await (const chunk of data as Readable & AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Any data may be called raw, so that hypervisors do not interpret it. */
function requireFormat(expected: string, detected: DetectedFormat | undefined): void {
  const found = detected?.format ?? (detected?.incompleteReason === undefined ? 'raw' : detected.name)
  if (found === expected || expected === 'raw') return
  if (found === 'raw' && WITHOUT_MAGIC.includes(expected)) return
  throw new ServiceError('unsupported-content', {found, expected})
}

function requireSafe(reason: string | undefined): void {
  if (reason !== undefined) throw new ServiceError('unsafe-content', {reason})
}
