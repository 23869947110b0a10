/** Failures of an upload: what is printed, how the tool ends, and what remains. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {PassThrough, Readable} from 'node:stream'
import {createInterrupt, createPipe} from '../support/command-line.js'
import {glance, type RunResult} from '../support/fake-io.js'
import {type Running, startGlance} from '../support/glance-process.js'
import {cutAt, startInterferingProxy} from '../support/http/interfering-proxy.js'
import {serve, serveSockets} from '../support/http/serve.js'
import {startService, type TestService} from '../support/test-service.js'

const MIB = Buffer.alloc(1024 * 1024, 7)

describe('failures of an upload', () => {
  let service: TestService
  before(async () => {
    service = await startService()
  })
  after(() => service.close())
  /** The images of earlier tests, which remain in the list as deleted ones. */
  let earlier: readonly string[] = []
  beforeEach(async () => {
    earlier = (await list()).map(({id}) => id)
  })
  afterEach(() => service.clear())

  async function list(): Promise<{id: string; status: string}[]> {
    const reply = await fetch(`${service.url}/v1/images/detail?is_public=None&changes-since=2000-01-01`)
    return ((await reply.json()) as {images: {id: string; status: string}[]}).images
  }

  /** Status of every image of this test. */
  async function statuses(): Promise<string[]> {
    return (await list()).filter(({id}) => !earlier.includes(id)).map(({status}) => status)
  }

  interface Upload {
    readonly stdin: PassThrough
    readonly ended: Promise<RunResult>
    readonly interrupt: () => void
  }

  /** Starts an upload, and waits until the service has its image. */
  async function startUpload(argv: readonly string[] = ['add', 'name=x']): Promise<Upload> {
    const {signal, interrupt} = createInterrupt()
    const stdin = new PassThrough()
    const ended = glance(['--url', `${service.url}/v1`, ...argv], {stdin, signal})
    const part = createPipe(MIB)
    part.pipe(stdin, {end: false})
    await Promise.all([waitForStatus('saving'), once(part, 'end')])
    return {stdin, ended, interrupt}
  }

  async function startProcess(): Promise<Running> {
    const running = startGlance(['add', 'name=x'], `${service.url}/v1`, 'pipe')
    running.process.stdin?.on('error', () => {})
    running.process.stdin?.write(MIB)
    await waitForStatus('saving')
    return running
  }

  async function waitForStatus(status: string): Promise<void> {
    while ((await statuses())[0] !== status);
  }

  const INTERRUPTED = /^glance: interrupted by SIGINT\n {2}Its image record, [-0-9a-f]{36}, was deleted\.\n$/

  it('an interruption ends the upload, and deletes the image', async () => {
    const {interrupt, ended} = await startUpload()
    interrupt()
    const {code, stdout, stderr} = await ended
    assert.deepEqual([code, stdout], [130, ''])
    assert.match(stderr, INTERRUPTED)
    assert.deepEqual(await statuses(), ['deleted'])
    assert.deepEqual(await service.remaining(), [])
  })

  it('SIGINT does the same in a process', async () => {
    const {process, ended} = await startProcess()
    process.kill('SIGINT')
    const {code, stdout, stderr} = await ended
    assert.deepEqual([code, stdout, await statuses()], [130, '', ['deleted']])
    assert.match(stderr, INTERRUPTED)
  })

  it('SIGKILL leaves no image either', async () => {
    const {process, ended} = await startProcess()
    process.kill('SIGKILL')
    assert.equal((await ended).signal, 'SIGKILL')
    await waitForStatus('killed')
    assert.deepEqual(await service.remaining(), [])
  })

  it('a producer that dies half-way is noticed when the size was given', async () => {
    const {stdin, ended} = await startUpload(['add', 'name=x', 'size=2097152'])
    stdin.end()
    const {code, stderr} = await ended
    assert.equal(code, 7)
    assert.match(stderr, /^glance: .+\n/)
    assert.deepEqual(await statuses(), ['deleted'])
    assert.deepEqual(await service.remaining(), [])
  })

  it('a wrong checksum is refused, and nothing is stored', async () => {
    const {stdin, ended} = await startUpload(['add', 'name=x', 'checksum=00000000000000000000000000000000'])
    stdin.end()
    const {code, stderr} = await ended
    assert.equal(code, 7)
    assert.match(stderr, /checksum/i)
    assert.deepEqual(await statuses(), ['deleted'])
    assert.deepEqual(await service.remaining(), [])
  })

  /** Runs an upload whose data does not end. */
  function sendWithoutEnd(url: string): Promise<RunResult> {
    const stdin = Readable.from(
      (function* () {
        for (;;) yield MIB
      })(),
      {highWaterMark: 1},
    )
    return glance(['--retries=0', '--url', url, 'add', 'name=x'], {stdin})
  }

  it('a service that hangs up in the middle is named', async () => {
    const bad = await startInterferingProxy(service.port, {watch: cutAt(MIB.length)})
    const {code, stdout, stderr} = await sendWithoutEnd(`${bad.url}/v1`)
    assert.deepEqual([code, stdout], [6, ''])
    assert.match(stderr, new RegExp(`^glance: .*${bad.port}`))
    await bad.close()
  })

  it('the reason is read from an HTML page with a 500', async () => {
    const page =
      '<html><head><title>500</title></head><body><h1>500 Internal Server Error</h1>The disk is on fire.<br /><br /></body></html>'
    const bad = await serve((request, answer) => {
      request.resume().on('end', () => answer.writeHead(500, {'content-type': 'text/html'}).end(page))
    })
    const argv = ['--url', `${bad.url}/v2`, 'add', 'name=x']
    const {code, stdout, stderr} = await glance(argv, {stdin: MIB})
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(stderr, /^glance: .+\n.*The disk is on fire\.\n/)
    assert.doesNotMatch(stderr, /[<>]/)
    await bad.close()
  })

  it('a response before the data is read is shown instead of the broken pipe', async () => {
    const bad = await serveSockets(socket =>
      socket.once('data', () => {
        socket.end(
          'HTTP/1.1 413 Request Entity Too Large\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n413 Request Entity Too Large\n\nToo large for you.',
        )
        socket.resume()
      }),
    )
    const {code, stderr} = await sendWithoutEnd(bad.url)
    assert.equal(code, 1)
    assert.match(stderr, /Too large for you\./)
    await bad.close()
  })

  it('a service that shuts down lets the upload finish', async () => {
    const {stdin, ended} = await startUpload()
    const closed = service.close()
    stdin.end(MIB)
    const {code, stdout} = await ended
    assert.equal(code, 0)
    assert.match(stdout, /^Added new image with ID: /)
    await closed
    service = await startService()
  })
})
