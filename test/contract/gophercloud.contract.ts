/**
 * The life of images with gophercloud (`openstack/image/v2`) and the OpenStack provider of Terraform: their requests, in
 * their order, and only the responses that they accept as success.
 */
import assert from 'node:assert/strict'
import {randomUUID} from 'node:crypto'
import {
  GophercloudClient,
  parseImage,
  parseMember,
  parseTask,
  UnexpectedStatus,
} from '../support/gophercloud-requests.js'
import {type Served, serve} from '../support/http/serve.js'

type Json = Readonly<Record<string, unknown>>

const PATCH = {contentType: 'application/openstack-images-v2.1-json-patch', ok: [200]}
const OCTETS = {contentType: 'application/octet-stream', ok: [204]}
/** With several stores, images can be copied between them. */
const METHODS = /^glance-direct,web-download(,copy-image)?$/
const HELLO_MD5 = '5eb63bbbe01eeed093cb22bb8f5acdc3'

/** A service that these clients use, as users of three projects. It imports from this machine. */
export interface GophercloudTarget {
  readonly port: number
  /** Tokens of users of two projects, and of an administrator. */
  readonly alpha: string
  readonly beta: string
  readonly admin: string
  /** Ids of the projects. */
  readonly projects: {readonly alpha: string; readonly beta: string}
  close(): Promise<void>
}

