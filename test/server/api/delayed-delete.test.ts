/** Images that keep their data after their deletion: what callers see, and what `glance-manage` does with them. */
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {manage} from '../../../src/manage.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {fakeIo} from '../../support/fake-io.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService, type TestService} from '../../support/test-service.js'

const OWNER = 'ann:alpha:member'
const ADMIN = 'root:ops:admin'

describe('delayed deletion', () => {
  const folder = useTempDir()
  const file = () => join(folder(), 'registry.sqlite')
  let service: TestService
  afterEach(() => service.close())

  const start = async (...assignments: string[]) => {
    const given = new GivenSettings({assignments: ['delayed_delete=true', ...assignments], env: {}})
    service = await startService({auth: 'fake', dataDir: folder(), given})
  }
  const send = (line: string, token = OWNER, headers = {}, body?: string) => {
    const [method = '', path] = line.split(' ')
    return fetch(service.url + path, {
      method,
      headers: {'x-auth-token': token, ...headers},
      ...(body !== undefined && {body}),
    })
  }
  const status = async (line: string, token = OWNER) => (await send(line, token)).status
  const readMeta = async (id: string) => {
    const {headers} = await send(`HEAD /v1/images/${id}`, ADMIN)
    return [headers.get('x-image-meta-status'), headers.get('x-image-meta-deleted')]
  }
  const add = async () => {
    const body = '{"name": "n", "disk_format": "raw", "container_format": "bare", "tags": ["t"], "k": "v"}'
    const {id} = (await (await send('POST /v2/images', OWNER, {}, body)).json()) as {id: string}
    const octets = {'content-type': 'application/octet-stream'}
    assert.equal((await send(`PUT /v2/images/${id}/file`, OWNER, octets, 'data')).status, 204)
    return id
  }
  const remove = async (id: string) => assert.equal(await status(`DELETE /v2/images/${id}`), 204)
  const run = async (line: string, env = {}) => {
    const {io, seen} = fakeIo({cwd: service.dataDir, env})
    const code = await manage([...line.split(' '), '--data-dir', service.dataDir], io)
    return [code, seen().stdout, seen().stderr.split('\n')[0]]
  }

  it('hides the image from all but administrators on v1', async () => {
    await start()
    const id = await add()
    await remove(id)
    for (const token of [OWNER, ADMIN]) {
      assert.equal(await status(`GET /v2/images/${id}`, token), 404)
      assert.equal(await status(`GET /v2/images/${id}/file`, token), 404)
      assert.equal(await status(`DELETE /v2/images/${id}`, token), 404)
      assert.equal(await status(`GET /v1/images/${id}`, token), 404)
      for (const list of ['/v2/images', '/v2/images?status=pending_delete', '/v1/images/detail']) {
        const {images} = (await (await send(`GET ${list}`, token)).json()) as {images: object[]}
        assert.deepEqual(images, [], list)
      }
    }
    assert.equal(await status(`HEAD /v1/images/${id}`), 404)
    assert.equal(await status(`DELETE /v1/images/${id}`), 404)
    assert.deepEqual(await readMeta(id), ['pending_delete', 'True'])
    const refused = await send(`DELETE /v1/images/${id}`, ADMIN)
    assert.equal(refused.status, 403)
    assert.match(await refused.text(), /Forbidden to delete a pending_delete image\./)
    assert.equal(await status(`PUT /v1/images/${id}`, ADMIN), 403)
    assert.deepEqual(await service.listStored(), [id])
  })

  it('does not delay what has no data of its own', async () => {
    await start()
    const reply = await send('POST /v2/images', OWNER, {}, '{"name": "n"}')
    const {id} = (await reply.json()) as {id: string}
    await remove(id)
    assert.deepEqual(await readMeta(id), ['deleted', 'True'])
    const staged = await add()
    const octets = {'content-type': 'application/octet-stream'}
    const empty = await send(
      'POST /v2/images',
      OWNER,
      {},
      '{"disk_format": "raw", "container_format": "bare"}',
    )
    const {id: other} = (await empty.json()) as {id: string}
    assert.equal((await send(`PUT /v2/images/${other}/stage`, OWNER, octets, 'data')).status, 204)
    await remove(other)
    assert.deepEqual(await readMeta(other), ['deleted', 'True'])
    assert.deepEqual(await service.listStored(), [staged])
  })

  it('counts the image for the quotas of its project', async () => {
    await start('image_count_total=2')
    await remove(await add())
    await add()
    const refused = await send('POST /v2/images', OWNER, {}, '{"name": "n"}')
    assert.equal(refused.status, 413)
    await run('scrub')
    assert.equal((await send('POST /v2/images', OWNER, {}, '{"name": "n"}')).status, 201)
  })

  it('ends with glance-manage scrub, when scrub_time is over', async () => {
    await start()
    const id = await add()
    await remove(id)
    const day = {GLANCE_SCRUB_TIME: '86400'}
    assert.deepEqual(await run('scrub', day), [0, `Scrubbed 0 images of ${file()}.\n`, ''])
    assert.deepEqual(await readMeta(id), ['pending_delete', 'True'])
    assert.deepEqual(await run('scrub'), [0, `Scrubbed 1 images of ${file()}.\n`, ''])
    assert.deepEqual([await readMeta(id), await service.listStored()], [['deleted', 'True'], []])
    assert.equal(await status(`DELETE /v1/images/${id}`, ADMIN), 404)
    assert.deepEqual(await run(`restore ${id}`), [5, '', `glance-manage: cannot restore image ${id}`])
  })

  it('survives a restart, and is taken back by glance-manage restore', async () => {
    await start()
    const id = await add()
    const before = (await (await send(`GET /v2/images/${id}`)).json()) as Record<string, unknown>
    await remove(id)
    await service.close()
    service = await startService({auth: 'fake', dataDir: folder()})
    assert.deepEqual(await service.listStored(), [id])
    assert.deepEqual(await run(`restore ${id}`), [0, `Restored image ${id} of ${file()}.\n`, ''])
    const after = (await (await send(`GET /v2/images/${id}`)).json()) as Record<string, unknown>
    assert.deepEqual(after, {...before, updated_at: after['updated_at']})
    assert.equal(await (await send(`GET /v2/images/${id}/file`)).text(), 'data')
    await remove(id)
    assert.deepEqual([await readMeta(id), await service.listStored()], [['deleted', 'True'], []])
  })
})
