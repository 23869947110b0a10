/** Ranges of an image on several connections, each of which is read past the HTTP library. */
import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {type ClosableImageApi, openImageApi} from '../../../../src/lib/api/open-api.js'
import {PartFile} from '../../../../src/lib/data/part-file.js'
import {RetryPolicy} from '../../../../src/lib/http/retry/retry-policy.js'
import {ParallelFetch} from '../../../../src/lib/work/download/parallel.js'
import {openRange} from '../../../../src/lib/work/download/stream.js'
import {NO_PROGRESS} from '../../../../src/lib/work/progress/progress.js'
import {failureKind} from '../../../support/failure.js'
import {
  IMAGE_ID,
  type ImageServer,
  type ImageServerOptions,
  serveImage,
} from '../../../support/http/image-server.js'
import {useTempDir} from '../../../support/temp-dir.js'

const MIB = 1024 * 1024
const HALF = 16 * MIB + 9
const HALVES = [
  {first: 0, last: HALF - 1},
  {first: HALF, last: 2 * HALF - 1},
]
const DATA = Buffer.concat([randomBytes(HALF), randomBytes(HALF)])
const BREAK = 5 * MIB + 3

describe('a parallel download', () => {
  const folder = useTempDir()
  let server: ImageServer
  let api: ClosableImageApi
  let part: PartFile

  afterEach(async () => {
    await api.close()
    await server.close()
    await part.close()
  })

  async function start(options: Partial<ImageServerOptions>) {
    server = await serveImage({data: DATA, together: 2, ...options})
    const retryPolicy = new RetryPolicy({retries: 1, wait: async () => {}})
    api = await openImageApi({url: server.url, version: 2, retryPolicy})
    part = await PartFile.open({path: path.join(folder(), 'out'), name: 'out'}, false)
    const source = {api, image: await api.show(IMAGE_ID), signal: new AbortController().signal}
    const context = {source, part, progress: NO_PROGRESS, onWritten: () => {}}
    const fetching = new ParallelFetch(
      context,
      HALVES.map(half => ({...half, received: 0})),
    )
    return {fetching, opened: await openRange(source, fetching.firstRange)}
  }
  const written = () => readFile(path.join(folder(), 'out.part'))

  it('continues the range whose connection broke', async () => {
    const {fetching, opened} = await start({breaksAfter: answer => (answer === 2 ? BREAK : undefined)})
    await fetching.run(2, opened)
    assert.ok((await written()).equals(DATA))
    assert.equal(fetching.contiguousEnd, DATA.length)
    assert.deepEqual(server.ranges, [
      `bytes=0-${HALF - 1}`,
      `bytes=${HALF}-${2 * HALF - 1}`,
      `bytes=${HALF + BREAK}-${2 * HALF - 1}`,
    ])
  })

  it('ends the other ranges when one of them fails, and keeps what has arrived', async () => {
    const {fetching, opened} = await start({
      stopsAfter: answer => (answer === 1 ? BREAK : undefined),
      breaksAfter: answer => (answer === 1 ? undefined : 10),
    })
    await assert.rejects(fetching.run(2, opened), failureKind('unavailable'))
    assert.equal(server.ranges.length, 3)
    const end = fetching.contiguousEnd
    assert.ok((await written()).subarray(0, end).equals(DATA.subarray(0, end)))
  })
})
