/** Every example of chapter 9 of the manual, in its order, with the current output of the tool. */
import assert from 'node:assert/strict'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {glance, type World} from '../support/fake-io.js'
import {startService, type TestService} from '../support/test-service.js'

/** Values that differ from run to run, by their name in the expected text. */
const VARYING: readonly (readonly [string, RegExp])[] = [
  ['<time>', /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}/g],
  ['Completed in <seconds> sec.', /Completed in \d+\.\d{4} sec\./g],
]

describe('the examples of the manual', () => {
  let service: TestService
  let web: ReturnType<typeof createServer>
  let webUrl = ''
  const ids = new Map<string, string>()

  before(async () => {
    service = await startService({fetchFromAnywhere: true})
    web = createServer((_, answer) => answer.setHeader('content-length', 5).end('vhd!\n'))
    await new Promise<void>(resolve => web.listen(0, '127.0.0.1', resolve))
    webUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}`
  })

  after(async () => {
    web.close()
    await service.close()
  })

  /** Runs a line as the manual writes it: `$1` is the id of the first image, and so on. */
  async function run(words: readonly string[], world: World = {}) {
    const args = words.map(word => resolveId(word.replace('http://example.com', webUrl)))
    const ran = await glance(args, {...world, env: {OS_IMAGE_URL: `${service.url}/v1`}})
    const [, id] = /^Added new image with ID: (\S+)$/m.exec(ran.stdout) ?? []
    if (id !== undefined) ids.set(`$${ids.size + 1}`, id)
    return {...ran, stdout: normalize(ran.stdout), stderr: normalize(ran.stderr)}
  }

  function resolveId(word: string): string {
    return ids.get(word) ?? word
  }

  function normalize(text: string): string {
    const known: (readonly [string, string | RegExp])[] = [...ids].map(([name, id]) => [name, id])
    const varying = [
      ...known,
      ['<service>', service.url] as const,
      ['http://example.com', webUrl] as const,
      ...VARYING,
    ]
    return varying.reduce((steadied, [name, found]) => steadied.replaceAll(found, name), text)
  }

  const iso = {stdin: 'an image', kind: 'file'} as const

  it('glance add name="My Image" is_public=true < myimage.iso', async () => {
    const ran = await run(['add', 'name=My Image', 'is_public=true'], iso)
    assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, 'Added new image with ID: $1\n', ''])
  })

  it('glance --verbose add name="My Image" is_public=true < myimage.iso', async () => {
    const ran = await run(['--verbose', 'add', 'name=My Image', 'is_public=true'], iso)
    assert.equal(
      ran.stdout,
      [
        'Added new image with ID: $2',
        'Returned the following metadata for the new image:',
        '                       checksum => 5312e17c8c92d7c946a5940990a0a9d9',
        '               container_format => ovf',
        '                     created_at => <time>',
        '                        deleted => False',
        '                     deleted_at => None',
        '                    disk_format => raw',
        '                             id => $2',
        '                      is_public => True',
        '                       min_disk => 0',
        '                        min_ram => 0',
        '                           name => My Image',
        '                          owner => None',
        '                     properties => {}',
        '                      protected => False',
        '                           size => 8',
        '                         status => active',
        '                     updated_at => <time>',
        '                   virtual_size => None',
        '',
      ].join('\n'),
    )
    assert.equal(ran.stderr, 'Completed in <seconds> sec.\n')
  })

  it('glance --dry-run add name="Foo" distro="Ubuntu" is_publi=True < myimage.iso', async () => {
    const ran = await run(['--dry-run', 'add', 'name=Foo', 'distro=Ubuntu', 'is_publi=True'], {kind: 'file'})
    assert.equal(
      ran.stdout,
      [
        'Dry run. We would have done the following:',
        'Add new image with metadata:',
        '               container_format => ovf',
        '                    disk_format => raw',
        '                      is_public => False',
        '                           name => Foo',
        "                     properties => {'distro': 'Ubuntu', 'is_publi': 'True'}",
        '',
      ].join('\n'),
    )
    assert.equal(
      ran.stderr,
      "note: 'is_publi' is not an image field and is stored as a custom property. Did you mean 'is_public'?\n",
    )
  })

  it('glance --verbose add name="Some web image" disk_format=vhd location="http://example.com/images/myimage.vhd"', async () => {
    const location = 'location=http://example.com/images/myimage.vhd'
    const words = [
      '--verbose',
      'add',
      'name=Some web image',
      'disk_format=vhd',
      'container_format=ovf',
      location,
    ]
    const ran = await run(words)
    assert.match(ran.stdout, /^Added new image with ID: \$3\n/)
    assert.match(ran.stdout, /^ {20}disk_format => vhd$/m)
    assert.match(ran.stdout, /^ {27}size => 5$/m)
    assert.match(ran.stdout, /^ {25}status => active$/m)
    assert.equal(ran.stderr, 'Completed in <seconds> sec.\n')
  })

  it('glance update 1 is_public=true', async () => {
    const ran = await run(['update', '$1', 'is_public=true'])
    assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, 'Updated image $1\n', ''])
  })

  const block = (id: string, name: string, ...properties: string[]) => [
    `URI: <service>/v1/images/${id}`,
    `Id: ${id}`,
    'Public? Yes',
    `Name: ${name}`,
    'Status: active',
    'Size: 8',
    'Disk format: raw',
    'Container format: ovf',
    'Minimum Ram Required (MB): 0',
    'Minimum Disk Required (GB): 0',
    ...properties,
    'Protected? No',
    'Checksum: 5312e17c8c92d7c946a5940990a0a9d9',
    'Created at: <time>',
    'Updated at: <time>',
  ]

  it('glance --verbose update 2 distro=Ubuntu', async () => {
    const ran = await run(['--verbose', 'update', '$2', 'distro=Ubuntu'])
    const lines = block('$2', 'My Image', "Property 'distro': Ubuntu")
    assert.equal(
      ran.stdout,
      ['Updated image $2', 'Updated image metadata for image $2:', ...lines, ''].join('\n'),
    )
  })

  it('glance index', async () => {
    const ran = await run(['index'])
    const id = (name: string) => (ids.get(name) ?? '').length
    assert.equal(id('$1'), 36)
    assert.equal(
      ran.stdout,
      [
        'ID                                   Name                           Disk Format          Container Format               Size',
        '------------------------------------ ------------------------------ -------------------- -------------------- --------------',
        '$2 My Image                       raw                  ovf                               8',
        '$1 My Image                       raw                  ovf                               8',
        '',
      ].join('\n'),
    )
  })

  it('glance details', async () => {
    const rule = '='.repeat(80)
    const ran = await run(['details'])
    const lines = [
      rule,
      ...block('$2', 'My Image', "Property 'distro': Ubuntu"),
      rule,
      ...block('$1', 'My Image'),
      rule,
    ]
    assert.equal(ran.stdout, [...lines, ''].join('\n'))
  })

  it('glance show 2', async () => {
    const ran = await run(['show', '$2'])
    assert.equal(ran.stdout, [...block('$2', 'My Image', "Property 'distro': Ubuntu"), ''].join('\n'))
  })

  it('glance member-add 1 tenant1, and tenant2 --can-share', async () => {
    for (const words of [
      ['member-add', '$1', 'tenant1'],
      ['member-add', '$1', 'tenant2', '--can-share'],
    ]) {
      const ran = await run(words)
      assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, '', ''])
    }
  })

  it('glance image-members 1', async () => {
    const ran = await run(['image-members', '$1'])
    assert.equal(ran.stdout, 'tenant1\ntenant2 *\n\n(*: Can share image)\n')
  })

  it('glance member-images tenant1', async () => {
    assert.equal((await run(['member-add', '$2', 'tenant1', '--can-share'])).code, 0)
    const ran = await run(['member-images', 'tenant1'])
    assert.deepEqual(ran.stdout.split('\n').sort(), ['', '', '$1', '$2 *', '(*: Can share image)'])
  })

  it('glance member-delete 1 tenant1', async () => {
    const ran = await run(['member-delete', '$1', 'tenant1'])
    assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, '', ''])
    assert.equal((await run(['image-members', '$1'])).stdout, 'tenant2 *\n\n(*: Can share image)\n')
  })

  it('glance members-replace 1 tenant1 --can-share', async () => {
    const ran = await run(['members-replace', '$1', 'tenant1', '--can-share'])
    assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, '', ''])
    assert.equal((await run(['image-members', '$1'])).stdout, 'tenant1 *\n\n(*: Can share image)\n')
  })

  it('glance --verbose delete 1', async () => {
    const ran = await run(['--verbose', 'delete', '$1'], {terminal: true})
    assert.deepEqual(ran.asked.map(normalize), ['Delete image $1 "My Image" (<service>)?'])
    assert.deepEqual([ran.code, ran.stdout], [0, 'Deleted image $1\n'])
  })

  it('glance --verbose clear', async () => {
    const ran = await run(['--verbose', 'clear'], {terminal: true})
    assert.deepEqual(ran.asked, [`Delete all 2 images (${service.url})?`])
    const lines = ['Deleting image $3 "Some web image" ... done', 'Deleting image $2 "My Image" ... done', '']
    assert.equal(ran.stdout, lines.join('\n'))
    assert.equal(ran.stderr, 'Completed in <seconds> sec.\n')
  })

  it('glance index without images', async () => {
    const ran = await run(['index'])
    assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, '', ''])
  })
})
