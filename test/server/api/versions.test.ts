/** The list of versions: each minor version that it names has the calls that came with it. */
import assert from 'node:assert/strict'
import {startService, type TestService} from '../../support/test-service.js'

const ID = '00000001-0000-4000-8000-000000000000'
const IMAGE = `/v2/images/${ID}`

/** Calls by the minor version that added them, with their status for an active image. */
const CALLS: Readonly<Record<string, readonly (readonly [string, string, number])[]>> = {
  'v2.0': [
    ['GET', '/v2/images', 200],
    ['GET', `${IMAGE}/file`, 200],
    ['PUT', `${IMAGE}/tags/t`, 204],
    ['GET', '/v2/schemas/image', 200],
  ],
  'v2.1': [
    ['GET', `${IMAGE}/members`, 200],
    ['GET', '/v2/schemas/members', 200],
  ],
  'v2.2': [
    ['GET', '/v2/tasks', 200],
    ['GET', '/v2/metadefs/namespaces', 200],
    ['GET', '/v2/schemas/metadefs/tags', 200],
  ],
  'v2.3': [
    ['POST', `${IMAGE}/actions/deactivate`, 204],
    ['POST', `${IMAGE}/actions/reactivate`, 204],
  ],
  'v2.4': [],
  'v2.5': [['GET', '/v2/images?visibility=community', 200]],
  'v2.6': [
    ['GET', '/v2/info/import', 200],
    ['PUT', `${IMAGE}/stage`, 409],
    ['POST', `${IMAGE}/import`, 409],
  ],
  'v2.7': [['GET', '/v2/images?os_hidden=true', 200]],
  'v2.8': [['GET', '/v2/info/stores', 200]],
  'v2.9': [],
  'v2.10': [['DELETE', `/v2/stores/file/${ID}`, 403]],
  'v2.12': [['GET', `${IMAGE}/tasks`, 200]],
  'v2.13': [['GET', '/v2/info/usage', 200]],
  'v2.15': [['GET', '/v2/info/stores/detail', 200]],
  'v2.17': [
    ['GET', `${IMAGE}/locations`, 200],
    ['POST', `${IMAGE}/locations`, 409],
  ],
}

const BODIES: Readonly<Record<string, string>> = {
  import: '{"method": {"name": "glance-direct"}}',
  locations: '{"url": "http://127.0.0.1:1/x"}',
  stage: 'data',
}

describe('the list of versions', () => {
  let service: TestService
  before(async () => {
    service = await startService({fetchFromAnywhere: true})
    await ask('POST', '/v2/images', JSON.stringify({id: ID, disk_format: 'raw', container_format: 'bare'}))
    await ask('PUT', `${IMAGE}/file`, 'data')
  })
  after(() => service.close())

  const ask = (method: string, path: string, body?: string) =>
    fetch(`${service.url}${path}`, {
      method,
      headers: {'content-type': 'application/octet-stream'},
      ...(body === undefined ? {} : {body}),
    })

  it('names the minor versions of v2 whose calls exist', async () => {
    const {versions} = (await (await ask('GET', '/versions')).json()) as {versions: readonly {id: string}[]}
    const ids = versions.map(({id}) => id).filter(id => id.startsWith('v2'))
    assert.deepEqual(ids, Object.keys(CALLS).reverse())
  })

  for (const [version, calls] of Object.entries(CALLS)) {
    for (const [method, path, status] of calls) {
      it(`has ${method} ${path.replace(ID, 'ID')} of ${version}`, async () => {
        const body = method === 'POST' || method === 'PUT' ? BODIES[path.split('/').at(-1) ?? ''] : undefined
        assert.equal((await ask(method, path, body)).status, status)
      })
    }
  }
})
