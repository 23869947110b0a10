/** What the first bytes of data say of its format. */

/** A format that bytes have, in words and as the value of `disk_format` that it makes; undefined for one that is packed. */
export interface DetectedFormat {
  /** As a person would call it. */
  readonly name: string
  /** Value of `disk_format`; absent for data that must be unpacked first. */
  readonly format?: string
  /** How it is packed, when it is. */
  readonly compression?: Compression
  /** Why this is no image of its own, when it is none. */
  readonly incompleteReason?: string
}

export type Compression = 'gz' | 'xz' | 'zst' | 'bz2'

/** The volume descriptor of an ISO 9660 image stands behind so many bytes. */
const ISO_OFFSET = 32_768

/** Bytes that tell every format known here. */
export const DETECTION_BYTES = ISO_OFFSET + 6

interface Magic extends DetectedFormat {
  readonly offset: number
  /** One character per byte. */
  readonly bytes: string
}

const MAGICS: readonly Magic[] = [
  {offset: 0, bytes: 'QFI\xfb', name: 'qcow2', format: 'qcow2'},
  {offset: 0, bytes: 'KDMV', name: 'vmdk', format: 'vmdk'},
  {offset: 0, bytes: '# Disk DescriptorFile', name: 'vmdk', format: 'vmdk'},
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

/** The format of data that begins like this; undefined when it is none of those known. */
export function detectFormat(head: Uint8Array): DetectedFormat | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  const found = MAGICS.find(
    magic => bytes.toString('latin1', magic.offset, magic.offset + magic.bytes.length) === magic.bytes,
  )
  if (found === undefined) return undefined
  const {offset: _, bytes: __, ...sniffed} = found
  return found.format === 'qcow2' ? {...sniffed, ...inspectQcow2(bytes)} : sniffed
}

/** Whether more bytes could still change what `sniff` says: only an ISO image tells so late, behind what may be an MBR. */
export function needsMoreBytes(head: Uint8Array): boolean {
  if (head.length >= DETECTION_BYTES) return false
  const format = detectFormat(head)
  return format === undefined || format.format === 'raw'
}

/** Offset of the name of the file below (8), and the features that a reader must know (72) since version 3 (4). */
function inspectQcow2(bytes: Buffer): Pick<DetectedFormat, 'incompleteReason'> {
  if (bytes.length < 80) return {}
  if (bytes.readBigUInt64BE(8) !== 0n)
    return {incompleteReason: 'it holds only what differs from a backing file'}
  const requiredFeatures = bytes.readUInt32BE(4) >= 3 ? bytes.readBigUInt64BE(72) : 0n
  return (requiredFeatures & 4n) === 0n ? {} : {incompleteReason: 'its data lies in another file'}
}

/** Formats whose data cannot begin otherwise. Others have forms without a mark at their beginning. */
const ALWAYS_WITH_MAGIC = ['qcow2', 'vhdx', 'vdi', 'iso']

/** Formats that the service takes as they are, whatever the data is. */
const UNCHECKED_FORMATS = ['ami', 'aki', 'ari', 'ploop']

/**
 * Why data cannot be what its `disk_format` says; undefined when it can.
 * @param isWhole whether the head is as long as it needs to be, or all there is
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
