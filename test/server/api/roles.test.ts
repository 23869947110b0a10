/**
 * Every operation of v1 and v2 by every role, as a table of statuses. Those of v2 are what a real Glance answers that keeps
 * its own new defaults, except that owners remove locations, and that a caller without a known role who changes the visibility of an
 * image gets 404, not 403.
 */
import assert from 'node:assert/strict'
import {type Served, serve} from '../../support/http/serve.js'
import {startService, type TestService} from '../../support/test-service.js'

/** The columns of the tables. The image is of the project alpha; if it is shared, beta is a member that may share it. */
const CALLERS = {
  admin: 'root:ops:admin',
  owner: 'ann:alpha:member',
  'reader of the owner': 'ray:alpha:reader',
  member: 'bob:beta:member',
  'reader of the member': 'rob:beta:reader',
  stranger: 'eve:gamma:member',
  'caller without a known role': 'uma:alpha:observer',
}

const SHARED = {
  'POST /v2/images {}': '201 201 403 201 403 201 403',
  'POST /v2/images {"visibility": "community"}': '201 201 403 201 403 201 403',
  'POST /v2/images {"visibility": "public"}': '201 403 403 403 403 403 403',
  'POST /v2/images {"owner": "delta"}': '201 403 403 403 403 403 403',
  'GET /v2/images': '200 200 200 200 200 200 403',
  'GET /v2/images/ID': '200 200 200 200 200 404 404',
  'GET /v2/images/ID/file': '200 200 403 200 403 404 404',
  'PATCH /v2/images/ID [{"op": "add", "path": "/k", "value": "v"}]': '200 200 403 403 403 404 404',
  'PATCH /v2/images/ID [{"op": "replace", "path": "/visibility", "value": "community"}]':
    '200 200 403 403 403 404 404',
  'PATCH /v2/images/ID [{"op": "replace", "path": "/visibility", "value": "public"}]':
    '200 403 403 403 403 404 404',
  'PATCH /v2/images/ID [{"op": "replace", "path": "/owner", "value": "delta"}]':
    '200 403 403 403 403 404 404',
  'PATCH /v2/images/QUEUED [{"op": "add", "path": "/locations/-", "value": {"url": "SOURCE", "metadata": {}}}]':
    '200 200 403 403 403 404 404',
  'PATCH /v2/images/TWICE [{"op": "remove", "path": "/locations/1"}]': '200 200 403 403 403 404 404',
  'DELETE /v2/stores/http/TWICE': '204 204 403 403 403 404 404',
  'GET /v2/images/ID/locations': '200 403 403 403 403 404 404',
  'POST /v2/images/QUEUED/locations {"url": "SOURCE"}': '202 202 403 403 403 404 404',
  'PUT /v2/images/QUEUED/file data': '204 204 403 403 403 404 404',
  'PUT /v2/images/QUEUED/stage data': '204 204 403 403 403 404 404',
  'POST /v2/images/QUEUED/import {"method": {"name": "web-download", "uri": "SOURCE"}}':
    '202 202 403 403 403 404 404',
  'POST /v2/images/ID/actions/deactivate': '204 204 403 403 403 404 404',
  'POST /v2/images/ID/actions/reactivate': '204 204 403 403 403 404 404',
  'PUT /v2/images/ID/tags/new': '204 204 403 403 403 404 404',
  'DELETE /v2/images/ID/tags/t': '204 204 403 403 403 404 404',
  'GET /v2/images/ID/members': '200 200 200 200 200 404 404',
  'GET /v2/images/ID/members/beta': '200 200 200 200 200 404 404',
  'POST /v2/images/ID/members {"member": "delta"}': '200 200 403 403 403 404 404',
  'PUT /v2/images/ID/members/beta {"status": "accepted"}': '200 403 403 200 403 404 404',
  'DELETE /v2/images/ID/members/beta': '204 204 403 403 403 404 404',
  'GET /v2/images/ID/tasks': '200 200 200 200 200 404 404',
  'GET /v2/tasks': '200 403 403 403 403 403 403',
  'GET /v2/tasks/ID': '404 403 403 403 403 403 403',
  'GET /v2/info/stores/detail': '200 403 403 403 403 403 403',
  'GET /v2/info/stores': '200 200 200 200 200 200 200',
  'GET /v2/info/import': '200 200 200 200 200 200 200',
  'GET /v2/info/usage': '200 200 200 200 200 200 200',
  'GET /v2/schemas/image': '200 200 200 200 200 200 200',
  'GET /v2/metadefs/namespaces': '200 200 200 200 200 200 200',
  'DELETE /v2/images/ID': '204 204 403 403 403 404 404',

  'GET /v1/images': '200 200 200 200 200 200 403',
  'GET /v1/images/detail': '200 200 200 200 200 200 403',
  'HEAD /v1/images/ID': '200 200 200 200 200 404 404',
  'GET /v1/images/ID': '200 200 403 200 403 404 404',
  'POST /v1/images': '201 201 403 201 403 201 403',
  'POST /v1/images data': '201 201 403 201 403 201 403',
  'POST /v1/images is_public=true': '201 403 403 403 403 403 403',
  'POST /v1/images copy_from=SOURCE': '201 201 403 201 403 201 403',
  'POST /v1/images location=SOURCE': '201 201 403 201 403 201 403',
  'PUT /v1/images/ID name=n': '200 200 403 403 403 404 404',
  'PUT /v1/images/ID is_public=true': '200 403 403 403 403 404 404',
  'PUT /v1/images/QUEUED data': '200 200 403 403 403 404 404',
  'PUT /v1/images/QUEUED location=SOURCE': '200 200 403 403 403 404 404',
  'DELETE /v1/images/ID': '200 200 403 403 403 404 404',
  'GET /v1/images/ID/members': '200 200 200 200 200 404 404',
  'PUT /v1/images/ID/members {"memberships": []}': '204 204 404 204 404 404 404',
  'PUT /v1/images/ID/members/delta': '204 204 404 204 404 404 404',
  'DELETE /v1/images/ID/members/beta': '204 204 404 204 404 404 404',
  'GET /v1/shared-images/beta': '200 200 200 200 200 200 403',
}

