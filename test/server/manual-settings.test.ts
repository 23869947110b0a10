/** Every configuration key of the administration manual (chapter 8, and the sample in chapter 7), and its effect in a file. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {access, mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import net, {type AddressInfo} from 'node:net'
import {join} from 'node:path'
import {runProgram} from '../../src/programs/program.js'
import {createInterrupt} from '../support/command-line.js'
import {startFakeBroker} from '../support/fake-broker.js'
import {fakeIo} from '../support/fake-io.js'
import {FakeS3} from '../support/fake-s3.js'
import {startFakeSwift} from '../support/fake-swift.js'
import {serve} from '../support/http/serve.js'
import {useTempDir} from '../support/temp-dir.js'

const MANUAL = [
  ...['bind_host', 'bind_port', 'verbose', 'debug', 'config-file', 'log-config', 'log_file', 'log_dir'],
  ...['log_date_format', 'default_store', 'filesystem_store_datadir'],
  ...['swift_store_auth_address', 'swift_store_user', 'swift_store_key', 'swift_store_container'],
  ...['swift_store_create_container_on_put', 'swift_store_large_object_size'],
  ...['swift_store_large_object_chunk_size', 's3_store_host', 's3_store_access_key', 's3_store_secret_key'],
  ...['s3_store_bucket', 's3_store_create_bucket_on_put', 'registry_host', 'registry_port'],
  ...['sql_connection', 'sql_timeout', 'notifier_strategy', 'rabbit_host', 'rabbit_port', 'rabbit_use_ssl'],
  ...['rabbit_userid', 'rabbit_password', 'rabbit_virtual_host', 'rabbit_notification_topic'],
]

/** What a program did: where it listens, or how it ended. */
interface Run {
  /** Empty if it did not start. */
  readonly url: string
  readonly code: number | undefined
  /** Everything that it has printed. */
  text(): string
  stop(): Promise<unknown>
}

