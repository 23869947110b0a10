/** Inspects the data of an image: its format, and the size of the disk in it. */
import type {Readable} from 'node:stream'
import type {ImageChanges, ImageRecord} from '../registry/registry.js'
import type {Store, StoredData} from '../stores/store.js'
import {ServiceError} from './errors.js'

/**
 * Inspects stored data and returns the changes of its image.
 * @throws ServiceError `unsupported-content` when the data is refused
 */
export type Inspector = (image: ImageRecord, stored: StoredData) => Promise<ImageChanges>

/** Bytes at the beginning that distinguish all formats; the magic of an ISO image is at 32 KiB. */
const HEAD = 36_864

interface Format {
  readonly name: string
  /** Magic numbers in Latin-1, with their offsets in bytes. */
  readonly magic: readonly (readonly [number, string])[]
  /** Bytes of the disk in the image; undefined when the head does not state it. */
  readonly diskSize: (head: Buffer, size: number) => number | undefined
}

const readUint64At = (at: number) => (head: Buffer) =>
  head.length < at + 8 ? undefined : Number(head.readBigUInt64BE(at))

/** Formats with a magic number, from their specifications. */
const FORMATS: readonly Format[] = [
  {name: 'qcow2', magic: [[0, 'QFI\xfb']], diskSize: readUint64At(24)},
  {name: 'vmdk', magic: [[0, 'KDMV']], diskSize: head => 512 * Number(head.readBigUInt64LE(12))},
  {name: 'vmdk', magic: [[0, '# Disk DescriptorFile']], diskSize: () => undefined},
  {name: 'vdi', magic: [[64, '\x7f\x10\xda\xbe']], diskSize: head => Number(head.readBigUInt64LE(368))},
  {name: 'vhdx', magic: [[0, 'vhdxfile']], diskSize: () => undefined},
  {name: 'vhd', magic: [[0, 'conectix']], diskSize: readUint64At(48)},
  {name: 'iso', magic: [[32_769, 'CD001']], diskSize: (_, size) => size},
]

/** Formats whose data may have no magic number. */
const WITHOUT_MAGIC = ['raw', 'ami', 'ari', 'aki', 'ploop', 'vhd', 'iso']

/**
 * Creates an inspector. It reads the beginning of the data back from the store, which does not slow the upload down.
 * @param strict refuse data that is not in the `disk_format` of the image, as services since 2025 do
 */
export function createInspector(store: Store, strict: boolean): Inspector {
  return async ({diskFormat, containerFormat}, {location, size}) => {
    if (containerFormat !== 'bare') return {virtualSize: null}
    const head = size === 0 ? Buffer.alloc(0) : await readHead(store, location, size)
    const found = FORMATS.find(format => hasFormat(head, format))
    if (strict) requireFormat(diskFormat ?? 'raw', found?.name)
    if (diskFormat === 'raw') return {virtualSize: size || null}
    if (found?.name !== diskFormat) return {virtualSize: null}
    const disk = found?.diskSize(head, size)
    return {virtualSize: disk !== undefined && Number.isSafeInteger(disk) ? disk : null}
  }
}

async function readHead(store: Store, location: string, size: number): Promise<Buffer> {
  const {data} = await store.get(location, {first: 0, last: Math.min(HEAD, size) - 1})
  const chunks: Buffer[] = []
  for await (const chunk of data as Readable & AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function hasFormat(head: Buffer, {magic, name}: Format): boolean {
  const minBytes = name === 'vdi' ? 376 : name === 'vmdk' ? 20 : 0
  return (
    head.length >= minBytes &&
    magic.every(([at, bytes]) => head.subarray(at, at + bytes.length).toString('latin1') === bytes)
  )
}

function requireFormat(expected: string, found: string | undefined): void {
  if (found === expected || expected === 'raw') return
  if (found === undefined && WITHOUT_MAGIC.includes(expected)) return
  throw new ServiceError('unsupported-content', {found: found ?? 'raw', expected})
}
