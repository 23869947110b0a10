/** Data for an image that waits for it, on the way to version 1: sent again where that can help, else told what is left. */
import assert from 'node:assert/strict'
import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {atFirst, type Cut, flip, type Meddling, startProxy} from '../support/proxy.js'
import {startService, type TestService} from '../support/service.js'
import {useTempDir} from '../support/temp-dir.js'
import {type Ended, type Running, tool} from '../support/tool.js'

const DATA = Buffer.alloc(8 * 1024 * 1024, 'glance')
const BROKEN: Cut = {rest: Buffer.alloc(0), how: 'reset'}

describe('data for an image of version 1 that waits', () => {
  const folder = useTempDir()
  let service: TestService
  let id: string
  beforeEach(async () => {
    service = await startService()
    const {stdout} = await tool(['add', 'name=x', 'disk_format=raw'], `${service.url}/v1`).ended
    id = stdout.trim().split(': ')[1] ?? ''
    await writeFile(path.join(folder(), 'data'), DATA)
  })
  afterEach(() => service.close())

  interface Run {
    readonly source?: 'file' | 'pipe'
    readonly version?: 'v1' | 'v2'
    readonly words?: readonly string[]
    readonly onStart?: (running: Running) => void
  }

  async function update(meddling: Meddling, run: Run = {}): Promise<Ended> {
    const {source = 'file', version = 'v1', words: more = [], onStart = () => {}} = run
    const proxy = await startProxy(service.port, meddling)
    const words = source === 'file' ? [...more, '--file', path.join(folder(), 'data')] : more
    const running = tool(['update', id, ...words], `${proxy.url}/${version}`, 'pipe')
    running.process.stdin?.on('error', () => {}).end(source === 'pipe' ? DATA : undefined)
    onStart(running)
    const ran = await running.ended
    await proxy.close()
    return ran
  }

  async function status(): Promise<string | null> {
    const reply = await fetch(`${service.url}/v1/images/${id}`, {method: 'HEAD'})
    return reply.headers.get('x-image-meta-status')
  }

  const isPut = (head: string) => head.startsWith('PUT ')

  /** Passes so many bytes of the request that brings the data. */
  function passing(bytes: number, then: () => Buffer | Cut): Meddling {
    let left = Number.POSITIVE_INFINITY
    return {
      up: chunk => {
        if (isPut(chunk.toString('latin1', 0, 4))) left = bytes
        left -= chunk.length
        if (left > 0) return chunk
        left = Number.POSITIVE_INFINITY
        return then()
      },
    }
  }

  /** Does that in the place of the answer to the data. */
  function answered(act: () => Buffer | Cut): Meddling {
    let isSent = false
    const up = (chunk: Buffer) => {
      isSent ||= isPut(chunk.toString('latin1', 0, 4))
      return chunk
    }
    return {up, down: atFirst(() => isSent, act)}
  }

  it('is sent again when nothing of it has arrived', async () => {
    const {code, stderr} = await update({up: atFirst(isPut, () => BROKEN)})
    assert.deepEqual([code, await status()], [0, 'active'], stderr)
    assert.match(stderr, /^note: the connection to .* broke: .*; sending the data again \(1 of 3\)\n$/)
  })

  it('is there when only the answer was lost', async () => {
    const {code, stderr} = await update(answered(() => BROKEN))
    assert.deepEqual([code, await status()], [0, 'active'], stderr)
  })

  for (const source of ['file', 'pipe'] as const) {
    it(`spends the image when a ${source} breaks off in the middle, and says so`, async () => {
      const {code, stdout, stderr} = await update(
        passing(4_000_000, () => BROKEN),
        {source},
      )
      assert.deepEqual([code, stdout, await status()], [6, '', 'killed'])
      const why = `Image ${id} is now "killed" and cannot take data. Delete it with: glance delete ${id}\n`
      assert.ok(stderr.endsWith(why), stderr)
      assert.equal(/data from a pipe cannot be sent again/.test(stderr), source === 'pipe')
    })
  }

  it('spends the image when it is interrupted, and says so', async () => {
    let interrupt = () => {}
    const stopping = passing(4_000_000, () => {
      interrupt()
      return Buffer.alloc(0)
    })
    const onStart = (running: Running) => {
      interrupt = () => void running.process.kill('SIGINT')
    }
    const {code, stderr} = await update(stopping, {onStart})
    assert.deepEqual([code, await status()], [130, 'killed'])
    assert.match(stderr, /^glance: interrupted by SIGINT\n {2}Image \S+ is now "killed" and cannot take data/)
  })

  it('says that the image has its data when the answer was not waited for', async () => {
    let interrupt = () => {}
    const onStart = (running: Running) => {
      interrupt = () => void running.process.kill('SIGINT')
    }
    const {code, stderr} = await update(
      answered(() => {
        interrupt()
        return Buffer.alloc(0)
      }),
      {onStart},
    )
    assert.deepEqual([code, await status()], [130, 'active'])
    assert.match(stderr, /^glance: interrupted by SIGINT\n {2}Image \S+ is active, with the data/)
  })

  for (const version of ['v1', 'v2'] as const) {
    it(`of ${version} that was changed on the way is not vouched for`, async () => {
      const {code, stdout, stderr} = await update({up: flip(4_000_000)}, {version})
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

  it('leaves an image that takes none as it was', async () => {
    await update({})
    const {code, stderr} = await update({})
    assert.deepEqual([code, await status()], [5, 'active'])
    assert.doesNotMatch(stderr, /killed/)
  })
})
