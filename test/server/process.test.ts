/** The service as a process: killed, stopped, started again, started twice. */
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {writeFile} from 'node:fs/promises'
import net, {type AddressInfo} from 'node:net'
import {join} from 'node:path'
import {createInterface} from 'node:readline/promises'
import {fileURLToPath} from 'node:url'
import {openRegistry} from '../../src/server/registry/sqlite/open.js'
import {GLANCE} from '../support/glance-process.js'
import {startForeignSource} from '../support/http/foreign-source.js'
import {exchange, RawConnection} from '../support/http/raw-http.js'
import {useTempDir} from '../support/temp-dir.js'
import {listStoredImages, startService, type TestService} from '../support/test-service.js'
import {readState} from '../wire/v1/replay.js'

const ID = '00000001-0000-4000-8000-000000000000'
const META = `x-image-meta-id: ${ID}\r\nx-image-meta-disk_format: raw\r\nx-image-meta-container_format: bare\r\n`
const OCTETS = 'Content-Type: application/octet-stream\r\n'

/** An upload that announces more than it sends. */
const beginUpload = (length: number, sent: string) =>
  `POST /v1/images HTTP/1.1\r\nHost: localhost\r\n${META}${OCTETS}Content-Length: ${length}\r\n\r\n${sent}`

describe('service process', () => {
  const dataDir = useTempDir()
  const children: ChildProcess[] = []
  const opened: {close(): unknown}[] = []
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    for (const one of opened.splice(0)) await one.close()
  })

  /** Starts a service in this process, with the data of an earlier one. */
  async function startHere(): Promise<TestService> {
    const service = await startService({dataDir: dataDir()})
    opened.push(service)
    return service
  }

  /** Starts a service, and returns the process and its first line. */
  async function start(port = 0, shutdownSeconds = 5): Promise<readonly [ChildProcess, string]> {
    const script = fileURLToPath(new URL('./children/serve.js', import.meta.url))
    const args = [script, dataDir(), String(port), String(shutdownSeconds)]
    const child = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'ignore']})
    children.push(child)
    const [line] = (await once(createInterface({input: child.stdout!}), 'line')) as [string]
    return [child, line]
  }

  async function waitForState(port: number, state: string): Promise<void> {
    const deadline = Date.now() + 15_000
    let now = await readState(ID, port)
    while (now !== state && Date.now() < deadline) now = await readState(ID, port)
    assert.equal(now, state)
  }

  function connect(line: string): RawConnection {
    const connection = new RawConnection(toPort(line))
    opened.push(connection)
    return connection
  }

  const toPort = (line: string) => Number(new URL(line).port)
  const listStored = () => listStoredImages(dataDir())

  it('killed in the middle of an upload: the next start makes the image killed and removes what is left', async () => {
    const [child, line] = await start()
    const upload = connect(line)
    await upload.write(beginUpload(50_000_000, 'x'.repeat(5_000_000)))
    await waitForState(toPort(line), 'status=saving, size=0')
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.equal((await listStored()).length, 1)
    const next = await startHere()
    assert.equal(await readState(ID, next.port), 'status=killed, size=0')
    assert.deepEqual(await listStored(), [])
    assert.deepEqual(next.warnings, [
      'recovered from a crash: 1 unfinished images killed, 1 partial files removed',
    ])
  })

  it('stopped by SIGTERM: exits with 0 when pipelined requests were reset', async () => {
    const [child, line] = await start()
    const upload = connect(line)
    await upload.write(beginUpload(10, 'abc'))
    await waitForState(toPort(line), 'status=saving, size=0')
    const remove = `DELETE /v1/images/${ID} HTTP/1.1\r\nHost: localhost\r\n\r\n`
    await upload.write(`defghij${remove.repeat(1000)}`)
    upload.socket.resetAndDestroy()
    const closing = connect(line)
    await closing.write(
      `GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n${remove.repeat(1000)}`,
    )
    assert.equal((await closing.answer())?.status, 300)
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })

  it('stopped by SIGTERM: exits with 0 although its log is not read', async () => {
    const argv = [GLANCE, 'serve', '--port', '0', '--data-dir', dataDir()]
    const child = spawn(process.execPath, argv, {stdio: ['ignore', 'pipe', 'pipe']})
    children.push(child)
    const [line] = (await once(createInterface({input: child.stdout!}), 'line')) as [string]
    const port = toPort(line.replace('Listening on ', ''))
    // Each line of the log has the URL; together they are more than a pipe and its reader hold.
    for (let n = 0; n < 40; n++) {
      await exchange(port, `GET /v2/images/${'x'.repeat(16_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    }
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })

  it('stopped by SIGTERM: takes no new connection, finishes the upload, exits with 0', async () => {
    const [child, line] = await start()
    const upload = connect(line)
    await upload.write(beginUpload(10, 'abc'))
    await waitForState(toPort(line), 'status=saving, size=0')
    child.kill('SIGTERM')
    await waitUntilRefused(toPort(line))
    await upload.write('defghij')
    const answer = await upload.answer()
    assert.equal(answer?.status, 201)
    assert.equal(answer.headers.get('connection'), 'close')
    assert.deepEqual(await once(child, 'exit'), [0, null])
    assert.deepEqual(await listStored(), [ID])
  })

  it('stopped with an upload that does not end: it is broken at the deadline and the image killed', async () => {
    const [child, line] = await start(0, 0)
    const upload = connect(line)
    await upload.write(beginUpload(10, 'abc'))
    await waitForState(toPort(line), 'status=saving, size=0')
    child.kill('SIGTERM')
    const answer = await upload.answer()
    assert.equal(answer?.status, 503)
    assert.deepEqual(await once(child, 'exit'), [0, null])
    assert.deepEqual(await listStored(), [])
    const next = await startHere()
    assert.equal(await readState(ID, next.port), 'status=killed, size=0')
    assert.deepEqual(next.warnings, [])
  })

  it('a port in use is named', async () => {
    const other = net.createServer().listen(0, '127.0.0.1')
    opened.push(other)
    await once(other, 'listening')
    const {port} = other.address() as AddressInfo
    const [child, line] = await start(port)
    assert.equal(
      line,
      `failed: cannot listen on 127.0.0.1 port ${port}: another program listens there already`,
    )
    assert.deepEqual(await once(child, 'exit'), [1, null])
  })

  it('a data directory in use is named, with the process that uses it', async () => {
    const [first] = await start()
    const [second, line] = await start()
    assert.equal(
      line,
      `conflict: the data directory ${dataDir()} is in use: ` +
        `the service with process id ${first.pid} is running on it`,
    )
    assert.deepEqual(await once(second, 'exit'), [1, null])
  })

  it('an invalid data directory is named', async () => {
    await writeFile(join(dataDir(), 'images'), 'a file where a folder should be')
    const [child, line] = await start()
    assert.match(line, /^failed: cannot use .* as the data directory: E(EXIST|NOTDIR)/)
    assert.deepEqual(await once(child, 'exit'), [1, null])
  })

  it('starts a copy that an earlier service did not start', async () => {
    const source = await startForeignSource()
    opened.push(source)
    const registry = await openRegistry(join(dataDir(), 'registry.sqlite'))
    await registry.create({id: ID, location: `http://${source.host}/src.img`})
    await registry.close()
    const [, line] = await start()
    await waitForState(toPort(line), 'status=active, size=16, checksum=4032af8d61035123906e58e067140cc5')
  })
})

async function waitUntilRefused(port: number): Promise<void> {
  const deadline = Date.now() + 15_000
  while (Date.now() < deadline) {
    const refused = await exchange(port, 'GET /versions HTTP/1.1\r\nHost: localhost\r\n\r\n').then(
      () => false,
      () => true,
    )
    if (refused) return
  }
  assert.fail('the service still takes connections')
}
