/** Disturbed transfers to and from a real Glance: each ends complete and verified, or leaves nothing. */
import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {readdir, readFile, stat, writeFile} from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'
import {type ProcessResult, type Running, startGlance} from '../support/glance-process.js'
import {
  atFirst,
  flip,
  type Interfere,
  type Interference,
  startInterferingProxy,
} from '../support/http/interfering-proxy.js'
import {type Served, serve} from '../support/http/serve.js'
import {useTempDir} from '../support/temp-dir.js'
import {IMAGE_URL, logIn} from './clouds.js'

const SIZE = 16 * 1024 * 1024
const DATA = randomBytes(SIZE)
const NAME = `transfers test ${process.pid}`
const GLANCE_PORT = Number(new URL(IMAGE_URL).port)

describe('transfers with a cloud', () => {
  const folder = useTempDir()
  const file = () => path.join(folder(), 'data')
  const out = () => path.join(folder(), 'out')
  let token = ''
  let route: Served | undefined
  let running: Running
  /** Interrupts once, since a second interruption exits at once. */
  const interrupt = () => void (running.process.killed || running.process.kill('SIGINT'))

  before(async () => {
    token = (await logIn('alpha')).token
  })
  beforeEach(() => writeFile(file(), DATA))
  afterEach(async () => {
    await route?.close()
    route = undefined
    for (const {id} of await images()) await call('DELETE', `/v2/images/${id}`)
  })

  function call(method: string, path: string): Promise<Response> {
    return fetch(IMAGE_URL + path, {method, headers: {'x-auth-token': token}})
  }

  /** Lists every image of the test, whatever its status. */
  async function images(): Promise<{id: string; status: string}[]> {
    const reply = await call('GET', `/v2/images?name=${encodeURIComponent(NAME)}`)
    return ((await reply.json()) as {images: {id: string; status: string}[]}).images
  }

  function glance(words: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore'): Running {
    running = startGlance(['--os-auth-token', token, ...words], `${route?.url ?? IMAGE_URL}/v2`, stdin)
    running.process.stdin?.on('error', () => {})
    return running
  }

  const add = (...words: string[]) => glance(['add', `name=${NAME}`, 'disk_format=raw', ...words]).ended

  async function startRoute(meddling: Interference): Promise<void> {
    route = await startInterferingProxy(GLANCE_PORT, meddling)
  }

  async function assertNothing(
    {code, stdout, stderr}: ProcessResult,
    expected: number,
    text: RegExp,
  ): Promise<void> {
    assert.deepEqual([code, stdout, await images()], [expected, '', []], stderr)
    assert.match(stderr, text)
  }

  /** Holds the first matching chunk back forever, and interrupts. */
  function interruptAt(isIt: (head: string) => boolean): Interfere {
    return atFirst(isIt, () => {
      interrupt()
      return Buffer.alloc(0)
    })
  }

  describe('upload', () => {
    it('notices a byte that was changed', async () => {
      await startRoute({watch: flip(SIZE / 2)})
      await assertNothing(
        await add('--file', file()),
        7,
        /does not match the data that was sent\n.*(checksum|sha512).*\n.*was deleted/,
      )
    })

    it('notices that less was stored', async () => {
      route = await serve(shortenUpload)
      await assertNothing(
        await add('--file', file()),
        7,
        new RegExp(`stored ${SIZE - 1} bytes, expected ${SIZE}\n`),
      )
    })

    for (const percent of [10, 50, 99]) {
      it(`leaves nothing when it is interrupted at ${percent} %`, async () => {
        const {process, ended} = glance(['add', `name=${NAME}`, 'disk_format=raw'], 'pipe')
        await new Promise(resolve => process.stdin?.write(DATA.subarray(0, (SIZE * percent) / 100), resolve))
        interrupt()
        await assertNothing(await ended, 130, /^glance: interrupted by SIGINT\n.* was deleted\.\n$/)
      })
    }

    it('leaves nothing when it is interrupted after the last byte', async () => {
      await startRoute({down: interruptAt(head => head.startsWith('HTTP/1.1 204'))})
      const ran = await add('--file', file())
      await assertNothing(ran, 130, /^glance: interrupted by SIGINT\n.* was deleted\.\n$/)
    })

    it('leaves nothing when it is interrupted before the response to the new record', async () => {
      await startRoute({down: interruptAt(head => head.startsWith('HTTP/1.1 201'))})
      await assertNothing(await add('--file', file()), 130, /^glance: interrupted by SIGINT\n/)
    })
  })

  describe('download', () => {
    beforeEach(async () => {
      assert.equal((await add('--file', file())).code, 0)
    })
    const download = (...words: string[]) => glance(['download', NAME, '--file', out(), ...words]).ended

    it('notices a byte that was changed', async () => {
      await startRoute({down: flip(SIZE / 2)})
      const {code, stderr} = await download()
      assert.deepEqual([code, await readdir(folder())], [7, ['data']])
      assert.match(stderr, /its sha512 is .*\n {2}Nothing was saved/)
    })

    for (const percent of [10, 50, 99]) {
      it(`resumes when it was interrupted at ${percent} %`, async () => {
        await startRoute({
          down: (chunk, position) => {
            if (position + chunk.length < (SIZE * percent) / 100) return chunk
            interrupt()
            return Buffer.alloc(0)
          },
        })
        const {code, stderr} = await download()
        assert.deepEqual([code, await readdir(folder())], [130, ['data', 'out.part']], stderr)
        assert.match(stderr, /^glance: interrupted by SIGINT\n.*--resume continues from there\.\n$/)
        const {size} = await stat(`${out()}.part`)
        assert.ok((await readFile(`${out()}.part`)).equals(DATA.subarray(0, size)))
        await route?.close()
        route = undefined
        assert.equal((await download('--resume')).code, 0)
        assert.ok((await readFile(out())).equals(DATA))
      })
    }

    it('is complete or not renamed when it is interrupted after the last byte', async () => {
      let passed = 0
      await startRoute({
        down: chunk => {
          passed += chunk.length
          if (passed > SIZE) interrupt()
          return chunk
        },
      })
      const {code} = await download()
      assert.deepEqual(await readdir(folder()), ['data', code === 0 ? 'out' : 'out.part'])
      if (code !== 0) assert.equal(code, 130)
      const data = await readFile(code === 0 ? out() : `${out()}.part`)
      assert.ok(data.equals(DATA.subarray(0, data.length)))
    })
  })
})

/** Forwards everything to the cloud except the last byte of the data. */
function shortenUpload(request: http.IncomingMessage, response: http.ServerResponse): void {
  const {method, url: path, headers} = request
  const isData = method === 'PUT'
  const {'x-openstack-image-size': _, 'content-length': length, ...rest} = headers
  const onwards = http.request(IMAGE_URL + path, {
    method,
    headers: {...rest, ...(length && {'content-length': String(Number(length) - (isData ? 1 : 0))})},
  })
  onwards.on('response', answer => {
    response.writeHead(answer.statusCode ?? 500, answer.headers)
    answer.pipe(response)
  })
  let left = isData ? SIZE - 1 : Number.POSITIVE_INFINITY
  request.on('data', (chunk: Buffer) => {
    onwards.write(chunk.subarray(0, left))
    left = Math.max(0, left - chunk.length)
  })
  request.on('end', () => onwards.end())
}
