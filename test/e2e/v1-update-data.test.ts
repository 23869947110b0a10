/** The data of a queued image over version 1: it is sent again if that can help, and else the error says what remains. */
import assert from 'node:assert/strict'
import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {createInterrupt, createPipe} from '../support/command-line.js'
import {glance, type RunResult} from '../support/fake-io.js'
import {
  atFirst,
  type Cut,
  flip,
  type Interference,
  startInterferingProxy,
} from '../support/http/interfering-proxy.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'

const DATA = Buffer.alloc(8 * 1024 * 1024, 'glance')
const BROKEN: Cut = {rest: Buffer.alloc(0), how: 'reset'}

describe('data for a queued image of version 1', () => {
  const folder = useTempDir()
  let service: TestService
  let id: string
  before(async () => {
    service = await startService()
  })
  after(() => service.close())
  beforeEach(async () => {
    const {stdout} = await glance(['--url', `${service.url}/v1`, 'add', 'name=x', 'disk_format=raw'])
    id = stdout.trim().split(': ')[1] ?? ''
    await writeFile(path.join(folder(), 'data'), DATA)
  })

  interface Run {
    readonly source?: 'file' | 'pipe'
    readonly version?: 'v1' | 'v2'
    readonly words?: readonly string[]
    readonly signal?: AbortSignal
  }

  async function update(meddling: Interference, run: Run = {}): Promise<RunResult> {
    const {source = 'file', version = 'v1', words: more = [], signal} = run
    const proxy = await startInterferingProxy(service.port, meddling)
    const words = source === 'file' ? [...more, '--file', path.join(folder(), 'data')] : more
    const stdin = source === 'pipe' ? createPipe(DATA) : ''
    const argv = ['--url', `${proxy.url}/${version}`, 'update', id, ...words]
    const ran = await glance(argv, {stdin, ...(signal && {signal})})
    await proxy.close()
    return ran
  }

  async function status(): Promise<string | null> {
    const reply = await fetch(`${service.url}/v1/images/${id}`, {method: 'HEAD'})
    return reply.headers.get('x-image-meta-status')
  }

  const isPut = (head: string) => head.startsWith('PUT ')

  /** Forwards this number of bytes of the request that sends the data. */
  function cutAfter(bytes: number, then: () => Buffer | Cut): Interference {
    let left = Number.POSITIVE_INFINITY
    return {
      watch: chunk => {
        if (isPut(chunk.toString('latin1', 0, 4))) left = bytes
        left -= chunk.length
        if (left > 0) return chunk
        left = Number.POSITIVE_INFINITY
        return then()
      },
    }
  }

  /** Acts instead of the response to the data. */
  function cutAtAnswer(act: () => Buffer | Cut): Interference {
    let isSent = false
    const up = (chunk: Buffer) => {
      isSent ||= isPut(chunk.toString('latin1', 0, 4))
      return chunk
    }
    return {watch: up, down: atFirst(() => isSent, act)}
  }

  it('is sent again when nothing of it has arrived', async () => {
    const {code, stderr} = await update({watch: atFirst(isPut, () => BROKEN)})
    assert.deepEqual([code, await status()], [0, 'active'], stderr)
    assert.match(stderr, /^note: the connection to .* broke: .*; sending the data again \(1 of 3\)\n$/)
  })

  it('is complete when only the response was lost', async () => {
    const {code, stderr} = await update(cutAtAnswer(() => BROKEN))
    assert.deepEqual([code, await status()], [0, 'active'], stderr)
  })

  for (const source of ['file', 'pipe'] as const) {
    it(`leaves the image killed when a ${source} breaks off in the middle, and says so`, async () => {
      const {code, stdout, stderr} = await update(
        cutAfter(4_000_000, () => BROKEN),
        {source},
      )
      assert.deepEqual([code, stdout, await status()], [6, '', 'killed'])
      const why = `Image ${id} is now "killed" and cannot take data. Delete it with: glance delete ${id}\n`
      assert.ok(stderr.endsWith(why), stderr)
      assert.equal(/data from a pipe cannot be sent again/.test(stderr), source === 'pipe')
    })
  }

  it('leaves the image killed when it is interrupted, and says so', async () => {
    const {signal, interrupt} = createInterrupt()
    const stopping = cutAfter(4_000_000, () => {
      interrupt()
      return Buffer.alloc(0)
    })
    const {code, stderr} = await update(stopping, {signal})
    assert.deepEqual([code, await status()], [130, 'killed'])
    assert.match(stderr, /^glance: interrupted by SIGINT\n {2}Image \S+ is now "killed" and cannot take data/)
  })

  it('says that the image has its data when it is interrupted before the response', async () => {
    const {signal, interrupt} = createInterrupt()
    const {code, stderr} = await update(
      cutAtAnswer(() => {
        interrupt()
        return Buffer.alloc(0)
      }),
      {signal},
    )
    assert.deepEqual([code, await status()], [130, 'active'])
    assert.match(stderr, /^glance: interrupted by SIGINT\n {2}Image \S+ is active, with the data/)
  })

  for (const version of ['v1', 'v2'] as const) {
    it(`of ${version} that was changed in transit is reported`, async () => {
      const {code, stdout, stderr} = await update({watch: flip(4_000_000)}, {version})
      assert.deepEqual([code, stdout, await status()], [7, '', 'active'])
      const advice = `  Image ${id} is active, with the data that arrived. Delete it with: glance delete ${id}\n`
      assert.ok(stderr.endsWith(advice), stderr)
    })

    it(`of ${version} that is not as long as announced is not sent`, async () => {
      const {code, stderr} = await update({}, {version, words: ['size=8388607']})
      assert.deepEqual([code, await status()], [7, 'queued'])
      assert.match(stderr, /\n {2}it has 8388608 bytes, and size=8388607 was given\n$/)
    })
  }

  it('does not change an image that accepts none', async () => {
    await update({})
    const {code, stderr} = await update({})
    assert.deepEqual([code, await status()], [5, 'active'])
    assert.doesNotMatch(stderr, /killed/)
  })
})