/** @param open reaches the service; others may use it at the same time, though they import nothing */
export function gophercloudContract(name: string, open: () => Promise<GophercloudTarget>): void {
  describe(`gophercloud and Terraform: ${name}`, () => {
    let cloud: GophercloudTarget
    let source: Served
    let alpha: GophercloudClient
    let beta: GophercloudClient
    let admin: GophercloudClient
    /** Marks the images of this run. */
    const run = `run-${process.pid}-${Date.now()}`
    let made: string[] = []

    before(async () => {
      source = await serve((request, response) => {
        const found = request.url === '/hello'
        response.writeHead(found ? 200 : 404, {'content-length': found ? 11 : 0})
        response.end(found && request.method === 'GET' ? 'hello world' : '')
      })
      cloud = await open()
      ;[alpha, beta, admin] = [cloud.alpha, cloud.beta, cloud.admin].map(
        token => new GophercloudClient(cloud.port, token),
      ) as [GophercloudClient, GophercloudClient, GophercloudClient]
      for (const client of [alpha, beta, admin]) await client.discover()
    })
    after(async () => {
      await source.close()
      await cloud.close()
    })
    afterEach(async () => {
      for (const id of made) await alpha.call('DELETE', `images/${id}`, {ok: [204, 404]})
      made = []
    })

    /** Creates an image as `openstack_images_image_v2` does. */
    const create = async (more: Json = {}, by = alpha): Promise<string> => {
      const json = {
        name: 'Ubuntu',
        container_format: 'bare',
        disk_format: 'raw',
        protected: false,
        visibility: 'private',
        ...more,
      }
      const id = String(parseImage(await by.read('POST', 'images', {json, ok: [201]}))['id'])
      made.push(id)
      return id
    }
    const upload = (id: string, file = 'hello world', by = alpha) =>
      by.call('PUT', `images/${id}/file`, {...OCTETS, file})
    const get = async (id: string, by = alpha) => parseImage(await by.read('GET', `images/${id}`))
    const patch = async (id: string, json: readonly Json[], by = alpha) =>
      parseImage(await by.read('PATCH', `images/${id}`, {...PATCH, json}))
    const listNames = async (query: string, by = alpha): Promise<unknown[]> => {
      const names: unknown[] = []
      for await (const {images} of by.pages(`images${query}&tag=${run}`)) {
        names.push(...(images as unknown[]).map(image => parseImage(image)['name']))
      }
      return names
    }
    const fails = (status: number) => (error: unknown) =>
      error instanceof UnexpectedStatus && error.status === status

    describe('openstack_images_image_v2', () => {
      it('creates, uploads, waits, changes and destroys', async () => {
        const id = await create({
          tags: ['foo', 'bar'],
          min_ram: 64,
          hw_disk_bus: 'scsi',
          hw_scsi_model: 'virtio-scsi',
        })
        const queued = await get(id)
        assert.deepEqual([queued['status'], queued['size'], queued['checksum']], ['queued', null, null])
        await upload(id)
        const active = await get(id)
        assert.deepEqual([active['status'], active['size'], active['checksum']], ['active', 11, HELLO_MD5])
        assert.deepEqual((active['tags'] as string[]).sort(), ['bar', 'foo'])
        const {
          os_hash_value: hash,
          stores: _s,
          locations: _l,
          direct_url: _d,
          ...properties
        } = active.properties
        assert.equal(String(hash).length, 128)
        assert.deepEqual(properties, {
          hw_disk_bus: 'scsi',
          hw_scsi_model: 'virtio-scsi',
          os_hash_algo: 'sha512',
        })
        const changed = await patch(id, [
          {op: 'replace', path: '/visibility', value: 'shared'},
          {op: 'replace', path: '/os_hidden', value: true},
          {op: 'replace', path: '/name', value: 'Ubuntu 24.04'},
          {op: 'replace', path: '/tags', value: ['baz']},
          {op: 'add', path: '/hw_vif_model', value: 'virtio'},
          {op: 'replace', path: '/hw_disk_bus', value: 'virtio'},
          {op: 'remove', path: '/hw_scsi_model'},
        ])
        assert.deepEqual(
          ['visibility', 'os_hidden', 'name', 'tags'].map(name => changed[name]),
          ['shared', true, 'Ubuntu 24.04', ['baz']],
        )
        assert.deepEqual(
          [changed.properties['hw_vif_model'], changed.properties['hw_disk_bus'], 'hw_scsi_model' in changed],
          ['virtio', 'virtio', false],
        )
        await alpha.call('DELETE', `images/${id}`)
        await assert.rejects(get(id), fails(404))
      })

      it('changes every attribute that it can name, and no others', async () => {
        const chosen = randomUUID()
        const id = await create({id: chosen, os_hidden: true})
        assert.equal(id, chosen)
        const before = await patch(id, [
          {op: 'replace', path: '/min_disk', value: 21},
          {op: 'replace', path: '/min_ram', value: 1024},
          {op: 'replace', path: '/os_hidden', value: false},
          {op: 'replace', path: '/protected', value: true},
          {op: 'add', path: '/empty_value', value: ''},
        ])
        assert.deepEqual(
          ['min_disk', 'min_ram', 'os_hidden', 'protected'].map(name => before[name]),
          [21, 1024, false, true],
        )
        assert.deepEqual(await patch(id, []), before)
        await assert.rejects(alpha.call('DELETE', `images/${id}`), fails(403))
        await patch(id, [{op: 'replace', path: '/protected', value: false}])
        await alpha.call('DELETE', `images/${id}`)
        await assert.rejects(create({id}), fails(409))
      })

      it('receives the reason why it may not publish', async () => {
        await assert.rejects(create({visibility: 'public'}), fails(403))
        const id = await create()
        await assert.rejects(patch(id, [{op: 'replace', path: '/visibility', value: 'public'}]), fails(403))
        assert.equal((await get(id))['visibility'], 'private')
      })

      it('uploads once', async () => {
        const id = await create()
        await upload(id)
        await assert.rejects(upload(id), fails(409))
      })

      it('lets the service fetch the data, through the states that it waits for', async () => {
        const info = await alpha.read('GET', 'info/import')
        const methods = info['import-methods'] as {value: string[]; type: string; description: string}
        assert.equal(methods.type, 'array')
        assert.match(methods.value.join(), METHODS)
        const id = await create()
        const json = {method: {name: 'web-download', uri: `${source.url}/hello`}}
        await alpha.call('POST', `images/${id}/import`, {json, ok: [202]})
        const states = await waitUntilActive(id)
        assert.deepEqual(
          states.filter(state => !['queued', 'saving', 'importing', 'active'].includes(state)),
          [],
        )
        assert.equal((await get(id))['checksum'], HELLO_MD5)
      })
    })

    async function waitUntilActive(id: string): Promise<string[]> {
      const states: string[] = []
      const deadline = Date.now() + 5000
      while (states.at(-1) !== 'active' && Date.now() < deadline)
        states.push(String((await get(id))['status']))
      assert.equal(states.at(-1), 'active')
      return states
    }

    it('lists the import methods with a new image', async () => {
      const json = {name: 'x'}
      const {headers} = await alpha.call('POST', 'images', {json, ok: [201]})
      assert.match(headers.get('openstack-image-import-methods') ?? '', METHODS)
    })

    it('stages data and imports it, with an address that is empty', async () => {
      const id = await create()
      await alpha.call('PUT', `images/${id}/stage`, {...OCTETS, file: 'hello world'})
      const json = {method: {name: 'glance-direct', uri: ''}}
      await alpha.call('POST', `images/${id}/import`, {json, ok: [202]})
      await waitUntilActive(id)
      assert.equal((await get(id))['size'], 11)
    })

    it('sends data to a client that accepts JSON, and none of an image without data', async () => {
      const id = await create()
      await assert.rejects(alpha.call('GET', `images/${id}/file`), fails(204))
      await upload(id)
      const {headers, body} = await alpha.call('GET', `images/${id}/file`)
      assert.deepEqual([body.toString(), headers.get('content-length')], ['hello world', '11'])
    })

    describe('openstack_images_image_access_v2 and its acceptance', () => {
      it('shares, reads, accepts, rejects and revokes', async () => {
        const id = await create({visibility: 'shared'})
        const path = `images/${id}/members`
        const member = cloud.projects.beta
        const made = parseMember(await alpha.read('POST', path, {json: {member}, ok: [200]}))
        assert.deepEqual(
          ['image_id', 'member_id', 'status', 'schema'].map(name => made[name]),
          [id, member, 'pending', '/v2/schemas/member'],
        )
        assert.deepEqual(parseMember(await alpha.read('GET', `${path}/${member}`)), made)
        await alpha.read('POST', path, {json: {member: 'gamma'}, ok: [200]})
        const {members} = await beta.read('GET', path)
        assert.deepEqual(
          (members as unknown[]).map(one => parseMember(one)['member_id']),
          [member],
        )
        const answer = async (status: string, by = beta) =>
          parseMember(await by.read('PUT', `${path}/${member}`, {json: {status}, ok: [200]}))['status']
        assert.equal(await answer('accepted'), 'accepted')
        assert.equal(parseMember(await beta.read('GET', `${path}/${member}`))['status'], 'accepted')
        await assert.rejects(answer('rejected', alpha), fails(403))
        assert.equal(await answer('rejected'), 'rejected')
        await alpha.call('DELETE', `${path}/${member}`, {ok: [204]})
        await assert.rejects(alpha.read('GET', `${path}/${member}`), fails(404))
        await assert.rejects(beta.read('GET', `${path}/${member}`), fails(404))
      })

      it('is refused for an image that is not shared', async () => {
        const id = await create()
        await assert.rejects(
          alpha.call('POST', `images/${id}/members`, {json: {member: 'beta'}, ok: [200]}),
          fails(403),
        )
      })
    })

    describe('openstack_images_image_v2 and openstack_images_image_ids_v2, as data', () => {
      beforeEach(async () => {
        for (const [name, tags, data] of [
          ['ubuntu 22.04', ['lts', 'old'], 'a'],
          ['ubuntu 24.04', ['lts'], 'abc'],
          ['cirros', [], 'hello world'],
        ] as const) {
          const properties = name === 'cirros' ? {} : {os_distro: 'ubuntu'}
          await upload(await create({name, tags: [run, ...tags], ...properties}), data)
        }
        await create({name: 'queued', tags: [run]})
        await create({name: 'hidden', os_hidden: true, tags: [run]})
      })

      for (const [query, ...expected] of [
        ['?sort_dir=asc&sort_key=name&status=active', 'cirros', 'ubuntu 22.04', 'ubuntu 24.04'],
        ['?name=cirros&sort_dir=asc&sort_key=name&status=active', 'cirros'],
        [
          '?owner={ALPHA}&sort=name%3Adesc&status=active&visibility=private',
          'ubuntu 24.04',
          'ubuntu 22.04',
          'cirros',
        ],
        ['?size_max=5&size_min=2&sort_dir=asc&sort_key=name&status=active', 'ubuntu 24.04'],
        ['?sort=name%3Aasc&status=active&tag=lts&tag=old', 'ubuntu 22.04'],
        ['?member_status=accepted&sort=name%3Aasc&status=active', 'cirros', 'ubuntu 22.04', 'ubuntu 24.04'],
        ['?name=in%3Acirros%2Cqueued&sort=name%3Aasc', 'cirros', 'queued'],
        ['?os_hidden=true', 'hidden'],
        ['?sort=name&status=in%3Asaving%2Cqueued', 'queued'],
        [
          '?container_format=in%3Abare%2Cami&disk_format=raw&limit=1&sort=name%3Aasc&status=active',
          'cirros',
          'ubuntu 22.04',
          'ubuntu 24.04',
        ],
        [
          '?created_at=gte%3A2014-01-01T01%3A01%3A01Z&sort=name%3Aasc&updated_at=gt%3A2014-01-01T01%3A01%3A01%2B02%3A00',
          'cirros',
          'queued',
          'ubuntu 22.04',
          'ubuntu 24.04',
        ],
        ['?created_at=lt%3A2014-01-01T01%3A01%3A01Z'],
      ] as const) {
        it(`finds by ${query}`, async () =>
          assert.deepEqual(await listNames(query.replace('{ALPHA}', cloud.projects.alpha)), expected))
      }

      it('reads all pages, and finds several by their ids', async () => {
        assert.deepEqual(await listNames('?limit=2&sort_dir=desc&sort_key=name'), [
          'ubuntu 24.04',
          'ubuntu 22.04',
          'queued',
          'cirros',
        ])
        const {images} = await alpha.read('GET', `images?sort=name%3Aasc&tag=${run}`)
        const ids = (images as {id: string}[]).map(({id}) => id)
        assert.deepEqual(await listNames(`?id=in%3A${ids.slice(0, 2).join('%2C')}&sort=name%3Aasc`), [
          'cirros',
          'queued',
        ])
        assert.deepEqual(await listNames(`?marker=${ids[1]}&sort=name%3Aasc`), [
          'ubuntu 22.04',
          'ubuntu 24.04',
        ])
      })

      it('receives an error for an unknown sort key', async () => {
        await assert.rejects(listNames('?sort=owner%3Aasc'), fails(400))
      })
    })

    describe('tasks', () => {
      const ids = async (query: string) => {
        const found: string[] = []
        for await (const {tasks} of admin.pages(`tasks${query}`)) {
          found.push(...(tasks as unknown[]).map(task => String(parseTask(task)['id'])))
        }
        return found
      }

      it('are listed by status and in order, and read one by one', async () => {
        const mine: string[] = []
        for (const name of ['hello', 'nothing', 'hello']) {
          const id = await create()
          const json = {method: {name: 'web-download', uri: `${source.url}/${name}`}}
          await alpha.call('POST', `images/${id}/import`, {json, ok: [202]})
          mine.unshift(await waitUntilSettled())
        }
        const [newest, failed, oldest] = mine
        const keepMine = async (query: string) => (await ids(query)).filter(id => mine.includes(id))
        assert.deepEqual(await keepMine('?limit=2'), mine)
        assert.deepEqual(await keepMine('?sort_dir=asc&sort_key=created_at'), mine.toReversed())
        assert.deepEqual(await keepMine('?status=failure'), [failed])
        assert.deepEqual(await keepMine('?sort_key=status&status=success'), [newest, oldest])
        assert.deepEqual(await keepMine(`?limit=1&marker=${failed}`), [oldest])
        await assert.rejects(ids('?status=done'), fails(400))
        await assert.rejects(ids('?sort_key=name'), fails(400))
        const task = parseTask(await admin.read('GET', `tasks/${failed}`))
        assert.deepEqual(
          [task['status'], task['type'], task['owner']],
          ['failure', 'api_image_import', cloud.projects.alpha],
        )
        assert.notEqual(task['message'], '')
        await assert.rejects(alpha.read('GET', 'tasks'), fails(403))
      })

      /** The status of the newest task once it has ended. */
      async function waitUntilSettled(): Promise<string> {
        for (const deadline = Date.now() + 5000; Date.now() < deadline; ) {
          const {tasks} = await admin.read('GET', 'tasks?limit=1')
          const newest = (tasks as Json[])[0]
          if (/success|failure/.test(String(newest?.['status']))) return String(newest?.['id'])
        }
        throw new Error('the import does not end')
      }
    })
  })
}
