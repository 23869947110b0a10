/** The commands for stores, tasks, quotas, imports and the states of images, with services that have them, and older ones. */
import assert from 'node:assert/strict'
import {randomUUID} from 'node:crypto'
import type http from 'node:http'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {glance, type World} from '../support/fake-io.js'
import {type Served, serve} from '../support/http/serve.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'

const ID = '00000000-0000-4000-8000-00000000000a'
const OTHER = '00000000-0000-4000-8000-00000000000b'
const STORES = [
  {id: 'fast', description: 'default', default: 'true'},
  {id: 'slow'},
  {id: 'web', 'read-only': 'true'},
]

describe('operations with the embedded service', () => {
  let service: TestService
  // The ids of deleted images are never free again.
  let id = ''
  let other = ''
  before(async () => {
    service = await startService()
  })
  after(() => service.close())

  const run = (line: string, world: World = {}) => glance(['--url', service.url, ...line.split(' ')], world)
  const add = async (id: string, world: World = {}) => {
    const {code, stderr} = await run(`add id=${id} name=${id} disk_format=raw`, world)
    assert.equal(code, 0, stderr)
  }
  const show = async (id: string) => JSON.parse((await run(`show ${id} -o ndjson`)).stdout)
  beforeEach(() => {
    id = randomUUID()
    other = randomUUID()
  })
  afterEach(async () => {
    await run('clear --force')
  })

  it('deactivates and reactivates images by id, by name and from standard input', async () => {
    await add(id, {stdin: 'abc'})
    await add(other, {stdin: 'abc'})
    const dry = await run(`--dry-run deactivate ${id} ${other}`)
    assert.match(dry.stdout, new RegExp(`\nDeactivate image ${id}\nDeactivate image ${other}\n$`))
    assert.equal((await show(id)).status, 'active')
    const ran = await run(`deactivate ${id} nope ${other}`)
    assert.equal(ran.stdout, `Image ${id} is deactivated\nImage ${other} is deactivated\n`)
    assert.match(ran.stderr, /No image with ID nope was found/)
    assert.equal(ran.code, 3)
    const back = await run('reactivate - -o ndjson', {stdin: `${id}\n`})
    assert.equal(back.stdout, `{"id":"${id}","name":"${id}","status":"active"}\n`)
    assert.equal((await show(other)).status, 'deactivated')
  })

  it('explains why an image without data cannot be deactivated', async () => {
    await add(id)
    const ran = await run(`deactivate ${id}`)
    assert.equal(ran.code, 4)
    assert.match(
      ran.stderr,
      new RegExp(`^glance: cannot deactivate image ${id}\n.*queued.*\n.*glance show ${id}\n`),
    )
  })

  it('stages data, which an update imports', async () => {
    await add(id)
    const staged = await run(`stage ${id}`, {stdin: 'hello'})
    assert.deepEqual([staged.code, staged.stdout], [0, `Staged 5 bytes for image ${id}\n`])
    assert.match(staged.stderr, new RegExp(`glance update ${id} --import glance-direct\n$`))
    const twice = await run(`stage ${id}`, {stdin: 'hello'})
    assert.equal(twice.code, 5)
    assert.equal((await run(`update ${id} --import glance-direct`)).code, 0)
    const {status, size} = await show(id)
    assert.deepEqual([status, size], ['active', 5])
    const again = await run(`update ${id} --import glance-direct`)
    assert.equal(again.code, 5)
    assert.match(again.stderr, /its status is active, and that of an image with staged data is uploading/)
  })

  it('stages nothing without data', async () => {
    await add(id)
    for (const [world, why] of [
      [{}, 'no data was given'],
      [{stdin: ''}, 'the input is empty'],
    ] as const) {
      const ran = await run(`stage ${id}`, world)
      assert.deepEqual(
        [ran.code, ran.stderr.split('\n').slice(0, 2)],
        [2, ['glance: no data was staged', `  ${why}`]],
      )
    }
    assert.equal((await show(id)).status, 'queued')
  })

  it('adds an image by glance-direct, and lists its task', async () => {
    const ran = await run(`add id=${id} name=a disk_format=raw --import glance-direct`, {stdin: 'hello'})
    assert.equal(ran.code, 0, ran.stderr)
    const {status, checksum} = await show(id)
    assert.deepEqual([status, checksum], ['active', '5d41402abc4b2a76b9719d911017c592'])
    const [task] = JSON.parse((await run(`image-tasks ${id} -o json`)).stdout)
    assert.deepEqual(
      [task.method, task.status, task.image_id, task.stores],
      ['glance-direct', 'success', id, ['file']],
    )
    const shown = await run(`task ${task.id}`)
    assert.match(shown.stdout, new RegExp(`^id: ${task.id}\n(.*\n)*status: success\n`))
  })

  it('lists stores, in two words too, and reports that there are no quotas', async () => {
    const ids = 'file\nhttp\n'
    assert.equal((await run('store-list -q')).stdout, ids)
    assert.equal((await run('store list -q')).stdout, ids)
    assert.equal((await run('store -q list')).stdout, ids)
    const usage = await run('usage')
    assert.deepEqual([usage.code, usage.stderr], [0, 'note: the service has no quotas for this project\n'])
  })

  it('are refused on version 1, before any change', async () => {
    await add(id, {stdin: 'abc'})
    for (const [line, what] of [
      [`deactivate ${id}`, 'deactivation of images'],
      ['store-list', 'stores'],
      [`store-copy ${id} slow`, 'stores'],
      [`store-delete --force ${id} slow`, 'stores'],
      [`image-tasks ${id}`, 'tasks'],
      [`task ${id}`, 'tasks'],
      ['usage', 'quotas'],
      [`stage ${id}`, 'imports'],
      ['add name=x --import glance-direct', '--import glance-direct'],
    ] as const) {
      const ran = await run(`--os-image-api-version 1 ${line}`, {stdin: 'abc'})
      assert.deepEqual(
        [ran.code, ran.stderr.split('\n')[0]],
        [2, `glance: version 1 of the Image API does not have ${what}`],
        line,
      )
    }
  })
})

