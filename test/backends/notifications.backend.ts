/** Notifications through RabbitMQ to receivers of others: nothing is lost or doubled, whatever is away or dies meanwhile. */
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {GLANCE} from '../support/glance-process.js'
import {createNetwork, type Network} from '../support/http/network.js'
import {ServiceClient} from '../support/shared-services.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'
import {useSharedFolder} from './fleet.js'
import {describePostgres, useDatabase} from './postgres.js'
import {describeRabbit, type Heard, RABBITMQ, useRabbit} from './rabbit-lab.js'

const OCTETS = 'application/octet-stream'
const PATCH = 'application/openstack-images-v2.1-json-patch'

const toId = (n: number) => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`

describeRabbit('notifications through RabbitMQ', () => {
  const folder = useTempDir()
  const rabbit = useRabbit()
  const services: TestService[] = []
  let network: Network
  beforeEach(async () => {
    network = await createNetwork(RABBITMQ)
  })
  afterEach(async () => {
    for (const service of services.splice(0)) await service.close()
    await network.close()
  })

  const today = () => ['notification_driver=messagingv2', `notification_topics=${rabbit.topic()}`]
  const toEnv = (url: string) => ({GLANCE_TRANSPORT_URL: url.replace(/^amqp:/, 'rabbit:')})

  async function start(assignments: readonly string[], url = network.url): Promise<ServiceClient> {
    const given = new GivenSettings({assignments, env: toEnv(url)})
    const service = await startService({dataDir: folder(), given})
    services.push(service)
    return new ServiceClient(service.url)
  }

  async function stop(): Promise<void> {
    for (const service of services.splice(0)) await service.close()
  }

  async function rename(client: ServiceClient, id: string, name: string): Promise<void> {
    const body = JSON.stringify([{op: 'replace', path: '/name', value: name}])
    assert.equal((await client.send('PATCH', `/v2/images/${id}`, body, PATCH)).status, 200)
  }

  it('are heard by oslo.messaging, from the creation of an image to its deletion', async () => {
    const receiver = await rabbit.listen()
    const client = await start([...today(), 'default_publisher_id=image.here'])
    await client.create(toId(1))
    const image = `/v2/images/${toId(1)}`
    assert.equal((await client.send('PUT', `${image}/file`, 'data', OCTETS)).status, 204)
    assert.equal(await (await client.send('GET', `${image}/file`)).text(), 'data')
    await receiver.count(5)
    assert.equal((await client.send('POST', `${image}/members`, '{"member": "q"}')).status, 200)
    assert.equal((await client.send('DELETE', image)).status, 204)
    await client.create(toId(2))
    const cut = await client.beginUpload(toId(2))
    cut.socket.destroy()
    const heard = await receiver.until(all => all.some(({priority}) => priority === 'error'))
    assert.deepEqual(
      heard.map(({priority, type}) => `${priority} ${type}`),
      [
        'info image.create',
        'info image.prepare',
        'info image.upload',
        'info image.activate',
        'info image.send',
        'info image.member.create',
        'info image.delete',
        'info image.create',
        'info image.prepare',
        'error image.upload',
      ],
    )
    assert.deepEqual(new Set(heard.map(({publisher}) => publisher)), new Set(['image.here']))
    const {id, status, size, checksum} = heard[2]?.payload ?? {}
    assert.deepEqual([id, status, size, checksum], [toId(1), 'active', 4, '8d777f385d3dfec8815d20f7496026dc'])
  })

  it('are heard on the queue of 2011', async () => {
    const receiver = await rabbit.listen('kombu')
    const client = await start(['notifier_strategy=rabbit', `rabbit_notification_topic=${rabbit.topic()}`])
    await client.create(toId(1))
    assert.equal((await client.send('DELETE', `/v2/images/${toId(1)}`)).status, 204)
    const heard = await receiver.count(2)
    assert.deepEqual(
      heard.map(({priority, type, payload}) => [priority, type, payload['id'], payload['status']]),
      [
        ['INFO', 'image.create', toId(1), 'queued'],
        ['INFO', 'image.delete', toId(1), 'deleted'],
      ],
    )
  })

  it('are neither lost nor doubled while the connection is cut again and again under load', async () => {
    const receiver = await rabbit.listen()
    const client = await start(today())
    const images = [1, 2, 3, 4]
    const changes = 30
    for (const n of images) await client.create(toId(n))
    const work = images.map(async n => {
      for (let change = 1; change <= changes; change++) await rename(client, toId(n), `${change}`)
    })
    for (const cut of [1, 2, 3]) {
      await receiver.count(cut * 10)
      await network.cut()
      await rename(client, toId(1), `while it is cut ${cut}`)
      await network.restore()
    }
    await Promise.all(work)
    const expected = images.length * (changes + 1) + 3
    const heard = await receiver.count(expected)
    await stop()
    assert.equal(new Set(heard.map(({id}) => id)).size, heard.length)
    assert.equal(heard.length, expected)
    for (const n of images) requireOrder(heard, toId(n), changes)
  })

  it('wait for RabbitMQ over a restart of the service', async () => {
    await network.cut()
    const first = await start(today())
    await first.create(toId(1))
    await rename(first, toId(1), 'before')
    await stop()
    await network.restore()
    const receiver = await rabbit.listen()
    const second = await start(today())
    await rename(second, toId(1), 'after')
    const heard = await receiver.count(3)
    assert.deepEqual(
      heard.map(({type, payload}) => [type, payload['name']]),
      [
        ['image.create', null],
        ['image.update', 'before'],
        ['image.update', 'after'],
      ],
    )
  })

  it('survive the end of a process right after the change', async () => {
    const receiver = await rabbit.listen()
    for (let round = 1; round <= 3; round++) {
      const child = await spawnService([...today()], toEnv(network.url), join(folder(), 'killed'))
      const client = new ServiceClient(child.url)
      if (round === 1) await client.create(toId(1))
      await rename(client, toId(1), `round ${round}`)
      child.process.kill('SIGKILL')
      await child.exited
    }
    const last = await spawnService(today(), toEnv(network.url), join(folder(), 'killed'))
    const heard = await receiver.count(4)
    assert.deepEqual(
      heard.map(({payload}) => payload['name']),
      [null, 'round 1', 'round 2', 'round 3'],
    )
    last.process.kill('SIGKILL')
    await last.exited
  })

  it('neither fail nor delay requests whose broker never answers', async () => {
    network.silence()
    const client = await start(today())
    await client.create(toId(1))
    await rename(client, toId(1), 'n')
    assert.equal((await client.send('DELETE', `/v2/images/${toId(1)}`)).status, 204)
  })
})

describePostgres('notifications of several processes', () => {
  describeRabbit('through RabbitMQ', () => {
    const database = useDatabase()
    const shared = useSharedFolder(database)
    const rabbit = useRabbit()

    it('come in the order of each image, once, also when the one that sends dies', async () => {
      const receiver = await rabbit.listen()
      const {hostname, port} = new URL(RABBITMQ)
      const settings = ['notification_driver=messagingv2', `notification_topics=${rabbit.topic()}`]
      const place = [`rabbit_host=${hostname}`, `rabbit_port=${port}`]
      const times = ['process_heartbeat=1', 'process_timeout=3']
      const start = () => shared.start([...settings, ...place, ...times])
      const children = [await start(), await start(), await start()]
      const clients = children.map(({url}) => new ServiceClient(url))
      const images = [1, 2, 3]
      const changes = 20
      for (const n of images) await clients[0]?.create(toId(n))
      const change = async (n: number, value: number) => {
        const body = JSON.stringify([{op: 'replace', path: '/name', value: `${value}`}])
        const client = clients[value % clients.length]
        assert.equal((await client?.send('PATCH', `/v2/images/${toId(n)}`, body, PATCH))?.status, 200)
      }
      const run = (from: number, to: number) =>
        Promise.all(
          images.map(async n => {
            for (let value = from; value <= to; value++) await change(n, value)
          }),
        )
      await run(1, changes / 2)
      const [dead] = children
      dead?.process.kill('SIGKILL')
      await dead?.exited
      clients.shift()
      await run(changes / 2 + 1, changes)
      const heard = await receiver.count(images.length * (changes + 1))
      assert.equal(new Set(heard.map(({id}) => id)).size, heard.length)
      for (const n of images) requireOrder(heard, toId(n), changes)
    })
  })
})

/** Each change of the image was heard, after the one before. */
function requireOrder(heard: readonly Heard[], id: string, changes: number): void {
  const names = heard.filter(({payload}) => payload['id'] === id).map(({payload}) => payload['name'])
  const expected = [null, ...Array.from({length: changes}, (_, n) => `${n + 1}`)]
  assert.deepEqual(
    names.filter(name => !String(name).startsWith('while')),
    expected,
  )
}

interface SpawnedService {
  readonly process: ChildProcess
  readonly exited: Promise<unknown>
  readonly url: string
}

/** The tool that is published: its bundle has only a part of the client of RabbitMQ. */
async function spawnService(
  settings: readonly string[],
  more: Readonly<Record<string, string>>,
  dataDir: string,
): Promise<SpawnedService> {
  const env = {...globalThis.process.env, ...more}
  const assignments = settings.flatMap(setting => ['--set', setting])
  const argv = [GLANCE, 'serve', '--port', '0', '--data-dir', dataDir, ...assignments]
  const process = spawn(globalThis.process.execPath, argv, {env, stdio: ['ignore', 'pipe', 'ignore']})
  const exited = once(process, 'exit')
  const [line] = (await once(createInterface({input: process.stdout}), 'line')) as [string]
  return {process, exited, url: line.replace('Listening on ', '')}
}
