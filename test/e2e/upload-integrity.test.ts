/** Disturbed uploads: each ends complete and verified, or leaves nothing. */
import assert from 'node:assert/strict'
import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {PassThrough} from 'node:stream'
import {createInterrupt, runLine} from '../support/command-line.js'
import {glance, type RunResult} from '../support/fake-io.js'
import {interruptUntilEnd, startGlance} from '../support/glance-process.js'
import {cutAt, flip, type Interfere, startInterferingProxy} from '../support/http/interfering-proxy.js'
import {serve} from '../support/http/serve.js'
import {startService, type TestService} from '../support/test-service.js'

const MIB = 1024 * 1024
const SIZE = 8 * MIB
const ID = 'f9cec318-413d-4ca1-941e-d11d7b73edda'

describe('the integrity of an upload', () => {
  let service: TestService
  let folder: string
  before(async () => {
    service = await startService()
    folder = await mkdtemp(path.join(tmpdir(), 'glance-e2e-'))
    await writeFile(path.join(folder, 'data'), Buffer.alloc(SIZE, 'glance'))
    await writeFile(path.join(folder, 'ten'), '0123456789')
  })
  after(async () => {
    await service.close()
    await rm(folder, {recursive: true})
  })
  afterEach(() => service.clear())

  async function runThrough(meddle: Interfere, line: string, version = ''): Promise<RunResult> {
    const proxy = await startInterferingProxy(service.port, {watch: meddle})
    const ran = await runLine(line, folder, `${proxy.url}/${version}`, {TMPDIR: folder})
    await proxy.close()
    return ran
  }

  /** Status and size of every image that was not deleted. */
  async function images(): Promise<[string, number][]> {
    const reply = await fetch(`${service.url}/v1/images/detail?is_public=None&changes-since=2000-01-01`)
    const {images} = (await reply.json()) as {images: {status: string; size: number}[]}
    return images.filter(({status}) => status !== 'deleted').map(({status, size}) => [status, size])
  }

  for (const line of ['glance add name=x --file data', 'cat data | glance add name=x']) {
    it(`notices a byte that was changed in transit: ${line}`, async () => {
      const ran = await runThrough(flip(5 * MIB), line)
      assert.deepEqual([ran.code, ran.stdout], [7, ''])
      assert.match(
        ran.stderr,
        /^glance: the data of image \S+ does not match the data that was sent\n {2}the service computed the checksum [0-9a-f]{32}, expected 6d949e479a3ea02f0fa52a6e8bdfec80\n {2}Its image record, \S+, was deleted\.\n$/,
      )
      assert.deepEqual([await images(), await service.remaining()], [[], []])
    })
  }

  it('keeps a failed image with --keep-failed, and verifies nothing with --no-verify', async () => {
    const kept = await runThrough(flip(5 * MIB), 'glance add name=x --keep-failed --file data')
    assert.equal(kept.code, 7)
    assert.match(kept.stderr, /Its image record is kept\. Delete it with: glance delete [-0-9a-f]{36}\n$/)
    const unseen = await runThrough(flip(5 * MIB), 'glance add name=x --no-verify --file data')
    assert.deepEqual([unseen.code, unseen.stderr], [0, ''])
    assert.deepEqual(await images(), [
      ['active', SIZE],
      ['active', SIZE],
    ])
  })

  const positions = Array.from({length: 20}, (_, n) => Math.round((n / 19) * (SIZE + 600)))
  for (const position of positions) {
    it(`sends a file again when the connection is cut after ${position} bytes`, async () => {
      const ran = await runThrough(cutAt(position), 'glance add name=x --file data', 'v1')
      assert.ok(ran.code === 0 || ran.code === 6, ran.stderr)
      assert.deepEqual(await images(), ran.code === 0 ? [['active', SIZE]] : [])
      if (ran.code === 0 && position > MIB && position < SIZE)
        assert.match(ran.stderr, /sending the data again \(1 of 3\)/)
    })
  }

  it('does not send a pipe again, and says so', async () => {
    const ran = await runThrough(cutAt(4 * MIB), 'cat data | glance add name=x')
    assert.deepEqual([ran.code, ran.stdout], [6, ''])
    assert.match(ran.stderr, /Use --spool to keep a copy on disk/)
    assert.deepEqual(await images(), [])
  })

  it('sends a pipe again if there is a copy', async () => {
    const ran = await runThrough(cutAt(4 * MIB), 'cat data | glance add name=x --spool')
    assert.equal(ran.code, 0, ran.stderr)
    assert.deepEqual([await images(), await readdir(folder)], [[['active', SIZE]], ['data', 'ten']])
  })

  for (const percent of [10, 50, 99]) {
    it(`leaves nothing when it is interrupted at ${percent} %`, async () => {
      const {signal, interrupt} = createInterrupt()
      const stdin = new PassThrough()
      const ended = glance(['--url', service.url, 'add', 'name=x'], {stdin, signal})
      const part = Buffer.alloc(Math.floor((SIZE * percent) / 100))
      await new Promise(resolve => stdin.write(part, resolve))
      interrupt()
      const {code, stderr} = await ended
      assert.equal(code, 130)
      assert.match(stderr, /^glance: interrupted by SIGINT\n/)
      assert.deepEqual([await images(), await service.remaining()], [[], []])
    })
  }

  it('says what remains when it is interrupted twice', async () => {
    const deaf = await serve((request, answer) => {
      const isList = request.url === '/v1/images?limit=1'
      const isProbe = request.url?.startsWith('/v1') === true
      if (request.method === 'GET') answer.writeHead(isList ? 200 : isProbe ? 400 : 404).end()
      else if (request.method === 'DELETE') interruptUntilEnd(running)
      else request.once('data', () => running.process.kill('SIGINT'))
    })
    const running = startGlance(['--url', `${deaf.url}/v1`, 'add', 'name=x'], deaf.url, 'pipe')
    running.process.stdin?.on('error', () => {})
    running.process.stdin?.write(Buffer.alloc(MIB))
    const {code, stderr} = await running.ended
    assert.equal(code, 130)
    assert.match(
      stderr,
      /^glance: image ([-0-9a-f]{36}) was not deleted\. To delete it, run: glance delete \1\n$/,
    )
    await deaf.close()
  })

  describe('to a service of version 2', () => {
    const image = {id: ID, status: 'queued', visibility: 'shared', size: null, checksum: null}
    const stored = {...image, status: 'active', size: 10, checksum: '781e5e245d69b566979b86e28d23f2c7'}

    /** Responds to each PUT in turn, and to GET with the image of that time. */
    async function version2(puts: readonly (number | 'hang up')[], after: object) {
      const asked: string[] = []
      const waiting = [...puts]
      const server = await serve((request, answer) => {
        asked.push(`${request.method} ${(request.url ?? '').replace(ID, 'ID')}`)
        const respond = (status: number, body?: object): void => {
          answer.writeHead(status).end(body && JSON.stringify(body))
        }
        const answers: Record<string, () => void> = {
          POST: () => respond(201, image),
          GET: () => respond(200, waiting.length === 0 ? after : image),
          DELETE: () => respond(204),
          PUT: () => {
            const put = waiting.shift()
            if (put === 'hang up') request.socket.destroy()
            else respond(put ?? 500)
          },
        }
        request.resume().once('end', () => answers[request.method ?? '']?.())
      })
      return {server, asked}
    }

    const run = (url: string, words: string) =>
      runLine(`glance --url ${url}/v2 add name=x ${words}`, folder, url)

    it('is sent again when the image is queued again', async () => {
      const {server, asked} = await version2(['hang up', 503, 204], stored)
      const ran = await run(server.url, `--file ${folder}/ten`)
      assert.equal(ran.stdout, `Added new image with ID: ${ID}\n`, ran.stderr)
      assert.equal(asked.filter(line => line.startsWith('PUT')).length, 3)
      assert.match(ran.stderr, /\(1 of 3\)\n.*\(2 of 3\)\n$/s)
      await server.close()
    })

    it('is complete when only the response was lost', async () => {
      const {server, asked} = await version2(['hang up'], stored)
      const ran = await run(server.url, `--file ${folder}/ten`)
      assert.equal(ran.code, 0, ran.stderr)
      assert.equal(asked.filter(line => line.startsWith('PUT')).length, 1)
      await server.close()
    })

    for (const [name, wrong, why] of [
      ['stores less', {size: 9}, /the service stored 9 bytes, expected 10/],
      [
        'has another hash',
        {os_hash_algo: 'sha256', os_hash_value: 'ab'},
        /the service computed the sha256 ab, expected 84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882/,
      ],
    ] as const) {
      it(`is deleted when it ${name}`, async () => {
        const {server, asked} = await version2([204], {...stored, ...wrong})
        const ran = await run(server.url, `--file ${folder}/ten`)
        assert.deepEqual([ran.code, ran.stdout], [7, ''])
        assert.match(ran.stderr, why)
        assert.equal(asked.at(-1), 'DELETE /v2/images/ID')
        await server.close()
      })
    }
  })
})
