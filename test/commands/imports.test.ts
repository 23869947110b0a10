/** `add --import`: how long the tool waits for a service that does not finish. */
import assert from 'node:assert/strict'
import {glance} from '../support/fake-io.js'
import {serve} from '../support/http/serve.js'

const ID = '00000000-0000-4000-8000-000000000001'
const METHODS = {'import-methods': {value: ['web-download']}}

describe('add --import', () => {
  it('waits no longer than --timeout, and keeps the image', async () => {
    const image = {id: ID, name: 'x', disk_format: 'raw', container_format: 'bare', properties: {}}
    const server = await serve((request, response) => {
      request.resume()
      const {method, url} = request
      if (url === '/v2/info/import') return void response.end(JSON.stringify(METHODS))
      if (url?.endsWith('/import')) return void response.writeHead(202).end()
      const status = method === 'POST' ? 'queued' : 'importing'
      response.writeHead(method === 'POST' ? 201 : 200).end(JSON.stringify({...image, status, tasks: []}))
    })
    const words = ['add', 'name=x', 'disk_format=raw', 'copy_from=http://192.0.2.1/x', '--import']
    const ran = await glance(['--url', `${server.url}/v2`, '--timeout', '1', ...words])
    assert.equal(ran.code, 6, ran.stderr)
    assert.match(ran.stderr, /\n {2}it has not finished within 1 seconds\n.*the image is kept/)
    await server.close()
  })
})
