/** API servers whose registry is on a registry server, with one folder for their data. */
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {createInterface} from 'node:readline/promises'
import {fileURLToPath} from 'node:url'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {createNetwork, type Network} from '../../support/http/network.js'
import {type Served, serve} from '../../support/http/serve.js'
import {startRegistryServer, type TestRegistryServer} from '../../support/registry-server.js'
import {ServiceClient} from '../../support/shared-services.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService, type TestService} from '../../support/test-service.js'

const ID = '00000001-0000-4000-8000-000000000000'

type Json = Readonly<Record<string, unknown>>

/** Starts an API server. @param port of the registry server */
async function startApi(port: number, folder: string, name: string): Promise<TestService> {
  await mkdir(join(folder, 'shared'), {recursive: true})
  const env = {
    GLANCE_REGISTRY_HOST: '127.0.0.1',
    GLANCE_REGISTRY_PORT: String(port),
    GLANCE_FILESYSTEM_STORE_DATADIR: join(folder, 'shared'),
    GLANCE_PROCESS_HEARTBEAT: '1',
    GLANCE_PROCESS_TIMEOUT: '60',
  }
  const given = new GivenSettings({assignments: [], env})
  return startService({dataDir: join(folder, name), given, fetchFromAnywhere: true})
}

describe('two API servers on one registry server', () => {
  const folder = useTempDir()
  let registry: TestRegistryServer
  let services: readonly TestService[]
  let clients: readonly ServiceClient[]
  beforeEach(async () => {
    registry = await startRegistryServer()
    services = await Promise.all(['a', 'b'].map(name => startApi(registry.port, folder(), name)))
    clients = services.map(({url}) => new ServiceClient(url))
  })
  afterEach(async () => {
    await Promise.all(services.map(service => service.close()))
    await registry.close()
  })

  it('share images and their data', async () => {
    const [one, other] = clients as [ServiceClient, ServiceClient]
    await one.create(ID)
    const type = 'application/octet-stream'
    assert.equal((await one.send('PUT', `/v2/images/${ID}/file`, 'the data', type)).status, 204)
    assert.equal(await other.readStatus(ID), 'active')
    assert.equal(await (await other.send('GET', `/v2/images/${ID}/file`)).text(), 'the data')
    const {images} = await other.read('/v2/images')
    assert.deepEqual(
      (images as Json[]).map(({id}) => id),
      [ID],
    )
    assert.equal((await other.send('DELETE', `/v2/images/${ID}`)).status, 204)
    assert.equal((await one.send('GET', `/v2/images/${ID}`)).status, 404)
  })

  it('end an upload into an image that the other one deletes', async () => {
    const [one, other] = clients as [ServiceClient, ServiceClient]
    await one.create(ID)
    const upload = await one.beginUpload(ID)
    assert.equal((await other.send('DELETE', `/v2/images/${ID}`)).status, 204)
    assert.equal((await upload.answer())?.status, 410)
    upload.socket.destroy()
  })
})

describe('an API server that loses the answer of its registry server', () => {
  const folder = useTempDir()
  let registry: TestRegistryServer
  let network: Network
  let service: TestService
  let client: ServiceClient
  let source: Served
  beforeEach(async () => {
    source = await serve((_request, response) => response.end('data'))
    registry = await startRegistryServer()
    network = await createNetwork(registry.url)
    service = await startApi(Number(new URL(network.url).port), folder(), 'a')
    client = new ServiceClient(service.url)
    await client.create(ID)
  })
  afterEach(async () => {
    await service.close()
    await network.close()
    await registry.close()
    await source.close()
  })

  for (const [what, request, status] of [
    ['refused because of that', /rpc\/createTask/, 503],
    ['took without knowing it', /rpc\/takeTask/, 202],
    ['has begun without knowing it', /rpc\/updateTask/, 202],
    ['begins to fill without knowing it', /rpc\/change/, 202],
  ] as const) {
    it(`carries out an import that it ${what}`, async () => {
      const lost = network.loseAnswer(request)
      const body = JSON.stringify({method: {name: 'web-download', uri: source.url}})
      assert.equal((await client.send('POST', `/v2/images/${ID}/import`, body)).status, status)
      await lost
      await client.waitForStatus(ID, 'active')
    })
  }
})

describe('a registry server that is killed under load', () => {
  const folder = useTempDir()
  const children: ChildProcess[] = []
  let services: readonly TestService[] = []
  afterEach(async () => {
    await Promise.all(services.map(service => service.close()))
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })

  /** Starts the process of a registry server. @returns the port that it listens on */
  async function start(port: number): Promise<number> {
    const script = fileURLToPath(new URL('../children/serve-registry.js', import.meta.url))
    const args = [script, join(folder(), 'registry'), String(port)]
    const child = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'inherit']})
    children.push(child)
    const [line] = (await once(createInterface({input: child.stdout!}), 'line')) as [string]
    return Number(new URL(line).port)
  }

  it('loses nothing that was answered, and API servers go on', async () => {
    const port = await start(0)
    services = await Promise.all(['a', 'b'].map(name => startApi(port, folder(), name)))
    const clients = services.map(({url}) => new ServiceClient(url))
    const answered = new Map<string, string>()
    let rounds = 0
    let isEnding = false
    const work = async (client: ServiceClient, n: number) => {
      for (let round = 0; !isEnding; round++) {
        const id = `${String(n).padStart(8, '0')}-0000-4000-8000-${String(round).padStart(12, '0')}`
        const body = JSON.stringify({id, disk_format: 'raw', container_format: 'bare'})
        if ((await client.send('POST', '/v2/images', body)).status !== 201) continue
        answered.set(id, 'queued')
        const data = await client.send('PUT', `/v2/images/${id}/file`, id, 'application/octet-stream')
        if (data.status === 204) answered.set(id, 'active')
        rounds++
      }
    }
    const waitForRounds = async (wanted: number) => {
      while (rounds < wanted) await clients[0]!.read('/v2/images?limit=1')
    }
    const working = [0, 1, 2, 3].map(n => work(clients[n % 2]!, n))
    await waitForRounds(8)
    for (let kills = 1; kills <= 2; kills++) {
      children.at(-1)!.kill('SIGKILL')
      await once(children.at(-1)!, 'exit')
      await start(port)
      await waitForRounds(rounds + 8)
    }
    isEnding = true
    await Promise.all(working)
    assert.ok(answered.size >= 24)
    for (const [id, status] of answered) {
      const image = await clients[1]!.read(`/v2/images/${id}`)
      if (status === 'active') assert.equal(image['status'], 'active')
      else assert.ok(image['status'] !== undefined, `${id} is lost`)
      if (image['status'] !== 'active') continue
      assert.equal(await (await clients[0]!.send('GET', `/v2/images/${id}/file`)).text(), id)
    }
  })
})
