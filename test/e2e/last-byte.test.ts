/** Interruptions behind the last byte: all of an image is there, but nobody has said so yet. */
import assert from 'node:assert/strict'
import {readdir, readFile, stat, truncate, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {IMAGE_ID, type ImageServer, serveImage} from '../support/image-server.js'
import {atFirst, type Meddle, startProxy} from '../support/proxy.js'
import type {Served} from '../support/serve.js'
import {startService, type TestService} from '../support/service.js'
import {useTempDir} from '../support/temp-dir.js'
import {type Ended, type Running, tool} from '../support/tool.js'

const MIB = 1024 * 1024
const DATA = Buffer.alloc(4 * MIB, 'glance')

/** Keeps the first chunk of this kind back for ever. */
function holding(isIt: (head: string) => boolean, onHeld: () => void): Meddle {
  return atFirst(isIt, () => {
    onHeld()
    return Buffer.alloc(0)
  })
}

describe('an upload that is interrupted behind its last byte', () => {
  const folder = useTempDir()
  let service: TestService
  let proxy: Served
  let running: Running
  const interrupt = () => void running.process.kill('SIGINT')
  beforeEach(async () => {
    service = await startService()
    await writeFile(path.join(folder(), 'data'), DATA)
  })
  afterEach(async () => {
    await proxy.close()
    await service.close()
  })

  /** Status of every image that was not deleted. */
  async function statuses(): Promise<string[]> {
    const reply = await fetch(`${service.url}/v1/images/detail?is_public=None&changes-since=2000-01-01`)
    const {images} = (await reply.json()) as {images: {status: string}[]}
    return images.map(({status}) => status).filter(status => status !== 'deleted')
  }

  function add(version: string, source: 'file' | 'pipe'): Promise<Ended> {
    const words = source === 'file' ? ['--file', path.join(folder(), 'data')] : []
    running = tool(['add', 'name=x', ...words], `${proxy.url}/${version}`, 'pipe')
    running.process.stdin?.on('error', () => {}).end(source === 'pipe' ? DATA : undefined)
    return running.ended
  }

  /** The answer that is awaited when all is there. */
  const answerTo = {
    v1: () => (head: string) => head.startsWith('HTTP/1.1 201'),
    v2: () => (head: string) => head.startsWith('HTTP/1.1 204'),
    'the verification of v2': () => {
      let isStored = false
      return (head: string) => {
        const is = isStored
        isStored ||= head.startsWith('HTTP/1.1 204')
        return is
      }
    },
  }
  for (const [name, isIt] of Object.entries(answerTo)) {
    const version = name.slice(-2)
    for (const source of ['file', 'pipe'] as const) {
      it(`leaves nothing of a ${source}: ${name}`, async () => {
        let there: Promise<string[]> | undefined
        const down = holding(isIt(), () => {
          there = statuses()
          void there.then(interrupt)
        })
        proxy = await startProxy(service.port, {down})
        const {code, stdout, stderr} = await add(version, source)
        assert.deepEqual([code, stdout, await there], [130, '', ['active']])
        assert.match(
          stderr,
          /^glance: interrupted by SIGINT\n {2}Its image record, [-0-9a-f]{36}, was deleted\.\n$/,
        )
        assert.deepEqual([await statuses(), await service.stored()], [[], []])
      })
    }

    it(`says what is left behind when it is interrupted twice: ${name}`, async () => {
      // Sooner it would count as the same interruption, come twice.
      const again = () => void setTimeout(interrupt, 400)
      const up = holding(head => head.startsWith('DELETE '), again)
      proxy = await startProxy(service.port, {up, down: holding(isIt(), interrupt)})
      const {code, stdout, stderr} = await add(version, 'file')
      assert.deepEqual([code, stdout, await statuses()], [130, '', ['active']])
      const told = /^glance: image ([-0-9a-f]{36}) was not deleted\. To delete it, run: glance delete \1\n$/
      const [, id = ''] = told.exec(stderr) ?? assert.fail(stderr)
      const {code: deleted} = await tool(['delete', '--force', id], service.url).ended
      assert.deepEqual([deleted, await statuses()], [0, []])
    })
  }
})

describe('a download that is interrupted behind its last byte', () => {
  const folder = useTempDir()
  let server: ImageServer
  afterEach(() => server.close())
  const start = (words: readonly string[]) => tool(['download', IMAGE_ID, ...words], `${server.url}/v2`)
  const file = () => ['--file', path.join(folder(), 'out')]

  /** Interrupts when a line of progress says that. */
  async function interruptedAt(progress: string, words: readonly string[]): Promise<Ended> {
    const running = start([...words, '--progress=json', '--progress-interval=1'])
    let seen = ''
    running.process.stderr?.on('data', function interrupt(text) {
      seen += text
      if (!seen.includes(progress)) return
      running.process.stderr?.off('data', interrupt)
      running.process.kill('SIGINT')
    })
    return running.ended
  }

  it('keeps what has arrived, and verifies it the next time', async () => {
    server = await serveImage({data: DATA, neverEnds: answer => answer === 1})
    const {code, stderr} = await interruptedAt(`"bytes":${DATA.length},`, file())
    assert.deepEqual([code, await readdir(folder())], [130, ['out.part']])
    assert.match(stderr, /\nglance: interrupted by SIGINT\n {2}The data so far is in .*; --resume continues/)
    const again = await start([...file(), '--resume']).ended
    assert.deepEqual([again.code, again.stderr, await readdir(folder())], [0, '', ['out']])
    assert.equal(server.ranges.length, 1)
  })

  it('ends while it verifies what is on the disk', async () => {
    const size = 64 * 1024 * MIB
    server = await serveImage({data: DATA, image: {size}})
    const part = path.join(folder(), 'out.part')
    await writeFile(part, '')
    await truncate(part, size)
    const {code, stderr} = await interruptedAt('"name":"Checking an image"', [...file(), '--resume'])
    assert.deepEqual([code, (await stat(part)).size], [130, size])
    assert.match(stderr, /\nglance: interrupted by SIGINT\n {2}The data so far is in .*; --resume continues/)
  })

  it('ends though the end of the data in a pipe is awaited', async () => {
    server = await serveImage({data: DATA, neverEnds: () => true})
    const {code, stderr} = await interruptedAt(`"bytes":${DATA.length},`, [])
    assert.equal(code, 130)
    assert.match(stderr, /\nglance: interrupted by SIGINT\n$/)
  })
})

describe('a download whose connection breaks behind its last byte', () => {
  const folder = useTempDir()

  it('is complete', async () => {
    const server = await serveImage({data: DATA, breaksAfter: () => DATA.length, neverEnds: () => true})
    const ran = await tool(['download', IMAGE_ID, '--file', path.join(folder(), 'out')], `${server.url}/v2`)
      .ended
    assert.deepEqual([ran.code, ran.stderr, server.ranges.length], [0, '', 1])
    assert.ok((await readFile(path.join(folder(), 'out'))).equals(DATA))
    await server.close()
  })
})