describe('operations with the embedded service of several stores', () => {
  const folder = useTempDir()
  let service: TestService
  beforeEach(async () => {
    const assignments = [
      'enabled_backends=fast:file,slow:file',
      'default_backend=fast',
      'fast.store_description=SSD',
      ...['fast', 'slow'].map(name => `${name}.filesystem_store_datadir=${folder()}/${name}`),
    ]
    service = await startService({given: new GivenSettings({assignments, env: {}})})
  })
  afterEach(() => service.close())

  const run = (line: string, world: World = {}) => glance(['--url', service.url, ...line.split(' ')], world)
  const readStores = async () => (await run(`show ${ID} -o value -c stores`)).stdout

  it('lists them, uploads to one, copies to another, and deletes from the first', async () => {
    assert.equal(
      (await run('store list -o csv')).stdout,
      'id,default,read_only,type,description\nfast,true,false,file,SSD\nslow,false,false,file,\nhttp,false,true,http,web servers of others\n',
    )
    const added = await run(`add id=${ID} name=a disk_format=raw --store slow`, {stdin: 'abc'})
    assert.equal(added.code, 0, added.stderr)
    assert.equal(await readStores(), '["slow"]\n')
    const copied = await run('store copy --all-stores a')
    assert.deepEqual(
      [copied.code, copied.stdout],
      [0, `Image ${ID} is already in the store slow\nImage ${ID} is now in the store fast\n`],
    )
    const deleted = await run('store delete --force a slow')
    assert.deepEqual([deleted.code, await readStores()], [0, '["fast"]\n'])
    assert.equal((await run('download a')).stdout, 'abc')
    assert.equal((await run('store delete --force a fast')).code, 5)
  })

  it('uploads to one on version 1 of the API, also the data of an image that was registered', async () => {
    const v1 = (line: string, world: World = {}) => run(`--os-image-api-version 1 ${line}`, world)
    const added = await v1(`add id=${ID} name=a --store slow`, {stdin: 'abc'})
    assert.deepEqual([added.code, await readStores()], [0, '["slow"]\n'], added.stderr)
    await v1(`add id=${OTHER} name=b`)
    const updated = await v1('update b store=slow', {stdin: 'abc'})
    assert.equal(updated.code, 0, updated.stderr)
    assert.equal((await run('show b -o value -c stores')).stdout, '["slow"]\n')
  })

  it('needs data for a store, on both versions of the API', async () => {
    for (const line of [`add id=${ID} name=a`, `update ${OTHER}`]) {
      await run(`add id=${OTHER} name=b`)
      for (const version of [1, 2]) {
        const ran = await run(`--os-image-api-version ${version} ${line} store=slow`)
        assert.deepEqual(
          [ran.code, ran.stderr.split('\n').slice(0, 2)],
          [2, ["glance: cannot use the store 'slow'", '  store= requires data to upload']],
        )
      }
    }
  })

  it('leaves nothing on version 1 when the service refuses the store', async () => {
    const ran = await run(`--os-image-api-version 1 add id=${ID} name=a --store nope`, {stdin: 'abc'})
    assert.equal(ran.code, 1)
    assert.match(ran.stderr, /^glance: cannot add the image\n {2}Required store nope is invalid\n/)
    assert.equal((await run('index -q')).stdout, '')
  })

  it('refuses a store that is only read, or that there is not, before anything is sent', async () => {
    for (const [store, why] of [
      ['http', 'it is only read; the service has fast, slow'],
      ['nope', 'the service has fast, slow'],
    ] as const) {
      const ran = await run(`add id=${ID} name=a disk_format=raw --store ${store}`, {stdin: 'abc'})
      assert.deepEqual(
        [ran.code, ran.stderr.split('\n').slice(0, 2)],
        [1, [`glance: cannot use the store '${store}'`, `  ${why}`]],
      )
    }
    assert.equal((await run('index -q')).stdout, '')
  })
})

