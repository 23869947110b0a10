/** Pages in a browser: one of an allowed origin uploads an image, and one of another origin cannot. */
import assert from 'node:assert/strict'
import {text} from 'node:stream/consumers'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {type Served, serve} from '../support/http/serve.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'
import {describeWith, usePrograms} from './front-programs.js'

/** A page that adds an image with data by the API, reads it back, and reports what it saw to its own server. */
const PAGE = (url: string) => `<!doctype html><script>
const token = {'X-Auth-Token': 'ann:alpha:member'}
async function run() {
  const image = {name: 'page', disk_format: 'raw', container_format: 'bare'}
  const json = {...token, 'Content-Type': 'application/json'}
  const added = await fetch('${url}/v2/images', {method: 'POST', headers: json, body: JSON.stringify(image)})
  const {id} = await added.json()
  const file = '${url}/v2/images/' + id + '/file'
  const octets = {...token, 'Content-Type': 'application/octet-stream'}
  const put = await fetch(file, {method: 'PUT', headers: octets, body: new Blob([new Uint8Array(1048576)])})
  const got = await fetch(file, {headers: token})
  const {byteLength} = await got.arrayBuffer()
  const refused = await fetch(file)
  const has = name => added.headers.has(name)
  return {added: added.status, put: put.status, byteLength, refused: refused.status, location: has('location')}
}
run().catch(error => ({error: error.name})).then(result =>
  fetch('/result', {method: 'POST', body: JSON.stringify(result)}))
</script>`

describeWith('chromium')('pages in Chromium', () => {
  // The browser is stopped before its folder is removed.
  const run = usePrograms()
  const folder = useTempDir()
  let service: TestService
  let page: Served
  let report: (result: object) => void
  let result: Promise<object>
  let servicePage = ''
  beforeEach(async () => {
    result = new Promise(resolve => {
      report = resolve
    })
    page = await serve(async (request, response) => {
      if (request.method === 'POST') report(JSON.parse(await text(request)))
      response.setHeader('content-type', 'text/html').end(request.url === '/' ? servicePage : '')
    })
  })
  afterEach(async () => {
    await page.close()
    await service.close()
  })

  /** Opens the page in a browser. @returns what it reports */
  const open = async (allowedOrigin: string) => {
    const assignments = [`cors_allowed_origin=${allowedOrigin}`]
    service = await startService({auth: 'fake', given: new GivenSettings({assignments, env: {}})})
    servicePage = PAGE(service.url)
    const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
    const browser = run('chromium', [...flags, `--user-data-dir=${folder()}`, `${page.url}/`])
    browser.stderr?.resume()
    return result
  }

  it('of an allowed origin upload and download', async () => {
    const seen = await open(page.url)
    assert.deepEqual(seen, {added: 201, put: 204, byteLength: 1048576, refused: 401, location: true})
    assert.equal((await service.listStored()).length, 1)
  })

  it('of another origin get nothing, and change nothing', async () => {
    assert.deepEqual(await open('https://horizon.example.com'), {error: 'TypeError'})
    assert.deepEqual(await service.listStored(), [])
    assert.ok(service.log.some(line => /"OPTIONS \/v2\/images HTTP\/1\.1" 403 /.test(line)))
    assert.ok(!service.log.some(line => line.includes('"POST')))
  })
})
