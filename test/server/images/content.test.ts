/** The inspector of stored data: what a strict one refuses, and the size of the disk that it finds. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import {createInspector} from '../../../src/server/images/content.js'
import {ServiceError} from '../../../src/server/images/errors.js'
import type {ImageRecord} from '../../../src/server/registry/registry.js'
import type {Store} from '../../../src/server/stores/store.js'

/** A file of zeros with bytes at some offsets. */
function file(length: number, ...marks: [number, string][]): Buffer {
  const bytes = Buffer.alloc(length)
  for (const [at, text] of marks) bytes.write(text, at, 'latin1')
  return bytes
}

/** The changes by the inspector, or the code of its refusal. */
async function inspect(bytes: Buffer, diskFormat: string, {strict = true, containerFormat = 'bare'} = {}) {
  const store = {
    get: async (_location: string, {first, last} = {first: 0, last: bytes.length - 1}) => {
      assert(first >= 0 && last < bytes.length && first <= last, 'a range within the data')
      return {data: Readable.from([bytes.subarray(first, last + 1)]), size: bytes.length}
    },
  } as Partial<Store> as Store
  const stored = {location: 'x', size: bytes.length, checksum: '', hashAlgo: 'sha512' as const, hashValue: ''}
  try {
    return await createInspector(store, strict)({diskFormat, containerFormat} as ImageRecord, stored)
  } catch (error) {
    assert(error instanceof ServiceError)
    return error.code
  }
}

/** Headers as qemu-img writes them, shortened. */
const QCOW2: [number, string][] = [
  [0, 'QFI\xfb\0\0\0\x03'],
  [24, '\0\0\0\0\0\x80\0\0'],
]
const VMDK: [number, string][] = [
  [0, 'KDMV\x01'],
  [12, '\0\x40'],
  [28, '\x01'],
  [512, '# Disk DescriptorFile\nversion=1\nparentCID=ffffffff\n'],
]
const SPARSE =
  'createType="monolithicSparse"\n# Extent description\nRW 16384 SPARSE "x.vmdk"\nddb.geometry.heads = "16"\n'
const FLAT = '# Disk DescriptorFile\nversion=1\ncreateType="monolithicFlat"\nRW 16384 FLAT "/etc/shadow" 0\n'
const VHD: [number, string][] = [
  [0, 'conectix'],
  [48, '\0\0\0\0\0\x80\0\0'],
  [60, '\0\0\0\x03'],
]
const MBR: [number, string] = [510, '\x55\xaa']
const GPT: [number, string] = [512, 'EFI PART']
const ISO: [number, string] = [32_768, '\x01CD001']