describe('operations with a service of several stores', () => {
  let served: Served
  let requests: string[] = []
  let image: Record<string, unknown> = {}
  let minor = 15
  let methods: readonly string[] = []
  let failing: readonly string[] = []
  let isOld = false

  before(async () => {
    served = await serve((request, response) => {
      let body = ''
      request.on('data', chunk => {
        body += chunk
      })
      request.on('end', () => answer(request, response, body))
    })
  })
  beforeEach(() => {
    requests = []
    image = {id: ID, name: 'disk', status: 'active', stores: 'fast', disk_format: 'raw', size: 3}
    minor = 15
    methods = ['copy-image', 'glance-download']
    failing = []
    isOld = false
  })
  after(() => served.close())

  function answer(
    {method, url = ''}: http.IncomingMessage,
    response: http.ServerResponse,
    body: string,
  ): void {
    const path = url.split('?')[0] ?? ''
    const reply = (status: number, document: unknown) =>
      void response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(document))
    if (path !== '/') requests.push([method, path, body].filter(Boolean).join(' '))
    if (path === '/') reply(300, {versions: [{id: 'v2.0'}, {id: `v2.${minor}`}]})
    else if (path === `/v2/images/${ID}` && method === 'GET') reply(200, image)
    else if (path === '/v2/images' && method === 'GET') reply(200, {images: []})
    else if (isOld) reply(404, {message: 'The resource could not be found.'})
    else if (path === '/v2/info/stores/detail') reply(403, {message: 'not authorized'})
    else if (path === '/v2/info/stores') reply(200, {stores: STORES})
    else if (path === '/v2/info/import') reply(200, {'import-methods': {value: methods}})
    else if (path === '/v2/info/usage')
      reply(200, {usage: {image_count_total: {usage: 2, limit: 3}, image_size_total: {usage: 1, limit: -1}}})
    else if (path.endsWith('/import')) {
      importData(JSON.parse(body))
      response.writeHead(202).end()
    } else if (path === `/v2/images/${ID}/tasks`)
      reply(200, {tasks: [{id: 't', status: 'success', created_at: '2026-01-01T00:00:00', input: {}}]})
    else if (method === 'POST' && path === '/v2/images') {
      image = {...JSON.parse(body), id: ID, status: 'queued'}
      reply(201, image)
    } else if (method === 'DELETE' && path === `/v2/stores/slow/${ID}`) response.writeHead(204).end()
    else if (method === 'DELETE' && path === `/v2/stores/web/${ID}`)
      reply(404, {message: `Image ${ID} is not stored in store web.`})
    else if (method === 'DELETE')
      reply(403, {message: 'Cannot delete image data from the only store containing it.'})
    else reply(404, {message: 'The resource could not be found.'})
  }

  function importData({method, stores}: {method: {name: string}; stores?: string[]}): void {
    image = {...image, status: 'active'}
    if (method.name !== 'copy-image') return
    const good = (stores ?? []).filter(store => !failing.includes(store))
    image = {...image, stores: ['fast', ...good].join(','), os_glance_failed_import: failing.join(',')}
  }

  const run = (line: string, world: World = {}) =>
    glance(line.split(' '), {env: {OS_IMAGE_URL: served.url}, ...world})

  it('lists the stores as every caller sees them', async () => {
    const {stdout} = await run('store-list -o csv -c id,default,read_only')
    assert.equal(stdout, 'id,default,read_only\nfast,true,false\nslow,false,false\nweb,false,true\n')
  })

  it('copies the data to stores that do not have it', async () => {
    const ran = await run(`store-copy ${ID} fast slow fast slow`)
    assert.deepEqual(
      [ran.code, ran.stdout],
      [0, `Image ${ID} is already in the store fast\nImage ${ID} is now in the store slow\n`],
    )
    assert.ok(
      requests.includes(
        `POST /v2/images/${ID}/import {"method":{"name":"copy-image"},"stores":["slow"],"all_stores_must_succeed":false}`,
      ),
      requests.join('\n'),
    )
  })

  it('copies to all stores that take data', async () => {
    const ran = await run(`store-copy --all-stores ${ID} -o ndjson`)
    assert.equal(
      ran.stdout,
      `{"image_id":"${ID}","store":"fast","copied":false}\n{"image_id":"${ID}","store":"slow","copied":true}\n`,
    )
  })

  it('reports the store that failed, and the others', async () => {
    image['stores'] = ''
    failing = ['slow']
    const ran = await run(`store-copy ${ID} fast slow fast slow`)
    assert.deepEqual([ran.code, ran.stdout], [1, `Image ${ID} is now in the store fast\n`])
    assert.match(
      ran.stderr,
      new RegExp(`glance: cannot copy image ${ID} to slow: the service could not store it there\n`),
    )
  })

  it('copies nothing where the method is off', async () => {
    methods = ['web-download']
    const ran = await run(`store-copy ${ID} slow`)
    assert.deepEqual(
      [ran.code, ran.stderr],
      [1, `glance: cannot copy image ${ID} to slow\n  copy-image is off: it has only web-download\n`],
    )
    assert.ok(!requests.some(request => request.startsWith('POST')))
  })

  it('requires stores, or all of them', async () => {
    assert.match((await run(`store-copy ${ID}`)).stderr, /^glance: Please specify the stores\n/)
    const both = await run(`store-copy ${ID} slow --all-stores`)
    assert.deepEqual([both.code, both.stderr], [2, 'glance: give either stores or --all-stores\n'])
  })

  it('deletes the data from one store, after a question', async () => {
    const refused = await run(`store-delete ${ID} slow`, {terminal: true, answers: [false]})
    assert.match(
      refused.asked[0] ?? '',
      new RegExp(`^Delete the data of image ${ID} "disk" from the store slow`),
    )
    assert.ok(!requests.some(request => request.startsWith('DELETE')))
    const ran = await run(`store delete --force ${ID} slow`)
    assert.deepEqual([ran.code, ran.stdout], [0, `Deleted the data of image ${ID} from the store slow\n`])
  })

  it('explains that the only store keeps the data, and a store that does not have it', async () => {
    const only = await run(`store-delete --force ${ID} fast`)
    assert.equal(only.code, 5)
    assert.match(only.stderr, /from the only store containing it\.\n {2}Copy it to another store first/)
    const other = await run(`store-delete --force ${ID} web`)
    assert.equal(other.code, 5)
    assert.match(
      other.stderr,
      new RegExp(`is not stored in store web\\.\n {2}List its stores with: glance show ${ID}\n`),
    )
  })

  it('takes images from standard input', async () => {
    const ran = await run('store-copy - slow', {stdin: `${ID}\n${OTHER}\n`})
    assert.deepEqual([ran.code, ran.stdout], [3, `Image ${ID} is now in the store slow\n`])
    assert.match(ran.stderr, new RegExp(`No image with ID ${OTHER} was found`))
    const both = await run('stage - --file /dev/null', {stdin: `${ID}\n${OTHER}\n`})
    assert.deepEqual([both.code, both.stderr], [2, 'glance: data can be staged for one image only\n'])
  })

  it('shows quotas, with null for no limit', async () => {
    const {stdout} = await run('usage -o ndjson')
    assert.equal(
      stdout,
      '{"name":"image_count_total","usage":2,"limit":3}\n{"name":"image_size_total","usage":1,"limit":null}\n',
    )
  })

  it('lets the service fetch an image of another Glance', async () => {
    const remote = `--remote-region north --remote-image-id ${OTHER} --remote-service-interface internal`
    const ran = await run(`add name=x disk_format=raw --import glance-download ${remote}`)
    assert.equal(ran.code, 0, ran.stderr)
    const method = `{"name":"glance-download","glance_region":"north","glance_image_id":"${OTHER}","glance_service_interface":"internal"}`
    assert.ok(requests.includes(`POST /v2/images/${ID}/import {"method":${method}}`), requests.join('\n'))
  })

  it('adds nothing where the method of import is off', async () => {
    const ran = await run('add name=x --import glance-direct', {stdin: 'abc'})
    assert.equal(ran.code, 1)
    assert.match(ran.stderr, /glance-direct is off: it has only copy-image, glance-download\n/)
    assert.deepEqual(requests, ['GET /v2/info/import'])
  })

  it('names the version that has what an old service lacks', async () => {
    isOld = true
    minor = 2
    for (const [line, what, since] of [
      [`deactivate ${ID}`, 'deactivation of images', 3],
      ['store-list', 'several stores', 8],
      [`store-delete --force ${ID} slow`, 'deletion from one store', 10],
      [`image-tasks ${ID}`, 'tasks of images', 12],
      ['usage', 'usage of quotas', 13],
      [`stage ${ID}`, 'imports', 6],
    ] as const) {
      const ran = await run(line, {stdin: 'abc'})
      const why = `it has version 2.2 of the Image API, and that came with 2.${since}`
      assert.deepEqual(
        [ran.code, ran.stderr],
        [1, `glance: this service does not have ${what}\n  ${why}\n`],
        line,
      )
    }
  })

  it('does not blame the service for an image that does not exist', async () => {
    for (const line of [`deactivate ${OTHER}`, `image-tasks ${OTHER}`]) {
      const ran = await run(line)
      assert.deepEqual(
        [ran.code, ran.stderr.split('\n')[0]],
        [3, `glance: No image with ID ${OTHER} was found`],
      )
    }
  })
})

