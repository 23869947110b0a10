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
  return format === 'vhd' ? inspectVhd(head) : undefined
}

/** Reads the offset of the backing file's name (8) and, since version 3 (4), the features a reader must support (72). */
function inspectQcow2(bytes: Buffer): string | undefined {
  if (bytes.length < 80) return undefined
  if (bytes.readBigUInt64BE(8) !== 0n) return 'it contains only the differences from a backing file'
  const requiredFeatures = bytes.readUInt32BE(4) >= 3 ? bytes.readBigUInt64BE(72) : 0n
  return (requiredFeatures & 4n) === 0n ? undefined : 'its data is in another file'
}

/** Types of VMDK that hold all data in one file. */
const VMDK_TYPES = ['monolithicsparse', 'streamoptimized']

/** Reads the descriptor: text at the beginning, or at the sector that the header names (28). */
function inspectVmdk(bytes: Buffer): string | undefined {
  const isText = bytes.toString('latin1', 0, 4) !== 'KDMV'
  if (isText) return 'it is a descriptor, and its data is in other files'
  if (bytes.length < 36) return undefined
  const offset = bytes.readBigUInt64LE(28) * 512n
  if (offset === 0n) return undefined
  if (offset > BigInt(VMDK_BYTES)) return 'its descriptor is not where it should be'
  return inspectDescriptor(bytes.toString('latin1', Number(offset), VMDK_BYTES))
}

function inspectDescriptor(text: string): string | undefined {
  const [, type = ''] = /^createType="([^"\n]{0,40})"/m.exec(text) ?? []
  if (!VMDK_TYPES.includes(type.toLowerCase()))
    return `its type is ${type || 'unknown'}, with data in other files`
  const [, parent = 'ffffffff'] = /^parentCID=([0-9a-f]{1,8})/im.exec(text) ?? []
  if (parent.toLowerCase() !== 'ffffffff') return 'it contains only the differences from a parent file'
  const extents = [...text.matchAll(/^(?:RW|RDONLY|NOACCESS) \d{1,20} (\w{1,20})(?: "([^"\n]{0,1024})")?/gm)]
  const isForeign =
    extents.length !== 1 || extents[0]?.[1] !== 'SPARSE' || /[/\\:]/.test(extents[0]?.[2] ?? '')
  return isForeign ? 'its extents are in other files' : undefined
}

/** Reads the type of the disk (60): 4 is one that contains the differences from a parent. */
function inspectVhd(bytes: Buffer): string | undefined {
  if (bytes.length < 64) return undefined
  return bytes.readUInt32BE(60) === 4 ? 'it contains only the differences from a parent file' : undefined
}