describe('a strict inspector', () => {
  const taken: readonly [string, string, Buffer, number | null][] = [
    ['a qcow2', 'qcow2', file(65_536, ...QCOW2), 8_388_608],
    ['a qcow2 called raw', 'raw', file(65_536, ...QCOW2), 65_536],
    ['a sparse VMDK', 'vmdk', file(65_536, ...VMDK, [563, SPARSE]), 8_388_608],
    ['a VHD', 'vhd', file(2048, ...VHD, [1536, 'conectix'], [1596, '\0\0\0\x03']), 8_388_608],
    ['a VHD with a footer alone', 'vhd', file(2048, [1536, 'conectix'], [1596, '\0\0\0\x02']), null],
    ['a VDI', 'vdi', file(512, [64, '\x7f\x10\xda\xbe'], [76, '\x01'], [370, '\x80']), 8_388_608],
    ['a VHDX', 'vhdx', file(512, [0, 'vhdxfile']), null],
    ['LUKS', 'raw', file(512, [0, 'LUKS\xba\xbe\0\x01']), 512],
    ['a disk with a GPT', 'raw', file(1024, MBR, GPT), 1024],
    ['an ISO image that starts from a stick', 'iso', file(40_960, MBR, GPT, ISO), 40_960],
    ['an ISO image called raw', 'raw', file(40_960, MBR, ISO), 40_960],
    ['text as a kernel', 'aki', Buffer.from('kernel'), null],
    ['no data', 'raw', Buffer.alloc(0), null],
    ['no data as a VHD', 'vhd', Buffer.alloc(0), null],
  ]
  for (const [name, format, bytes, virtualSize] of taken) {
    it(`takes ${name}`, async () => assert.deepEqual(await inspect(bytes, format), {virtualSize}))
  }

  const unsafe: readonly [string, string, Buffer][] = [
    ['a qcow2 with a backing file', 'qcow2', file(65_536, ...QCOW2, [14, '\x02'])],
    ['a qcow2 with a backing file, called raw', 'raw', file(65_536, ...QCOW2, [14, '\x02'])],
    ['a short qcow2 with a backing file', 'qcow2', file(76, ...QCOW2, [15, '\x40'])],
    ['a qcow2 with a data file', 'qcow2', file(65_536, ...QCOW2, [79, '\x04'])],
    ['a VMDK with a path', 'vmdk', file(65_536, ...VMDK, [563, SPARSE.replace('x.vmdk', '/etc/shadow')])],
    ['a VMDK with a URL', 'vmdk', file(65_536, ...VMDK, [563, SPARSE.replace('x.vmdk', 'http://h/x')])],
    ['a VMDK with a parent', 'vmdk', file(65_536, ...VMDK, [563, `parentFileNameHint="x"\n${SPARSE}`])],
    ['the descriptor of a VMDK', 'vmdk', Buffer.from(FLAT)],
    ['the descriptor of a VMDK, called raw', 'raw', Buffer.from(FLAT)],
    ['a QED called raw', 'raw', file(65_536, [0, 'QED\0'])],
    ['a differencing VHD', 'vhd', file(2048, [0, 'conectix'], [60, '\0\0\0\x04'])],
    ['a VHD that differs by its footer', 'vhd', file(2048, ...VHD, [1536, 'conectix'], [1596, '\0\0\0\x04'])],
    ['a differencing VDI', 'vdi', file(512, [64, '\x7f\x10\xda\xbe'], [76, '\x04'])],
  ]
  for (const [name, format, bytes] of unsafe) {
    it(`refuses ${name}`, async () => assert.equal(await inspect(bytes, format), 'unsafe-content'))
  }

  const mismatched: readonly [string, string, Buffer][] = [
    ['a qcow2 called vmdk', 'vmdk', file(512, ...QCOW2)],
    ['an MBR called qcow2', 'qcow2', file(512, MBR)],
    ['a QED called qcow2', 'qcow2', file(512, [0, 'QED\0'])],
    ['an ISO image called qcow2', 'qcow2', file(40_960, ISO)],
  ]
  for (const [name, format, bytes] of mismatched) {
    it(`refuses ${name}`, async () => assert.equal(await inspect(bytes, format), 'unsupported-content'))
  }

  it('requires the format of data in a bare container only', async () => {
    assert.deepEqual(await inspect(file(512, MBR), 'qcow2', {containerFormat: 'ovf'}), {virtualSize: null})
  })

  for (const [name, format, bytes] of unsafe) {
    it(`refuses ${name} in other containers and under other formats too`, async () => {
      assert.equal(await inspect(bytes, format, {containerFormat: 'ovf'}), 'unsafe-content')
      assert.equal(await inspect(bytes, 'raw'), 'unsafe-content')
    })
  }
})

describe('an inspector that is not strict', () => {
  it('finds the size of the disk and refuses nothing', async () => {
    const backed = file(512, ...QCOW2, [14, '\x02'])
    assert.deepEqual(await inspect(backed, 'qcow2', {strict: false}), {virtualSize: 8_388_608})
    assert.deepEqual(await inspect(Buffer.from(FLAT), 'vmdk', {strict: false}), {virtualSize: null})
    assert.deepEqual(await inspect(backed, 'vmdk', {strict: false}), {virtualSize: null})
  })
})
