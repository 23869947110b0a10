/** What the first bytes of data say of its format. */

/** A format that bytes have, in words and as the value of `disk_format` that it makes; undefined for one that is packed. */
export interface Sniffed {
  /** As a person would call it. */
  readonly name: string
  /** Value of `disk_format`; absent for data that must be unpacked first. */
  readonly format?: string
  /** How it is packed, when it is. */
  readonly packed?: Packing
  /** Why this is no image of its own, when it is none. */
  readonly dependsOn?: string
}

export type Packing = 'gz' | 'xz' | 'zst' | 'bz2'

/** The volume descriptor of an ISO 9660 image stands behind so many bytes. */
const ISO_AT = 32_768

/** Bytes that tell every format known here. */
export const ENOUGH = ISO_AT + 6

interface Magic extends Sniffed {
  readonly at: number
  /** One character per byte. */
  readonly bytes: string
}

const MAGICS: readonly Magic[] = [
  {at: 0, bytes: 'QFI\xfb', name: 'qcow2', format: 'qcow2'},
  {at: 0, bytes: 'KDMV', name: 'vmdk', format: 'vmdk'},
  {at: 0, bytes: '# Disk DescriptorFile', name: 'vmdk', format: 'vmdk'},
  {at: 0, bytes: 'conectix', name: 'vhd', format: 'vhd'},
  {at: 0, bytes: 'vhdxfile', name: 'vhdx', format: 'vhdx'},
  {at: 64, bytes: '\x7f\x10\xda\xbe', name: 'vdi', format: 'vdi'},
  {at: 0, bytes: '\x1f\x8b', name: 'gzip', packed: 'gz'},
  {at: 0, bytes: '\xfd7zXZ\0', name: 'xz', packed: 'xz'},
  {at: 0, bytes: '\x28\xb5\x2f\xfd', name: 'zstd', packed: 'zst'},
  {at: 0, bytes: 'BZh', name: 'bzip2', packed: 'bz2'},
  {at: ISO_AT + 1, bytes: 'CD001', name: 'iso', format: 'iso'},
  {at: 512, bytes: 'EFI PART', name: 'a raw disk with a GPT', format: 'raw'},
  {at: 510, bytes: '\x55\xaa', name: 'a raw disk with an MBR', format: 'raw'},
]

/** The format of data that begins like this; undefined when it is none of those known. */
export function sniff(head: Uint8Array): Sniffed | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  const found = MAGICS.find(
    magic => bytes.toString('latin1', magic.at, magic.at + magic.bytes.length) === magic.bytes,
  )
  if (found === undefined) return undefined
  const {at: _, bytes: __, ...sniffed} = found
  return found.format === 'qcow2' ? {...sniffed, ...qcow2(bytes)} : sniffed
}

/** Whether more bytes could still change what `sniff` says: only an ISO image tells so late, behind what may be an MBR. */
export function wantsMore(head: Uint8Array): boolean {
  if (head.length >= ENOUGH) return false
  const format = sniff(head)
  return format === undefined || format.format === 'raw'
}

/** Offset of the name of the file below (8), and the features that a reader must know (72) since version 3 (4). */
function qcow2(bytes: Buffer): Pick<Sniffed, 'dependsOn'> {
  if (bytes.length < 80) return {}
  if (bytes.readBigUInt64BE(8) !== 0n) return {dependsOn: 'it holds only what differs from a backing file'}
  const needed = bytes.readUInt32BE(4) >= 3 ? bytes.readBigUInt64BE(72) : 0n
  return (needed & 4n) === 0n ? {} : {dependsOn: 'its data lies in another file'}
}

/** Formats whose data cannot begin otherwise. Others have forms without a mark at their beginning. */
const ALWAYS_MARKED = ['qcow2', 'vhdx', 'vdi', 'iso']

/** Formats that the service takes as they are, whatever the data is. */
const UNMARKED = ['ami', 'aki', 'ari', 'ploop']

/**
 * Why data cannot be what its `disk_format` says; undefined when it can.
 * @param isWhole whether the head is as long as it needs to be, or all there is
 */
export function clash(format: string, head: Uint8Array, isWhole: boolean): string | undefined {
  const found = sniff(head)
  if (found?.format === format || UNMARKED.includes(format)) return undefined
  if (found?.packed !== undefined) return undefined
  if (found === undefined || found.format === 'raw') {
    const must = ALWAYS_MARKED.includes(format) && isWhole
    return must
      ? `the data does not look like ${format}${found ? `, but like ${found.name}` : ''}`
      : undefined
  }
  return `the data looks like ${found.name}`
}