describe('settings of the manual', () => {
  const folder = useTempDir()
  const at = (name: string) => join(folder(), name)
  let closing: (() => unknown)[]
  beforeEach(() => {
    closing = []
  })
  afterEach(async () => {
    for (const close of closing.reverse()) await close()
  })

  /** Runs `glance-api FILE` with these lines in the file, until the test ends. */
  async function run(lines: readonly string[], argv: readonly string[] = [], terminal = false): Promise<Run> {
    const own = [
      `data_dir = ${at('data')}`,
      ...(lines.some(line => /^bind_port/.test(line)) ? [] : ['bind_port = 0']),
    ]
    await writeFile(at('glance-api.conf'), ['[DEFAULT]', ...own, ...lines].join('\n'))
    const {signal, interrupt} = createInterrupt()
    const {io, seen} = fakeIo({cwd: folder(), home: folder(), signal, terminal})
    let onListening: (url: string) => void = () => {}
    const listening = new Promise<string>(resolve => {
      onListening = resolve
    })
    const write = async (data: string | Uint8Array) => {
      const [, url] = /listening on (\S+)/.exec(String(data)) ?? []
      await io.stdout.write(data)
      if (url !== undefined) onListening(url)
    }
    const words = argv.length > 0 ? argv : [at('glance-api.conf')]
    const ended = runProgram('api', words, {...io, stdout: {...io.stdout, write}}, folder())
    const stop = () => {
      interrupt()
      return ended
    }
    closing.push(stop)
    const first = await Promise.race([listening, ended])
    const text = () => seen().stdout + seen().stderr
    const how = typeof first === 'string' ? {url: first, code: undefined} : {url: '', code: first}
    return {...how, text, stop}
  }

  /** Adds an image with data. @returns its status */
  async function upload({url}: Run, data = Buffer.from('hello')): Promise<string> {
    const headers = {
      'x-image-meta-name': 'x',
      'x-image-meta-disk_format': 'raw',
      'x-image-meta-container_format': 'bare',
    }
    const octets = {...headers, 'content-type': 'application/octet-stream'}
    const reply = await fetch(`${url}/v1/images`, {
      method: 'POST',
      headers: octets,
      body: new Uint8Array(data),
    })
    return ((await reply.json()) as {image: {status: string}}).image.status
  }

  /** Sends a request, and stops the service. @returns what it has printed */
  async function request({url, text, stop}: Run): Promise<string> {
    await (await fetch(`${url}/v2/images`)).arrayBuffer()
    await stop()
    return text()
  }

  async function swift(more: readonly string[], container = 'glance') {
    const fake = await startFakeSwift()
    closing.push(() => fake.close())
    const urls: string[] = []
    fake.fault = ({url = ''}) => {
      urls.push(url)
      return false
    }
    const lines = {
      default_store: 'swift',
      swift_store_auth_version: '1',
      swift_store_auth_address: `${fake.url}/auth/v1.0`,
      swift_store_user: 'test:tester',
      swift_store_key: 'testing',
      swift_store_container: container,
    }
    const given = Object.fromEntries(more.map(line => line.split(' = ') as [string, string]))
    const all = Object.entries({...lines, ...given}).map(([name, value]) => `${name} = ${value}`)
    return {fake, urls, service: await run(all)}
  }

  /** What RabbitMQ gets of a service that creates an image. @param start of the line to wait for */
  async function notify(more: Readonly<Record<string, string>>, start: string): Promise<string> {
    const broker = await startFakeBroker(more['rabbit_host'])
    closing.push(() => broker.close())
    const values = {notifier_strategy: 'rabbit', rabbit_host: '127.0.0.1', rabbit_port: broker.port, ...more}
    const {url} = await run(Object.entries(values).map(([name, value]) => `${name} = ${value}`))
    const headers = {'content-type': 'application/json'}
    await fetch(`${url}/v2/images`, {method: 'POST', headers, body: '{}'})
    return broker.waitFor(start)
  }

  async function s3(more: Readonly<Record<string, string>>, prepare: (fake: FakeS3) => void = () => {}) {
    const fake = await FakeS3.start()
    closing.push(() => fake.close())
    prepare(fake)
    const keys = {s3_store_access_key: 'the-access', s3_store_secret_key: 'the-secret'}
    const lines = {default_store: 's3', s3_store_host: fake.url, s3_store_bucket: 'images', ...keys, ...more}
    return {fake, service: await run(Object.entries(lines).map(([name, value]) => `${name} = ${value}`))}
  }

  /** The signed request of a service whose S3 refuses everything. */
  async function signedRequest(lines: readonly string[]): Promise<string> {
    let seen = ''
    const server = await serve(({headers}, response) => {
      seen = headers.authorization ?? ''
      response.writeHead(403).end()
    })
    closing.push(() => server.close())
    const all = ['default_store = s3', `s3_store_host = ${server.url}`, 's3_store_bucket = images', ...lines]
    assert.notEqual((await run(all)).code, undefined)
    return seen
  }

  /** A service whose registry server has no answer. @returns the hosts that its requests name */
  async function askRegistry() {
    const asked: string[] = []
    const server = await serve(({headers}, response) => {
      asked.push(headers.host ?? '')
      response.writeHead(404).end()
    })
    closing.push(() => server.close())
    const {port} = server
    return {asked, port, run: await run(['registry_host = 127.0.0.1', `registry_port = ${port}`])}
  }

  /** A port that nothing listens on. */
  async function freePort(): Promise<number> {
    const server = net.createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port} = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    return port
  }

  const rows: Readonly<Record<string, () => Promise<void>>> = {
    bind_host: async () =>
      assert.match((await run(['bind_host = 127.0.0.2'])).url, /^http:\/\/127\.0\.0\.2:/),
    bind_port: async () => {
      const port = await freePort()
      assert.equal((await run([`bind_port = ${port}`])).url, `http://127.0.0.1:${port}`)
    },
    verbose: async () => {
      assert.doesNotMatch(await request(await run([], [], true)), /GET/)
      const line = / INFO \[req-[-0-9a-f]+\] 127\.0\.0\.1 - - "GET \/v2\/images HTTP\/1\.1" 200 /
      assert.match(await request(await run(['verbose = True'], [], true)), line)
    },
    debug: async () => {
      const text = (await run(['debug = True'])).text()
      assert.match(text, /^[-\d]+ [:\d]+ {5}DEBUG \[glance-api\] \*+\n/m)
      assert.match(
        text,
        / DEBUG \[glance-api\] Configuration options gathered from config file:\n.*glance-api\.conf\n/,
      )
      assert.match(text, / DEBUG \[glance-api\] bind_host {22}127\.0\.0\.1\n/)
    },
    'config-file': async () => {
      await writeFile(at('other.conf'), `bind_port = 0\nadmin_role = boss\ndata_dir = ${at('data')}\n`)
      const {code, text} = await run([], ['--config-file', at('other.conf'), '--show-config'])
      assert.equal(code, 0)
      assert.match(text(), /^admin_role +boss \(.*\/other\.conf\)$/m)
    },
    'log-config': async () => {
      await writeFile(at('logging.conf'), '[logger_root]\nlevel = DEBUG\n')
      const {text} = await run([], [at('glance-api.conf'), '--log-config', at('logging.conf')])
      assert.match(text(), / DEBUG \[glance-api\] bind_host /)
    },
    log_file: async () => {
      await request(await run([`log_file = ${at('api.log')}`]))
      assert.match(await readFile(at('api.log'), 'utf8'), / INFO \[glance-api\] listening on /)
    },
    log_dir: async () => {
      await mkdir(at('logs'))
      await (await run([`log_dir = ${at('logs')}`, 'log_file = api.log'])).stop()
      await run([`log_dir = ${at('logs')}`])
      assert.deepEqual((await readdir(at('logs'))).sort(), ['api.log', 'glance-api.log'])
    },
    log_date_format: async () =>
      assert.match(
        (await run(['log_date_format = %d.%m.%Y'])).text(),
        /^\d\d\.\d\d\.\d{4} {6}INFO \[glance-api\] listening/m,
      ),
    default_store: async () =>
      assert.match(
        (await run(['default_store = swift'])).text(),
        /a store in Swift requires swift_store_user/,
      ),
    filesystem_store_datadir: async () => {
      assert.equal(await upload(await run([`filesystem_store_datadir = ${at('images')}`])), 'active')
      assert.equal((await readdir(at('images'))).filter(name => !name.startsWith('.')).length, 1)
    },
    swift_store_auth_address: async () => {
      const {fake} = await swift([])
      assert.equal(fake.log[0], 'GET login')
    },
    swift_store_user: async () =>
      assert.match((await swift(['swift_store_user = other:user'])).service.text(), /Check swift_store_user/),
    swift_store_key: async () =>
      assert.match((await swift(['swift_store_key = wrong'])).service.text(), /Check .*swift_store_key/),
    swift_store_container: async () => {
      const {service, urls} = await swift([], 'images')
      assert.equal(await upload(service), 'active')
      assert.ok(
        urls.some(url => /^\/v1\/AUTH_test\/images\/[-0-9a-f]{36}/.test(url)),
        urls.join('\n'),
      )
    },
    swift_store_create_container_on_put: async () => {
      for (const [value, isCreated] of [
        ['False', false],
        ['True', true],
      ] as const) {
        const fake = await startFakeSwift()
        closing.push(() => fake.close())
        let exists = false
        fake.fault = ({method, url = ''}, response) => {
          if (!/\/glance(\?|$)/.test(url) || exists) return false
          exists = method === 'PUT'
          response.writeHead(exists ? 201 : 404).end()
          return true
        }
        const lines = [
          'default_store = swift',
          'swift_store_auth_version = 1',
          'swift_store_user = test:tester',
        ]
        const more = [`swift_store_auth_address = ${fake.url}/auth/v1.0`, 'swift_store_key = testing']
        const {url, stop} = await run([...lines, ...more, `swift_store_create_container_on_put = ${value}`])
        assert.deepEqual([url !== '', exists], [isCreated, isCreated])
        await stop()
      }
    },
    swift_store_large_object_size: async () => {
      const {service, fake} = await swift(['swift_store_large_object_size = 1'])
      assert.equal(await upload(service, Buffer.alloc(1.5 * 1024 * 1024)), 'active')
      assert.ok([...fake.objects.values()].some(({segments}) => segments !== undefined))
    },
    swift_store_large_object_chunk_size: async () => {
      const sizes = ['swift_store_large_object_size = 1', 'swift_store_large_object_chunk_size = 1']
      const {service, fake} = await swift(sizes)
      assert.equal(await upload(service, Buffer.alloc(2.5 * 1024 * 1024)), 'active')
      const manifest = [...fake.objects.values()].find(({segments}) => segments !== undefined)
      assert.equal(manifest?.segments?.length, 3)
    },
    s3_store_host: async () => assert.ok((await s3({})).fake.calls.length > 0),
    s3_store_access_key: async () =>
      assert.match(
        await signedRequest(['s3_store_access_key = AKIAEXAMPLE', 's3_store_secret_key = s']),
        /Credential=AKIAEXAMPLE\//,
      ),
    s3_store_secret_key: async () => {
      assert.match(
        await signedRequest(['s3_store_access_key = a', 's3_store_secret_key = s']),
        /Signature=[0-9a-f]{64}/,
      )
      const lines = ['default_store = s3', 's3_store_bucket = images', 's3_store_access_key = a']
      assert.match((await run(lines)).text(), /requires s3_store_secret_key/)
    },
    s3_store_bucket: async () => {
      const {service} = await s3({})
      assert.equal(await upload(service), 'active')
      const {stores} = (await (await fetch(`${service.url}/v2/info/stores/detail`)).json()) as {
        stores: {properties?: {bucket?: string}}[]
      }
      assert.equal(stores[0]?.properties?.bucket, 'images')
    },
    s3_store_create_bucket_on_put: async () => {
      for (const [value, isCreated] of [
        ['False', false],
        ['True', true],
      ] as const) {
        const {fake, service} = await s3({s3_store_create_bucket_on_put: value}, one => {
          one.hasBucket = false
        })
        assert.deepEqual([fake.hasBucket, service.url !== ''], [isCreated, isCreated])
        await service.stop()
      }
    },
    registry_host: async () => {
      const {asked, run: ended} = await askRegistry()
      assert.ok(asked.length > 0)
      assert.match(ended.text(), /registry/)
    },
    registry_port: async () => {
      const {asked, port} = await askRegistry()
      assert.ok(asked.includes(`127.0.0.1:${port}`), asked.join('\n'))
    },
    sql_connection: async () => {
      await run([`sql_connection = sqlite:///${at('registry.db')}`])
      await access(at('registry.db'))
    },
    sql_timeout: async () => {
      const server = net.createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      closing.push(() => server.close())
      const {port} = server.address() as AddressInfo
      const lines = [`sql_connection = postgres://glance@127.0.0.1:${port}/glance`, 'sql_timeout = 1']
      const {code, text} = await run(lines)
      assert.equal(code, 6, text())
    },
    notifier_strategy: async () => {
      const {url, text, stop} = await run(['notifier_strategy = logging'])
      const headers = {'content-type': 'application/json'}
      await fetch(`${url}/v2/images`, {method: 'POST', headers, body: '{}'})
      await stop()
      assert.match(text(), /notification .*image\.create/)
    },
    // Each of them would be elsewhere without its setting.
    rabbit_host: async () => assert.equal(await notify({rabbit_host: '127.0.0.2'}, 'begins'), 'begins AMQP'),
    rabbit_port: async () => assert.equal(await notify({}, 'begins'), 'begins AMQP'),
    rabbit_use_ssl: async () => assert.equal(await notify({rabbit_use_ssl: 'True'}, 'begins'), 'begins TLS'),
    rabbit_userid: async () => assert.equal(await notify({rabbit_userid: 'me'}, 'user'), 'user me guest'),
    rabbit_password: async () => assert.equal(await notify({rabbit_password: 'x'}, 'user'), 'user guest x'),
    rabbit_virtual_host: async () =>
      assert.equal(await notify({rabbit_virtual_host: 'v'}, 'vhost'), 'vhost v'),
    rabbit_notification_topic: async () =>
      assert.equal(await notify({rabbit_notification_topic: 't'}, 'publish'), 'publish t.INFO'),
  }

  for (const [name, see] of Object.entries(rows)) it(`${name} has its effect`, see)

  it('are all here', () => {
    assert.deepEqual(Object.keys(rows), MANUAL)
  })
})
