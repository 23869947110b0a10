/**
 * Finds references from an image to other files, which a hypervisor would read with its own rights: they make an image
 * incomplete at best, and an attack on the machine that runs it at worst.
 */

/** Bytes that suffice to see the descriptor of a VMDK: 20 sectors after the header, as its specification has it. */
export const VMDK_BYTES = 21 * 512

/**
 * Reads the beginning of an image.
 * @param format `disk_format` of the data
 * @param head at least as many bytes as `needsMoreBytes` asks for
 * @returns the reason why it is not a complete image; undefined if nothing in these bytes names another file
 */
export function findForeignFile(format: string | undefined, head: Buffer): string | undefined {
  if (format === 'qcow2') return inspectQcow2(head)
  if (format === 'vmdk') return inspectVmdk(head)
  if (format === 'vdi') return inspectVdi(head)
  return format === 'vhd' ? inspectVhd(head) : undefined
}

const ONLY_DIFFERENCES = 'it contains only the differences from a parent file'

/** Features of QCOW2 that a reader must support: all that are specified, of which bit 2 is an external data file. */
const KNOWN_FEATURES = 0x1fn
const DATA_FILE = 4n

/** Reads the offset of the backing file's name (8) and, since version 3 (4), the features a reader must support (72). */
function inspectQcow2(bytes: Buffer): string | undefined {
  if (bytes.length < 16) return undefined
  if (bytes.readBigUInt64BE(8) !== 0n) return 'it contains only the differences from a backing file'
  if (bytes.length < 80 || bytes.readUInt32BE(4) < 3) return undefined
  const features = bytes.readBigUInt64BE(72)
  if ((features & DATA_FILE) !== 0n) return 'its data is in another file'
  return (features & ~KNOWN_FEATURES) === 0n ? undefined : 'it needs features that are not specified'
}

/** Types of VMDK that hold all data in one file. */
const VMDK_TYPES = ['monolithicsparse', 'streamoptimized']

/**
 * Reads the descriptor: text at the beginning, or in sector 1. The header states its sector (28), but some hypervisors read
 * it from sector 1 in any case, and open the extents that it names if the capacity in the header (12) is 0.
 */
function inspectVmdk(bytes: Buffer): string | undefined {
  if (!bytes.subarray(0, 4).equals(VMDK_MAGIC)) return 'it is a descriptor, and its data is in other files'
  if (bytes.length < 36) return undefined
  if (bytes.readBigUInt64LE(12) === 0n) return 'its extents are in other files'
  if (bytes.readBigUInt64LE(28) !== 1n) return 'its descriptor is not where it should be'
  const [text = ''] = bytes.toString('latin1', 512, VMDK_BYTES).split('\0', 1)
  return inspectDescriptor(text)
}

const VMDK_MAGIC = Buffer.from('KDMV')

/** Lines that name no file: comments, fields (`name=value`) and the disk data base. */
const HARMLESS_LINE = /^(?:#|ddb\b|\w+[ \t]*=)/i
/** An extent in this file. */
const OWN_EXTENT = /^(?:rw|rdonly|noaccess) \d{1,20} sparse "[^"/\\:]{1,255}"$/i

function inspectDescriptor(text: string): string | undefined {
  const [, type = ''] = /^createType="([^"\n]{0,40})"/im.exec(text) ?? []
  if (!VMDK_TYPES.includes(type.toLowerCase()))
    return `its type is ${type || 'unknown'}, with data in other files`
  const [, parent = 'ffffffff'] = /^parentCID=([0-9a-f]{1,8})/im.exec(text) ?? []
  if (parent.toLowerCase() !== 'ffffffff' || /parentFileNameHint/i.test(text)) return ONLY_DIFFERENCES
  const lines = text.split(/[\r\n]+/).map(line => line.trim())
  const others = lines.filter(line => line !== '' && !HARMLESS_LINE.test(line))
  const isWhole = others.length === 1 && OWN_EXTENT.test(others[0] ?? '')
  return isWhole ? undefined : 'its extents are in other files'
}

/** Reads the type of the disk (60): 4 is one that contains the differences from a parent. */
function inspectVhd(bytes: Buffer): string | undefined {
  if (bytes.length < 64) return undefined
  return bytes.readUInt32BE(60) === 4 ? ONLY_DIFFERENCES : undefined
}

/** Reads the type of the image (76): 1 and 2 are whole disks, others contain the differences from a parent. */
function inspectVdi(bytes: Buffer): string | undefined {
  if (bytes.length < 80) return undefined
  return bytes.readUInt32LE(76) > 2 ? ONLY_DIFFERENCES : undefined
}