describe('--import, --store', () => {
  for (const [line, message] of [
    [
      'add name=x --import nope',
      "invalid --import 'nope': expected one of web-download, glance-direct, glance-download",
    ],
    [
      'add name=x --import=nope',
      "invalid --import 'nope': expected one of web-download, glance-direct, glance-download",
    ],
    ['add --import name=x', '--import requires copy_from=URL'],
    ['--import add name=x', '--import requires copy_from=URL'],
    [
      'add name=x --import glance-download',
      '--import glance-download requires --remote-region and --remote-image-id',
    ],
    ['add name=x --remote-region r', '--remote-region and its like require --import glance-download'],
    ['add name=x --import glance-direct', '--import glance-direct requires data'],
    [
      'add name=x --import glance-direct copy_from=http://192.0.2.1/x',
      '--import glance-direct does not take the data from a URL',
    ],
    ['add name=x --store a store=b', "store is given twice: 'b' and 'a'"],
  ] as const) {
    it(`refuses before any request: glance ${line}`, async () => {
      const ran = await glance(['--url', 'http://127.0.0.1:1/v2', ...line.split(' ')])
      assert.deepEqual([ran.code, ran.stderr.split('\n')[0]], [2, `glance: ${message}`])
    })
  }

  it('takes --store as the field', async () => {
    const {stdout} = await glance(['--dry-run', 'add', 'name=x', 'container_format=bare', '--store', 'slow'])
    assert.match(stdout, /^ +store => slow$/m)
  })
})
