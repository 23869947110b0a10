/** Interruptions after the last byte: the data is complete, but not yet acknowledged. */
import assert from 'node:assert/strict'
import {readdir, readFile, stat, truncate, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {createInterrupt, createPipe} from '../support/command-line.js'
import {glance, type RunResult, type World} from '../support/fake-io.js'
import {interruptUntilEnd, type Running, startGlance} from '../support/glance-process.js'
import {IMAGE_ID, type ImageServer, serveImage} from '../support/http/image-server.js'
import {atFirst, type Interfere, startInterferingProxy} from '../support/http/interfering-proxy.js'
import type {Served} from '../support/http/serve.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'

const MIB = 1024 * 1024
const DATA = Buffer.alloc(4 * MIB, 'glance')

const NOT_DELETED = /^glance: image ([-0-9a-f]{36}) was not deleted\. To delete it, run: glance delete \1$/

/** Holds the first matching chunk back forever. */
function holdAfter(isIt: (head: string) => boolean, onHeld: () => void): Interfere {
  return atFirst(isIt, () => {
    onHeld()
    return Buffer.alloc(0)
  })
}

describe('an upload that is interrupted after its last byte', () => {
  const folder = useTempDir()
  let service: TestService
  let proxy: Served
  let signal: AbortSignal
  let interrupt: () => void
  before(async () => {
    service = await startService()
  })
  after(() => service.close())
  beforeEach(async () => {
    const {signal: fresh, interrupt: abort} = createInterrupt()
    signal = fresh
    interrupt = abort
    await writeFile(path.join(folder(), 'data'), DATA)
  })
  afterEach(async () => {
    await proxy.close()
    await service.clear()
  })

  /** Status of every image that was not deleted. */
  async function statuses(): Promise<string[]> {
    const reply = await fetch(`${service.url}/v1/images/detail?is_public=None&changes-since=2000-01-01`)
    const {images} = (await reply.json()) as {images: {status: string}[]}
    return images.map(({status}) => status).filter(status => status !== 'deleted')
  }

  const argvFor = (version: string, source: 'file' | 'pipe') => [
    ...['--url', `${proxy.url}/${version}`, 'add', 'name=x'],
    ...(source === 'file' ? ['--file', path.join(folder(), 'data')] : []),
  ]

  function add(version: string, source: 'file' | 'pipe', world: World = {}): Promise<RunResult> {
    const stdin = source === 'pipe' ? createPipe(DATA) : ''
    return glance(argvFor(version, source), {stdin, signal, ...world})
  }

  /** The response that is pending when the data is complete. */
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
        const down = holdAfter(isIt(), () => {
          there = statuses()
          void there.then(interrupt)
        })
        proxy = await startInterferingProxy(service.port, {down})
        const {code, stdout, stderr} = await add(version, source)
        assert.deepEqual([code, stdout, await there], [130, '', ['active']])
        assert.match(
          stderr,
          /^glance: interrupted by SIGINT\n {2}Its image record, [-0-9a-f]{36}, was deleted\.\n$/,
        )
        assert.deepEqual([await statuses(), await service.listStored()], [[], []])
      })
    }

    it(`says what remains when it is interrupted twice: ${name}`, async () => {
      let line: string | undefined
      let [atDelete, there] = ['', Promise.resolve<string[]>([])]
      const watch = atFirst(
        head => head.startsWith('DELETE '),
        chunk => {
          atDelete = line ?? ''
          return chunk
        },
      )
      const down = holdAfter(isIt(), () => {
        there = statuses()
        void there.then(interrupt)
      })
      proxy = await startInterferingProxy(service.port, {watch, down})
      const {code} = await add(version, 'file', {onForcedExit: text => (line = text)})
      assert.deepEqual([code, await there, await statuses()], [130, ['active'], []])
      assert.match(atDelete, NOT_DELETED)
    })
  }

  it('ends as a process when it is interrupted twice', async () => {
    let running: Running
    const watch = holdAfter(
      head => head.startsWith('DELETE '),
      () => interruptUntilEnd(running),
    )
    const down = holdAfter(answerTo['the verification of v2'](), () => void running.process.kill('SIGINT'))
    proxy = await startInterferingProxy(service.port, {watch, down})
    running = startGlance(argvFor('v2', 'file'), proxy.url)
    const {code, stdout, stderr} = await running.ended
    assert.deepEqual([code, stdout, await statuses()], [130, '', ['active']])
    const [, id = ''] = NOT_DELETED.exec(stderr.trimEnd()) ?? assert.fail(stderr)
    const {code: deleted} = await glance(['--url', service.url, 'delete', '--force', id])
    assert.deepEqual([deleted, await statuses()], [0, []])
  })
})

describe('a download that is interrupted after its last byte', () => {
  const folder = useTempDir()
  let server: ImageServer
  afterEach(() => server.close())
  const run = (words: readonly string[], world: World = {}) =>
    glance(['--url', `${server.url}/v2`, 'download', IMAGE_ID, ...words], world)
  const file = () => ['--file', path.join(folder(), 'out')]

  /** Interrupts when a line of progress contains the text. */
  function interruptAt(progress: string, words: readonly string[]): Promise<RunResult> {
    const {signal, interrupt} = createInterrupt()
    const onStderr = (text: string) => {
      if (text.includes(progress)) interrupt()
    }
    return run([...words, '--progress=json', '--progress-interval=1'], {signal, onStderr})
  }

  it('keeps the received bytes, and verifies them the next time', async () => {
    server = await serveImage({data: DATA, neverEnds: answer => answer === 1})
    const {code, stderr} = await interruptAt(`"bytes":${DATA.length},`, file())
    assert.deepEqual([code, await readdir(folder())], [130, ['out.part']])
    assert.match(stderr, /\nglance: interrupted by SIGINT\n {2}The data so far is in .*; --resume continues/)
    const again = await run([...file(), '--resume'])
    assert.deepEqual([again.code, again.stderr, await readdir(folder())], [0, '', ['out']])
    assert.equal(server.ranges.length, 1)
  })

  it('ends while it verifies the bytes on disk', async () => {
    const size = 64 * 1024 * MIB
    server = await serveImage({data: DATA, image: {size}})
    const part = path.join(folder(), 'out.part')
    await writeFile(part, '')
    await truncate(part, size)
    const {code, stderr} = await interruptAt('"name":"Checking an image"', [...file(), '--resume'])
    assert.deepEqual([code, (await stat(part)).size], [130, size])
    assert.match(stderr, /\nglance: interrupted by SIGINT\n {2}The data so far is in .*; --resume continues/)
  })

  it('ends while it waits for the end of the data in a pipe', async () => {
    server = await serveImage({data: DATA, neverEnds: () => true})
    const {code, stderr} = await interruptAt(`"bytes":${DATA.length},`, [])
    assert.equal(code, 130)
    assert.match(stderr, /\nglance: interrupted by SIGINT\n$/)
  })
})

describe('a download whose connection breaks after its last byte', () => {
  const folder = useTempDir()

  it('is complete', async () => {
    const server = await serveImage({data: DATA, breaksAfter: () => DATA.length, neverEnds: () => true})
    const words = ['download', IMAGE_ID, '--file', path.join(folder(), 'out')]
    const ran = await glance(['--url', `${server.url}/v2`, ...words])
    assert.deepEqual([ran.code, ran.stderr, server.ranges.length], [0, '', 1])
    assert.ok((await readFile(path.join(folder(), 'out'))).equals(DATA))
    await server.close()
  })
})
