/** The output of `--json`, which programs read instead of tables and sentences. */
import assert from 'node:assert/strict'
import {glance} from '../support/fake-io.js'
import {serve} from '../support/http/serve.js'
import {startService, type TestService} from '../support/test-service.js'

const [A, B] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b']

describe('with --json', () => {
  let service: TestService
  beforeEach(async () => {
    service = await startService()
  })
  afterEach(() => service.close())

  const run = async (words: readonly string[], world: Parameters<typeof glance>[1] = {}) => {
    const {code, stdout, stderr, asked} = await glance(['--url', service.url, '--json', ...words], world)
    return {code, out: records(stdout), err: stderr, asked}
  }
  const add = (id: string, ...words: string[]) =>
    run(['add', `id=${id}`, 'is_public=no', ...words], {stdin: 'abc'})

  it('add, show and details give all of an image', async () => {
    const added = await add(A, 'name=disk', 'min_ram=64', 'distro=lucid')
    const {added: isNew, ...image} = added.out[0] ?? {}
    const {uri, created_at, updated_at, os_hash_value, ...rest} = image
    assert.equal(isNew, true)
    assert.equal(uri, `${service.url}/v2/images/${A}`)
    assert.match(
      `${created_at} ${updated_at}`,
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    )
    assert.match(String(os_hash_value), /^ddaf35a1/)
    assert.deepEqual(rest, {
      id: A,
      is_public: false,
      visibility: 'shared',
      name: 'disk',
      status: 'active',
      size: 3,
      virtual_size: 3,
      disk_format: 'raw',
      container_format: 'bare',
      min_ram: 64,
      min_disk: 0,
      owner: null,
      protected: false,
      tags: [],
      location: null,
      locations: null,
      deleted: null,
      deleted_at: null,
      os_hidden: false,
      stores: ['file'],
      checksum: '900150983cd24fb0d6963f7d28e17f72',
      os_hash_algo: 'sha512',
      properties: {distro: 'lucid'},
    })
    assert.deepEqual((await run(['show', A])).out, [image])
    assert.deepEqual((await run(['details'])).out, [image])
  })

  it('index gives an object for each image, and asks for no page', async () => {
    await add(A, 'name=a\u0085b')
    await add(B, 'name=')
    const listed = await run(['index', '--sort-key=id', '--sort-dir=asc', '--page-size=1'], {terminal: true})
    assert.deepEqual(
      listed.out.map(({id, name, size}) => [id, name, size]),
      [
        [A, 'a\u0085b', 3],
        [B, null, 3],
      ],
    )
    assert.deepEqual(listed.asked, [])
    const {stdout} = await glance(['--url', service.url, 'index', '--json', `name=a\u0085b`])
    assert.match(stdout, /"name":"a\\u0085b"/)
    assert.deepEqual((await run(['index', 'name=none'])).out, [])
  })

  it('changes print the new image', async () => {
    await add(A, 'name=a')
    const [updated] = (await run(['update', A, 'name=b'])).out
    assert.deepEqual([updated?.['id'], updated?.['name']], [A, 'b'])
    assert.deepEqual((await run(['delete', '--force', A])).out, [{id: A, name: null, deleted: true}])
    await add(B, 'name=b')
    assert.deepEqual((await run(['clear', '--force'])).out, [{id: B, name: 'b', deleted: true}])
  })

  it('changes of members print what was done', async () => {
    await add(A, 'name=a', 'visibility=private')
    assert.deepEqual((await run(['member-add', 'a', 'm1', '--force'])).out, [
      {image_id: A, member_id: 'm1', can_share: false, status: 'pending', visibility: 'shared', added: true},
    ])
    assert.deepEqual((await run(['member-update', A, 'm1', 'accepted'])).out, [
      {image_id: A, member_id: 'm1', can_share: false, status: 'accepted'},
    ])
    const again = await run(['member-add', A, 'm1'])
    assert.deepEqual(again.out, [
      {image_id: A, member_id: 'm1', can_share: false, status: 'accepted', added: true},
    ])
    assert.deepEqual((await run(['members-replace', A, 'm1', 'm0'])).out, [
      {image_id: A, member_id: 'm1', can_share: false, status: 'accepted', replaced: true},
      {image_id: A, member_id: 'm0', can_share: false, status: 'pending', replaced: true},
    ])
    assert.deepEqual((await run(['members-replace', A, 'm2', '--can-share'])).out, [
      {image_id: A, member_id: 'm2', can_share: true, status: null, replaced: true},
    ])
    assert.deepEqual((await run(['member-delete', A, 'm2'])).out, [
      {image_id: A, member_id: 'm2', can_share: null, status: null, deleted: true},
    ])
  })

  it('members are objects', async () => {
    await add(A, 'name=a')
    await run(['member-add', A, 'm1'])
    assert.deepEqual((await run(['image-members', A])).out, [
      {image_id: A, member_id: 'm1', can_share: false, status: 'pending'},
    ])
    await run(['member-update', A, 'm1', 'accepted'])
    assert.deepEqual((await run(['member-images', 'm1'])).out, [
      {image_id: A, member_id: 'm1', can_share: false, status: 'accepted'},
    ])
  })

  it('settings are objects', async () => {
    const {out} = await run(['auth-info'])
    assert.deepEqual(out.at(-2), {name: 'service', value: service.url, source: 'the Image service in use'})
  })

  it('a dry run is an object for each step', async () => {
    await add(A, 'name=a')
    await add(B, 'name=b', 'protected=yes')
    const url = 'copy_from=http://bob:SECRET@h/i?X-Amz-Signature=SECRET'
    const draft = {is_public: false, name: 'x', disk_format: 'raw', container_format: 'bare'}
    const image = {dry_run: true, kind: 'image'}
    const member = {dry_run: true, kind: 'member', image: 'a', member_id: 'm'}
    const plans: [string, Record<string, unknown>[]][] = [
      [
        `add name=x ${url} distro=lucid`,
        [
          {
            ...image,
            action: 'add',
            fields: {
              ...draft,
              copy_from: 'http://***@h/i?X-Amz-Signature=***',
              properties: {distro: 'lucid'},
            },
          },
        ],
      ],
      [
        'update a min_ram=1 --unset d --tag t --purge-props',
        [
          {
            ...image,
            action: 'update',
            image: 'a',
            fields: {min_ram: 1, properties: {}},
            unset: ['d'],
            tag: ['t'],
            purge_properties: true,
          },
        ],
      ],
      [
        'delete a b',
        [
          {...image, action: 'delete', image: 'a'},
          {...image, action: 'delete', image: 'b'},
        ],
      ],
      [
        'clear',
        [
          {...image, action: 'keep', id: B, name: 'b', protected: true},
          {...image, action: 'delete', id: A, name: 'a'},
        ],
      ],
      ['download a', [{...image, action: 'download', image: 'a', file: null}]],
      ['member-add a m', [{...member, action: 'add', can_share: false}]],
      ['members-replace a m --can-share', [{...member, action: 'replace', can_share: true}]],
      ['member-update a m rejected', [{...member, action: 'update', status: 'rejected'}]],
      ['member-delete a m', [{...member, action: 'delete'}]],
    ]
    for (const [words, steps] of plans)
      assert.deepEqual((await run(['--dry-run', ...words.split(' ')])).out, steps, words)
  })

  it('an ambiguous name is a failure with its candidates', async () => {
    await add(A, 'name=a')
    await add(B, 'name=a')
    const {code, err} = await run(['show', 'a'])
    const [{candidates, ...failure} = {}] = records(err)
    assert.deepEqual([code, failure['kind'], failure['exit_code']], [1, 'ambiguous', 1])
    assert.deepEqual(
      (candidates as Record<string, unknown>[]).map(({created_at, ...rest}) => ({
        ...rest,
        created_at: typeof created_at,
      })),
      [B, A].map(id => ({id, name: 'a', status: 'active', owner: null, created_at: 'string'})),
    )
  })

  it('a failure is an object on standard error', async () => {
    const {code, out, err} = await run(['show', A])
    assert.deepEqual([code, out], [3, []])
    const {request_id, ...failure} = records(err)[0] ?? {}
    assert.match(String(request_id), /^req-/)
    assert.deepEqual(failure, {
      error: `No image with ID ${A} was found`,
      kind: 'not-found',
      exit_code: 3,
      why: 'no image that you can see has this id or name',
      advice: 'List all images with: glance index is_public=none',
    })
  })

  it('an item that failed is an object too, and the rest continues', async () => {
    await add(A, 'name=a', 'protected=yes')
    await add(B, 'name=b')
    const {code, out, err} = await run(['delete', '--force', A, B])
    assert.deepEqual([code, out], [5, [{id: B, name: null, deleted: true}]])
    assert.deepEqual(
      records(err).map(({kind, error}) => [kind, error]),
      [
        ['conflict', `cannot delete image ${A}`],
        ['conflict', '1 image could not be deleted'],
      ],
    )
  })

  it('a wrong command line is an object as well', async () => {
    for (const words of [
      ['--jsn', '--json'],
      ['frob', '--json'],
      ['--json', 'show', '--max-items=3', A],
    ]) {
      const {code, stderr} = await glance(words)
      assert.deepEqual([code, records(stderr)[0]?.['kind']], [2, 'usage'], words.join(' '))
    }
  })

  it('hides a token in the reason of a failure', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, {'content-type': 'application/json'}).end('hush-hush')
    })
    for (const more of [[], ['--json']]) {
      const words = [
        '--url',
        `${server.url}/v2`,
        '--os-auth-token',
        'hush-hush',
        '--debug',
        ...more,
        'show',
        A,
      ]
      const {stderr} = await glance(words)
      assert.match(stderr, /SyntaxError/)
      assert.doesNotMatch(stderr, /hush/)
    }
    await server.close()
  })

  it('hides the part of a token that a service sends back', async () => {
    const server = await serve((request, response) => {
      response
        .writeHead(400, {'content-type': 'text/plain'})
        .end(`no ${String(request.headers['x-auth-token'])}`)
    })
    const words = ['--url', `${server.url}/v2`, '--os-auth-token', 'hush-hush', '--json', 'show', A]
    const {stderr} = await glance(words)
    assert.doesNotMatch(stderr, /hush/)
    assert.match(stderr, /"exit_code":1,/)
    await server.close()
  })
})

/** Parses a text with one object on each line, and nothing else. */
function records(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('note: '))
    .map(line => JSON.parse(line) as Record<string, unknown>)
}
