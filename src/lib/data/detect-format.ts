/** Detects the format of data by its first bytes. */
import {findForeignFile, VMDK_BYTES} from './foreign-files.js'

/** A format of data, which may be compressed or incomplete. */
export interface DetectedFormat {
  /** Name in messages. */
  readonly name: string
  /** Value of `disk_format`; absent for compressed data. */
  readonly format?: string
  /** Compression of the data, if any. */
  readonly compression?: Compression
  /** Reason why the data is not a complete image, if it is not. */
  readonly incompleteReason?: string
  /** The data is a page of a web server. */
  readonly isWebPage?: true
}

/** Compressions by file extension. */
export type Compression = 'gz' | 'xz' | 'zst' | 'bz2'

/** Offset in bytes of the volume descriptor of an ISO 9660 image. */
const ISO_OFFSET = 32_768

/** Bytes that suffice to detect every known format. */
export const DETECTION_BYTES = ISO_OFFSET + 6

interface Magic extends DetectedFormat {
  readonly offset: number
  /** One character per byte. */
  readonly bytes: string
}

const MAGICS: readonly Magic[] = [
  {offset: 0, bytes: 'QFI\xfb', name: 'qcow2', format: 'qcow2'},
  {
    offset: 0,
    bytes: 'QED\0',
    name: 'qed',
    incompleteReason: 'it may name a backing file, which hypervisors read',
  },
  {offset: 0, bytes: 'KDMV', name: 'vmdk', format: 'vmdk'},
  {
    offset: 0,
    bytes: 'COWD',
    name: 'vmdk',
    format: 'vmdk',
    incompleteReason: 'it may name a parent file, which hypervisors read',
  },
  {offset: 0, bytes: 'conectix', name: 'vhd', format: 'vhd'},
  {offset: 0, bytes: 'vhdxfile', name: 'vhdx', format: 'vhdx'},
  {offset: 64, bytes: '\x7f\x10\xda\xbe', name: 'vdi', format: 'vdi'},
  {offset: 0, bytes: '\x1f\x8b', name: 'gzip', compression: 'gz'},
  {offset: 0, bytes: '\xfd7zXZ\0', name: 'xz', compression: 'xz'},
  {offset: 0, bytes: '\x28\xb5\x2f\xfd', name: 'zstd', compression: 'zst'},
  {offset: 0, bytes: 'BZh', name: 'bzip2', compression: 'bz2'},
  {offset: ISO_OFFSET + 1, bytes: 'CD001', name: 'iso', format: 'iso'},
  {offset: 512, bytes: 'EFI PART', name: 'a raw disk with a GPT', format: 'raw'},
  {offset: 510, bytes: '\x55\xaa', name: 'a raw disk with an MBR', format: 'raw'},
]

/** Detects the format of data with these first bytes; undefined if it is unknown. */
export function detectFormat(head: Uint8Array): DetectedFormat | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  if (isWebPage(bytes)) return WEB_PAGE
  const detected = isVmdkText(bytes) ? VMDK_TEXT : findMagic(bytes)
  if (detected === undefined) return undefined
  const incompleteReason = detected.incompleteReason ?? findForeignFile(detected.format, bytes)
  return incompleteReason === undefined ? detected : {...detected, incompleteReason}
}

function findMagic(bytes: Buffer): DetectedFormat | undefined {
  const found = MAGICS.find(
    magic => bytes.toString('latin1', magic.offset, magic.offset + magic.bytes.length) === magic.bytes,
  )
  if (found === undefined) return undefined
  const {offset: _, bytes: __, ...detected} = found
  return detected
}

/** A descriptor without data, as text. */
const VMDK_TEXT: DetectedFormat = {name: 'vmdk', format: 'vmdk'}

/** True for what hypervisors take for a descriptor: after comments and blank lines, the version of its syntax. */
function isVmdkText(bytes: Buffer): boolean {
  const text = bytes.toString('latin1', 0, 2048)
  return text.startsWith('# Disk DescriptorFile') || /^(?:#[^\n]*\n| *\r?\n)*version=[123]\r?\n/.test(text)
}

/** The page of a web server, for example of an error, in place of an image. */
const WEB_PAGE: DetectedFormat = {name: 'an HTML page', isWebPage: true}

function isWebPage(bytes: Buffer): boolean {
  return /^\s{0,64}<(!doctype html|html[\s>])/i.test(bytes.toString('latin1', 0, 128))
}

/** True if more bytes could change the result of `detectFormat`: the mark of an ISO image comes late, after a possible MBR. */
export function needsMoreBytes(head: Uint8Array): boolean {
  if (head.length >= DETECTION_BYTES) return false
  const format = detectFormat(head)
  if (format?.format === 'vmdk') return head.length < VMDK_BYTES
  return format === undefined || format.format === 'raw'
}

/** Formats whose data always begins with their mark. Others have variants without one. */
const ALWAYS_WITH_MAGIC = ['qcow2', 'vhdx', 'vdi', 'iso']

/** Formats that any data may have. */
const UNCHECKED_FORMATS = ['ami', 'aki', 'ari', 'ploop']

/**
 * Reason why the data cannot have this `disk_format`; undefined if it can.
 * @param isWhole the head has all bytes that `needsMoreBytes` asks for, or all of the data
 */
export function explainMismatch(format: string, head: Uint8Array, isWhole: boolean): string | undefined {
  const found = detectFormat(head)
  if (found?.format === format || UNCHECKED_FORMATS.includes(format)) return undefined
  if (found?.compression !== undefined) return undefined
  if (found === undefined || found.format === 'raw') {
    const isMismatch = ALWAYS_WITH_MAGIC.includes(format) && isWhole
    return isMismatch
      ? `the data does not look like ${format}${found ? `, but like ${found.name}` : ''}`
      : undefined
  }
  return `the data looks like ${found.name}`
}