/** Operations on an image that is private, community or public; the columns are the same. */
const OTHERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  private: {
    'GET /v2/images/ID': '200 200 200 404 404 404 404',
    'GET /v2/images/ID/file': '200 200 403 404 404 404 404',
    'PATCH /v2/images/ID [{"op": "add", "path": "/k", "value": "v"}]': '200 200 403 404 404 404 404',
    'GET /v2/images/ID/members': '403 403 403 404 404 404 404',
    'DELETE /v2/images/ID': '204 204 403 404 404 404 404',
    'HEAD /v1/images/ID': '200 200 200 404 404 404 404',
    'DELETE /v1/images/ID': '200 200 403 404 404 404 404',
  },
  community: {
    'GET /v2/images/ID': '200 200 200 200 200 200 404',
    'GET /v2/images/ID/file': '200 200 403 200 403 200 404',
    'PATCH /v2/images/ID [{"op": "add", "path": "/k", "value": "v"}]': '200 200 403 403 403 403 404',
    'PUT /v2/images/ID/tags/new': '204 204 403 403 403 403 404',
    'DELETE /v2/images/ID': '204 204 403 403 403 403 404',
  },
  public: {
    'GET /v2/images/ID': '200 200 200 200 200 200 404',
    'GET /v2/images/ID/file': '200 200 403 200 403 200 404',
    'PATCH /v2/images/ID [{"op": "add", "path": "/k", "value": "v"}]': '200 200 403 403 403 403 404',
    'POST /v2/images/ID/actions/deactivate': '204 204 403 403 403 403 404',
    'GET /v1/images/ID': '200 200 403 200 403 200 404',
    'PUT /v1/images/ID name=n': '200 200 403 403 403 403 404',
    'DELETE /v2/images/ID': '204 204 403 403 403 403 404',
  },
}

const OCTETS = {'content-type': 'application/octet-stream'}
const FORMATS = {disk_format: 'raw', container_format: 'bare'}

