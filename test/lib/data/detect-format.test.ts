/** Detection of formats from the first bytes of data, and comparison with `disk_format`. */
import assert from 'node:assert/strict'
import {detectFormat, explainMismatch, needsMoreBytes} from '../../../src/lib/data/detect-format.js'

/** A head of zeros with bytes at some offsets. */
function head(length: number, ...marks: [number, string][]): Buffer {
  const bytes = Buffer.alloc(length)
  for (const [at, text] of marks) bytes.write(text, at, 'latin1')
  return bytes
}

const QCOW2: [number, string] = [0, 'QFI\xfb\0\0\0\x03']
const MBR: [number, string] = [510, '\x55\xaa']
const ISO: [number, string] = [32_768, '\x01CD001']

describe('the format of data', () => {
  const known: readonly [string, Buffer, string | undefined][] = [
    ['qcow2', head(512, QCOW2), 'qcow2'],
    ['vmdk', head(512, [0, 'KDMV\x01\0\0\0']), 'vmdk'],
    ['vmdk, as text', head(512, [0, '# Disk DescriptorFile\nversion=1']), 'vmdk'],
    ['vhd', head(512, [0, 'conectix']), 'vhd'],
    ['vhdx', head(512, [0, 'vhdxfile']), 'vhdx'],
    ['vdi', head(512, [0, '<<< Oracle VM VirtualBox Disk Image >>>\n'], [64, '\x7f\x10\xda\xbe']), 'vdi'],
    ['iso', head(32_774, ISO), 'iso'],
    ['iso that starts from a stick', head(32_774, MBR, ISO), 'iso'],
    ['a raw disk with an MBR', head(512, MBR), 'raw'],
    ['a raw disk with a GPT', head(1024, MBR, [512, 'EFI PART']), 'raw'],
    ['text', Buffer.from('hello world'), undefined],
    ['nothing', Buffer.alloc(0), undefined],
  ]
  for (const [name, bytes, format] of known) {
    it(`is detected: ${name}`, () => assert.equal(detectFormat(bytes)?.format, format))
  }

  for (const [packed, bytes] of [
    ['gz', '\x1f\x8b\x08'],
    ['xz', '\xfd7zXZ\0'],
    ['zst', '\x28\xb5\x2f\xfd'],
    ['bz2', 'BZh9'],
  ] as const) {
    it(`is detected as compressed: ${packed}`, () => {
      assert.deepEqual(
        [detectFormat(head(64, [0, bytes]))?.compression, detectFormat(head(64, [0, bytes]))?.format],
        [packed, undefined],
      )
    })
  }

  it('is a page of a web server', () => {
    for (const text of ['<!DOCTYPE html><title>404</title>', '\n <html lang="en">', '<HTML>'])
      assert.deepEqual(detectFormat(Buffer.from(text)), {name: 'an HTML page', isWebPage: true})
    assert.equal(detectFormat(Buffer.from('<htmlx>')), undefined)
  })

  /** The lines of a descriptor of VMDK, in sector 1 of the file. */
  const vmdk = (...lines: string[]) =>
    head(
      21 * 512,
      [0, 'KDMV\x01\0\0\0'],
      [12, '\x01'],
      [28, '\x01'],
      [512, `# Disk DescriptorFile\n${lines.join('\n')}\n`],
    )
  const WHOLE = ['parentCID=ffffffff', 'createType="monolithicSparse"', 'RW 16384 SPARSE "disk.vmdk"']
  const capacity = (image: Buffer, sectors: number) => image.fill(sectors, 12, 13)
  const unsafe: readonly [string, Buffer, RegExp][] = [
    [
      'a VMDK of flat extents',
      vmdk('createType="monolithicFlat"', 'RW 1 FLAT "x-flat.vmdk" 0'),
      /type is monolithicFlat/,
    ],
    ['a VMDK without a type', vmdk('RW 1 SPARSE "x.vmdk"'), /type is unknown/],
    [
      'a VMDK with a path',
      vmdk(...WHOLE.slice(0, 2), 'RW 1 SPARSE "/etc/passwd"'),
      /extents are in other files/,
    ],
    [
      'a VMDK with a URL',
      vmdk(...WHOLE.slice(0, 2), 'RW 1 SPARSE "http://h/x"'),
      /extents are in other files/,
    ],
    ['a VMDK with two extents', vmdk(...WHOLE, 'RW 1 FLAT "x" 0'), /extents are in other files/],
    ['a VMDK with a parent', vmdk('parentCID=1234abcd', ...WHOLE.slice(1)), /differences from a parent/],
    ['a descriptor alone', head(512, [0, '# Disk DescriptorFile\nversion=1']), /is a descriptor/],
    [
      'a VMDK whose descriptor is far away',
      head(21 * 512, [0, 'KDMV'], [12, '\x01'], [28, '\x02']),
      /not where it should/,
    ],
    [
      'a VMDK without a capacity, whose extents are opened',
      capacity(vmdk(...WHOLE), 0),
      /extents are in other/,
    ],
    [
      'a VMDK with the name of a parent',
      vmdk(...WHOLE, 'parentFileNameHint="x"'),
      /differences from a parent/,
    ],
    ['a VMDK with an indented extent', vmdk(...WHOLE, ' RW 1 FLAT "/x" 0'), /extents are in other files/],
    ['a VMDK with an unknown line', vmdk(...WHOLE, 'include /x'), /extents are in other files/],
    ['a VMDK of ESX', head(512, [0, 'COWD']), /may name a parent file/],
    ['a descriptor after comments', head(512, [0, '# x\n \r\nversion=1\n']), /is a descriptor/],
    ['a differencing VDI', head(512, [64, '\x7f\x10\xda\xbe'], [76, '\x04']), /differences from a parent/],
    ['a differencing VHD', head(512, [0, 'conectix'], [63, '\x04']), /differences from a parent/],
    ['a QED', head(512, [0, 'QED\0']), /may name a backing file/],
  ]
  for (const [name, bytes, reason] of unsafe) {
    it(`names another file: ${name}`, () => assert.match(detectFormat(bytes)?.incompleteReason ?? '', reason))
  }

  it('names no other file', () => {
    const stream = vmdk('parentCID=ffffffff', 'createType="streamOptimized"', 'RW 16384 SPARSE "disk.vmdk"')
    for (const bytes of [
      vmdk(...WHOLE),
      stream,
      head(512, [0, 'conectix'], [63, '\x03']),
      head(20, [0, 'KDMV']),
    ])
      assert.equal(detectFormat(bytes)?.incompleteReason, undefined)
  })

  it('needs the descriptor of a VMDK', () => {
    assert.equal(needsMoreBytes(vmdk(...WHOLE).subarray(0, 600)), true)
    assert.equal(needsMoreBytes(vmdk(...WHOLE)), false)
  })

  it('reports that the data depends on another file', () => {
    assert.equal(detectFormat(head(512, QCOW2))?.incompleteReason, undefined)
    assert.equal(
      detectFormat(head(512, QCOW2, [15, '\x70']))?.incompleteReason,
      'it contains only the differences from a backing file',
    )
    assert.equal(
      detectFormat(head(512, QCOW2, [79, '\x04']))?.incompleteReason,
      'its data is in another file',
    )
    assert.equal(
      detectFormat(head(512, QCOW2, [79, '\x20']))?.incompleteReason,
      'it needs features that are not specified',
    )
    assert.equal(detectFormat(head(512, QCOW2, [79, '\x1b']))?.incompleteReason, undefined)
    assert.equal(detectFormat(head(512, [0, 'QFI\xfb\0\0\0\x02'], [79, '\x04']))?.incompleteReason, undefined)
  })

  it('needs more bytes only if it may be an ISO image', () => {
    assert.equal(needsMoreBytes(head(512, QCOW2)), false)
    assert.equal(needsMoreBytes(head(512, MBR)), true)
    assert.equal(needsMoreBytes(Buffer.from('hello')), true)
    assert.equal(needsMoreBytes(head(32_774)), false)
  })
})

describe('a disk_format', () => {
  const cases: readonly [string, Buffer, string | undefined][] = [
    ['qcow2', head(512, QCOW2), undefined],
    ['raw', head(512, QCOW2), 'the data looks like qcow2'],
    ['qcow2', head(512, MBR), 'the data does not look like qcow2, but like a raw disk with an MBR'],
    ['qcow2', Buffer.from('hello'), 'the data does not look like qcow2'],
    ['vhd', head(512, MBR), undefined],
    ['vmdk', head(512, MBR), undefined],
    ['raw', head(32_774, ISO), 'the data looks like iso'],
    ['iso', head(32_774), 'the data does not look like iso'],
    ['raw', Buffer.from('hello'), undefined],
    ['ami', head(512, QCOW2), undefined],
    ['qcow2', head(64, [0, 'BZh9']), undefined],
  ]
  for (const [format, bytes, why] of cases) {
    it(`${format} is compared: ${why ?? 'right'}`, () =>
      assert.equal(explainMismatch(format, bytes, true), why))
  }

  it('is not doubted until enough bytes are known', () => {
    assert.equal(explainMismatch('iso', head(512), false), undefined)
  })
})
