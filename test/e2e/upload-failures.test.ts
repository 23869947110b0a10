/** Failures of an upload: what is printed, how the process ends, and what remains. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {setTimeout as delay} from 'node:timers/promises'
import {type ProcessResult, type Running, startGlance} from '../support/glance-process.js'
import {serve, serveSockets} from '../support/http/serve.js'
import {startService, type TestService} from '../support/test-service.js'

const MIB = Buffer.alloc(1024 * 1024, 7)

describe('failures of an upload', () => {
  let service: TestService
  beforeEach(async () => {
    service = await startService()
  })
  afterEach(() => service.close())

  /** Status of every image. */
  async function statuses(): Promise<string[]> {
    const reply = await fetch(`${service.url}/v1/images/detail?is_public=None&changes-since=2000-01-01`)
    const {images} = (await reply.json()) as {images: {status: string}[]}
    return images.map(({status}) => status)
  }

  /** Starts an upload, and waits until the service has its image. */
  async function startUpload(argv: readonly string[] = ['add', 'name=x']): Promise<Running> {
    const running = startGlance(argv, `${service.url}/v1`, 'pipe')
    running.process.stdin?.on('error', () => {})
    running.process.stdin?.write(MIB)
    await waitUntil(async () => (await statuses()).includes('saving'))
    return running
  }

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 130],
    ['SIGHUP', 130],
  ] as const) {
    it(`${signal} ends the upload, and deletes the image`, async () => {
      const {process, ended} = await startUpload()
      process.kill(signal)
      const {code: exit, stdout, stderr} = await ended
      assert.deepEqual([exit, stdout], [code, ''])
      assert.match(
        stderr,
        /^glance: interrupted by SIG(INT|TERM|HUP)\n {2}Its image record, [-0-9a-f]{36}, was deleted\.\n$/,
      )
      assert.deepEqual(await statuses(), ['deleted'])
      assert.deepEqual(await service.remaining(), [])
    })
  }

  it('SIGKILL leaves no image either', async () => {
    const {process, ended} = await startUpload()
    process.kill('SIGKILL')
    assert.equal((await ended).signal, 'SIGKILL')
    await waitUntil(async () => (await statuses())[0] === 'killed')
    assert.deepEqual(await service.remaining(), [])
  })

  it('a producer that dies half-way is noticed when the size was given', async () => {
    const {process, ended} = await startUpload(['add', 'name=x', 'size=2097152'])
    process.stdin?.end()
    const {code, stderr} = await ended
    assert.equal(code, 7)
    assert.match(stderr, /^glance: .+\n/)
    assert.deepEqual(await statuses(), ['deleted'])
    assert.deepEqual(await service.remaining(), [])
  })

  it('a wrong checksum is refused, and nothing is stored', async () => {
    const {process, ended} = await startUpload(['add', 'name=x', 'checksum=00000000000000000000000000000000'])
    process.stdin?.end()
    const {code, stderr} = await ended
    assert.equal(code, 7)
    assert.match(stderr, /checksum/i)
    assert.deepEqual(await statuses(), ['deleted'])
    assert.deepEqual(await service.remaining(), [])
  })

  /** Writes data until the tool ends, and ignores errors. */
  async function sendUntilItEnds({process, ended}: Running): Promise<ProcessResult> {
    const done = ended.then(() => 'ended' as const)
    process.stdin?.on('error', () => {})
    for (;;) {
      if (process.stdin?.write(MIB)) continue
      const drained = once(process.stdin ?? process, 'drain').then(() => 'drained' as const)
      if ((await Promise.race([done, drained.catch(() => done)])) === 'ended') return ended
    }
  }

  it('a service that hangs up in the middle is named', async () => {
    const bad = await serveSockets(socket =>
      socket.once('data', () => setTimeout(() => socket.resetAndDestroy(), 50)),
    )
    const {code, stdout, stderr} = await sendUntilItEnds(
      startGlance(['--retries=0', 'add', 'name=x'], bad.url, 'pipe'),
    )
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
    const running = startGlance(['add', 'name=x'], `${bad.url}/v2`, 'pipe')
    running.process.stdin?.on('error', () => {}).end(MIB)
    const {code, stdout, stderr} = await running.ended
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
    const {code, stderr} = await sendUntilItEnds(startGlance(['add', 'name=x'], bad.url, 'pipe'))
    assert.equal(code, 1)
    assert.match(stderr, /Too large for you\./)
    await bad.close()
  })

  it('a service that shuts down lets the upload finish', async () => {
    const {process, ended} = await startUpload()
    const closed = service.close()
    process.stdin?.end(MIB)
    const {code, stdout} = await ended
    assert.equal(code, 0)
    assert.match(stdout, /^Added new image with ID: /)
    await closed
  })
})

/** Polls until the condition is true. */
async function waitUntil(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await delay(10)
}
