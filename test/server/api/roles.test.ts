/** Every operation of v1 and v2 by every role. */
import assert from 'node:assert/strict'
import {fastify} from 'fastify'
import {addV1Routes, type V1Services} from '../../../src/server/api/v1/routes.js'
import {addV2Routes, type V2Services} from '../../../src/server/api/v2/routes.js'
import {type Served, serve} from '../../support/http/serve.js'
import {startService, type TestService} from '../../support/test-service.js'
import {CALLERS, METADEFS, OTHERS, SHARED} from './role-tables.js'

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

  /** Both namespaces as they were at the beginning. */
  async function resetNamespaces(): Promise<void> {
    for (const [namespace, visibility] of [
      ['PUBLIC', 'public'],
      ['PRIVATE', 'private'],
      ['NEW', undefined],
    ] as const) {
      await send('DELETE', `/v2/metadefs/namespaces/${namespace}`)
      if (visibility === undefined) continue
      const properties = {p: {type: 'string', title: 'P'}}
      const [objects, tags] = [[{name: 'o'}], [{name: 't'}]]
      const types = [{name: 'R', prefix: 'x'}]
      const members = {resource_type_associations: types, properties, objects, tags}
      const body = JSON.stringify({namespace, visibility, owner: 'alpha', ...members})
      assert.equal((await send('POST', '/v2/metadefs/namespaces', {body})).status, 201)
    }
  }

  for (const [operation, statuses] of Object.entries(METADEFS)) {
    it(operation, async () => {
      const found: number[] = []
      for (const token of Object.values(CALLERS)) {
        await resetNamespaces()
        const reply = await carryOut(operation, '', token)
        await reply.arrayBuffer()
        found.push(reply.status)
      }
      assert.equal(found.join(' '), statuses, Object.keys(CALLERS).join(', '))
    })
  }

  it('lists a private namespace for its project only', async () => {
    await resetNamespaces()
    const list = async (token: string) => {
      const reply = await send('GET', '/v2/metadefs/namespaces?sort_key=namespace', {token})
      const {namespaces} = (await reply.json()) as {namespaces: {namespace: string}[]}
      return namespaces.map(({namespace}) => namespace).join(' ')
    }
    assert.equal(await list(CALLERS.admin), 'PUBLIC PRIVATE')
    assert.equal(await list(CALLERS['reader of the owner']), 'PUBLIC PRIVATE')
    assert.equal(await list(CALLERS.stranger), 'PUBLIC')
    const hidden = await send('GET', '/v2/metadefs/namespaces/PRIVATE', {token: CALLERS.stranger})
    const missing = await send('GET', '/v2/metadefs/namespaces/NOWHERE', {token: CALLERS.stranger})
    assert.equal(await hidden.text(), (await missing.text()).replaceAll('NOWHERE', 'PRIVATE'))
  })

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

/** `METHOD URL` of each handler that needs a caller. */
function listOperations(): readonly string[] {
  const app = fastify({exposeHeadRoutes: false})
  const operations: string[] = []
  app.addHook('onRoute', ({method, url, config}) => {
    const named = [method].flat().filter(name => config?.needsCaller?.(name))
    // A route for any method has one handler.
    const methods = named.length === app.supportedMethods.length ? ['GET'] : named
    operations.push(...methods.map(name => `${name} ${url}`))
  })
  addV1Routes(app, {} as V1Services)
  addV2Routes(app, {} as V2Services)
  return operations
}

describe('the tables of roles', () => {
  it('have a row for each operation', () => {
    const parameters = (operation: string) => operation.split(/[:*]/).length
    const operations = listOperations().toSorted((one, other) => parameters(one) - parameters(other))
    const patterns = operations.map(operation => ({
      operation,
      pattern: new RegExp(`^${operation.replaceAll(/:\w+/g, '[^/ ]+').replace('*', '\\S+')}( |$)`),
    }))
    const rows = [...Object.keys(SHARED), ...Object.keys(METADEFS)]
    // A path is of the route with the fewest parameters, as in the router.
    const met = new Set(rows.map(row => patterns.find(({pattern}) => pattern.test(row))?.operation))
    assert.ok(operations.length > 40)
    assert.deepEqual(
      operations.filter(operation => !met.has(operation)),
      [],
    )
  })
})
