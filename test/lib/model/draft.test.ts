/** Drafts: typed fields, custom properties, suggestions for misspelt names, and defaults. */
import assert from 'node:assert/strict'
import {applyDefaults, parseDraft, requireMatchingFormats} from '../../../src/lib/model/draft.js'

const toDraft = (...words: string[]) => parseDraft(words, 'add').draft
const toNotices = (...words: string[]) => parseDraft(words, 'add').notices

describe('a draft', () => {
  it('has typed fields and custom properties', () => {
    assert.deepEqual(
      toDraft('name=x', 'is_public=Yes', 'min_ram=512', 'distro=lucid', 'copy_from=http://h/i', 'Store=slow'),
      {
        name: 'x',
        isPublic: true,
        minRam: 512,
        copyFrom: 'http://h/i',
        store: 'slow',
        properties: {distro: 'lucid'},
      },
    )
  })

  it('reads an empty value of a text field as null', () => {
    assert.deepEqual(toDraft('name=', 'owner='), {name: null, owner: null, properties: {}})
  })

  for (const [word, expected] of Object.entries({
    true: true,
    ON: true,
    '1': true,
    yes: true,
    y: true,
    t: true,
  })) {
    it(`reads ${word} as true`, () => assert.equal(toDraft(`protected=${word}`).protected, expected))
  }

  for (const word of ['false', 'Off', '0', 'no', 'n', 'f']) {
    it(`reads ${word} as false`, () => assert.equal(toDraft(`protected=${word}`).protected, false))
  }

  for (const word of [
    'is_public=maybe',
    'is_public=',
    'min_ram=-1',
    'min_ram=1.5',
    'min_disk=',
    'min_disk=5GB',
    'size=99999999999999999999',
  ]) {
    it(`refuses ${word}`, () => assert.throws(() => toDraft(word), {kind: 'usage'}))
  }

  it('has the visibility and tags of version 2', () => {
    assert.deepEqual(toDraft('visibility=Private', 'tags=a, b,,a', 'os-hidden=yes'), {
      visibility: 'private',
      tags: ['a', 'b'],
      osHidden: true,
      properties: {},
    })
    assert.deepEqual(toDraft('tags='), {tags: [], properties: {}})
    assert.throws(() => toDraft('visibility=secret'), {kind: 'usage'})
  })

  const MD5 = '0a'.repeat(16)
  const SHA256 = '0b'.repeat(32)
  const SHA512 = '0c'.repeat(64)
  const digests: readonly [string[], object][] = [
    [[`checksum=${MD5.toUpperCase()}`], {checksum: MD5}],
    [[`md5=${MD5}`], {checksum: MD5}],
    [[`checksum=${SHA256}`], {sha256: SHA256}],
    [[`checksum=${SHA512}`], {sha512: SHA512}],
    [[`sha256=${SHA256}`, `SHA512=${SHA512}`], {sha256: SHA256, sha512: SHA512}],
    [[`os_hash_value=${SHA512}`], {sha512: SHA512}],
    [['os_hash_algo=SHA-256', `os-hash-value=${SHA256}`], {sha256: SHA256}],
    [['os_hash_algo=md5', `os_hash_value=${MD5}`], {checksum: MD5}],
  ]
  for (const [args, expected] of digests) {
    it(`knows what the data must be by ${args.join(' ').replace(/(\w{8})\w+/g, '$1')}`, () => {
      assert.deepEqual(toDraft(...args), {...expected, properties: {}})
    })
  }

  for (const args of [
    ['os_hash_value=00'],
    ['os_hash_algo=sha512'],
    ['os_hash_algo=blake2b', `os_hash_value=${SHA512}`],
    ['os_hash_algo=sha512', `os_hash_value=${SHA256}`],
    ['checksum=xyz'],
    [`sha256=${MD5}`],
    [`sha256=${'g'.repeat(64)}`],
  ]) {
    it(`refuses ${args.join(' ').slice(0, 40)}`, () => assert.throws(() => toDraft(...args), {kind: 'usage'}))
  }

  it('drops fields that the server sets, with a notice', () => {
    const {draft, notices} = parseDraft(['name=x', 'status=active', 'created-at=2026-01-01'], 'add')
    assert.deepEqual(draft, {name: 'x', properties: {}})
    assert.deepEqual(notices, [
      'Found non-settable field status. Removing.',
      'Found non-settable field created_at. Removing.',
    ])
  })

  it('does not change the id of an existing image', () => {
    const {draft, notices} = parseDraft(['id=7', 'min_disk=1'], 'update')
    assert.deepEqual(draft, {minDisk: 1, properties: {}})
    assert.deepEqual(notices, ['Found non-modifiable field id. Removing.'])
  })

  it('suggests the intended field', () => {
    assert.deepEqual(toNotices('is_publi=True'), [
      "'is_publi' is not an image field and is stored as a custom property. Did you mean 'is_public'?",
    ])
  })

  for (const [typed, meant] of Object.entries({
    nmae: 'name',
    format: 'disk_format',
    public: 'is_public',
    Container: 'container_format',
    ram: 'min_ram',
  })) {
    it(`suggests ${meant} for ${typed}`, () => {
      assert.deepEqual(toNotices(`${typed}=x`), [
        `'${typed}' is not an image field and is stored as a custom property. Did you mean '${meant}'?`,
      ])
    })
  }

  it('refuses a format that no service knows', () => {
    assert.throws(() => toDraft('disk_format=qcow'), {
      kind: 'usage',
      message:
        "invalid disk_format 'qcow': expected one of aki, ari, ami, raw, iso, vhd, vhdx, vdi, qcow2, vmdk, ploop",
      advice: "Did you mean 'qcow2'?",
    })
    assert.throws(() => toDraft('container_format=foo'), {kind: 'usage'})
    assert.deepEqual(toDraft('disk_format=QCOW2', 'container_format='), {
      diskFormat: 'qcow2',
      containerFormat: null,
      properties: {},
    })
  })

  it('refuses one format of Amazon with another', () => {
    const check = (...args: string[]) => requireMatchingFormats(toDraft(...args))
    assert.throws(() => check('disk_format=ami', 'container_format=ovf'), {
      kind: 'usage',
      message: 'disk_format ami and container_format ovf exclude each other',
      advice: 'Give disk_format=ami alone.',
    })
    assert.throws(() => check('disk_format=raw', 'container_format=aki'), {kind: 'usage'})
    check('disk_format=ami', 'container_format=ami')
    check('disk_format=ami')
    check('disk_format=raw', 'container_format=ovf')
  })

  it('suggests nothing for ordinary properties', () => {
    assert.deepEqual(toNotices('distro=x', 'arch=x86', 'os=linux', 'kernel_id=1', 'ok=1'), [])
  })
})

describe('defaults of a new image', () => {
  const formats = (...words: string[]) => {
    const {diskFormat, containerFormat, isPublic} = applyDefaults(toDraft(...words), 'ovf')
    return [diskFormat, containerFormat, isPublic]
  }

  it('are those of the manual', () => assert.deepEqual(formats(), ['raw', 'ovf', false]))
  it('can be overridden', () =>
    assert.deepEqual(formats('disk_format=qcow2', 'container_format=bare', 'is_public=1'), [
      'qcow2',
      'bare',
      true,
    ]))
  it('do not set the visibility', () =>
    assert.deepEqual(formats('visibility=community'), ['raw', 'ovf', undefined]))
  it('follow an Amazon disk format', () =>
    assert.deepEqual(formats('disk_format=aki'), ['aki', 'aki', false]))
  it('follow an Amazon container format', () =>
    assert.deepEqual(formats('container_format=ari'), ['ari', 'ari', false]))
})