describe('each operation by each role', () => {
  let service: TestService
  let source: Served
  before(async () => {
    source = await serve((_request, response) => response.end('12345'))
    service = await startService({auth: 'fake', showLocations: true, fetchFromAnywhere: true})
  })
  after(async () => {
    await service.close()
    await source.close()
  })

  const send = (
    method: string,
    path: string,
    {token = CALLERS.admin, headers = {}, body}: {token?: string; headers?: object; body?: string} = {},
  ) =>
    fetch(service.url + path, {
      method,
      headers: {'x-auth-token': token, ...headers},
      ...(body !== undefined && {body}),
    })

  /** An image of alpha with data, unless it is to be queued. */
  async function createImage(visibility: string, kind: string): Promise<string> {
    const owner = {token: CALLERS[visibility === 'public' ? 'admin' : 'owner']}
    const body = JSON.stringify({...FORMATS, owner: 'alpha', tags: ['t'], visibility})
    const {id} = (await (await send('POST', '/v2/images', {...owner, body})).json()) as {id: string}
    const path = `/v2/images/${id}`
    if (visibility === 'shared') {
      await send('PUT', `/v1/images/${id}/members/beta`, {...owner, body: '{"member": {"can_share": true}}'})
    }
    if (kind === 'QUEUED') return id
    await send('PUT', `${path}/file`, {...owner, headers: OCTETS, body: '12345'})
    if (kind === 'TWICE') {
      const value = {url: source.url, metadata: {}}
      await patch(path, JSON.stringify([{op: 'add', path: '/locations/-', value}]))
    }
    return id
  }

  const patch = (path: string, body: string, token = CALLERS.admin) =>
    send('PATCH', path, {
      token,
      headers: {'content-type': 'application/openstack-images-v2.1-json-patch'},
      body,
    })

  /** Sends `METHOD PATH INPUT`, whose input is JSON, `data`, or a header of v1. */
  function carryOut(operation: string, id: string, token: string): Promise<Response> {
    const [, method = '', target = '', text = ''] = /^(\S+) (\S+) ?(.*)$/.exec(operation) ?? []
    const path = target.replace(/\b(ID|QUEUED|TWICE)\b/, id)
    const input = text.replace('SOURCE', source.url)
    if (method === 'PATCH') return patch(path, input, token)
    const isNew = operation.startsWith('POST /v1')
    const formats = isNew ? {'x-image-meta-disk_format': 'raw', 'x-image-meta-container_format': 'bare'} : {}
    if (input === 'data') return send(method, path, {token, headers: {...OCTETS, ...formats}, body: '12345'})
    const [, name, value = ''] = /^(\w+)=(.*)$/.exec(input) ?? []
    const header = name === 'copy_from' ? 'x-glance-api-copy-from' : `x-image-meta-${name}`
    if (name !== undefined) return send(method, path, {token, headers: {...formats, [header]: value}})
    return send(method, path, {token, headers: formats, ...(input !== '' && {body: input})})
  }

  function checkTable(visibility: string, table: Readonly<Record<string, string>>): void {
    for (const [operation, statuses] of Object.entries(table)) {
      it(`${operation} of a ${visibility} image`, async () => {
        const kind = /\b(QUEUED|TWICE)\b/.exec(operation)?.[1] ?? 'ID'
        const found: number[] = []
        for (const token of Object.values(CALLERS)) {
          const id = await createImage(visibility, kind)
          if (operation.includes('reactivate')) await send('POST', `/v2/images/${id}/actions/deactivate`)
          const reply = await carryOut(operation, id, token)
          await reply.arrayBuffer()
          found.push(reply.status)
        }
        assert.equal(found.join(' '), statuses, Object.keys(CALLERS).join(', '))
      })
    }
  }

  checkTable('shared', SHARED)
  for (const [visibility, table] of Object.entries(OTHERS)) checkTable(visibility, table)

  it('hides an image from a stranger: in answers, in lists, as a marker', async () => {
    const token = CALLERS.stranger
    const id = await createImage('shared', 'ID')
    const [hidden, missing] = [id, '00000000-0000-4000-8000-000000000000']
    for (const path of ['/v2/images/X', '/v2/images/X/file', '/v2/images/X/members', '/v1/images/X']) {
      const [one, other] = [
        await send('GET', path.replace('X', hidden), {token}),
        await send('GET', path.replace('X', missing), {token}),
      ]
      assert.equal(one.status, 404, path)
      assert.equal((await one.text()).replaceAll(hidden, 'X'), (await other.text()).replaceAll(missing, 'X'))
    }
    for (const path of [
      '/v2/images?visibility=all&member_status=all',
      '/v2/images?visibility=shared',
      '/v1/images/detail',
      '/v1/shared-images/beta',
    ]) {
      assert.ok(!(await (await send('GET', path, {token})).text()).includes(id), path)
    }
    assert.equal((await send('GET', `/v2/images?marker=${id}`, {token})).status, 400)
  })

  it('shows the location of an image to its owner only', async () => {
    const id = await createImage('public', 'ID')
    const read = async (token: string) => {
      const image = (await (await send('GET', `/v2/images/${id}`, {token})).json()) as object
      const head = await send('HEAD', `/v1/images/${id}`, {token})
      const list = await (await send('GET', '/v1/images/detail?limit=1', {token})).text()
      return ['locations' in image, head.headers.has('x-image-meta-location'), list.includes('file:///')]
    }
    assert.deepEqual(await read(CALLERS.owner), [true, true, true])
    assert.deepEqual(await read(CALLERS['reader of the owner']), [true, true, true])
    assert.deepEqual(await read(CALLERS.stranger), [false, false, false])
  })
})
