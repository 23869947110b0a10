/** A download into a file, tested at the level of its parts. */
import assert from 'node:assert/strict'
import {readdir} from 'node:fs/promises'
import path from 'node:path'
import {Readable} from 'node:stream'
import type {ByteRange, ImageApi} from '../../../../src/lib/api/image-api.js'
import {imageFrom} from '../../../../src/lib/api/v2/documents.js'
import {RetryPolicy} from '../../../../src/lib/http/retry/retry-policy.js'
import {Failure} from '../../../../src/lib/model/errors.js'
import {type SaveOptions, saveImage} from '../../../../src/lib/work/download/save-file.js'
import type {DownloadSource} from '../../../../src/lib/work/download/stream.js'
import {NO_PROGRESS} from '../../../../src/lib/work/progress/progress.js'
import {failureKind} from '../../../support/failure.js'
import {useTempDir} from '../../../support/temp-dir.js'

const MIB = 1024 * 1024

describe('a download into a file', () => {
  const folder = useTempDir()

  const download = (source: DownloadSource, options: Partial<SaveOptions> = {}) =>
    saveImage({
      source,
      target: {path: path.join(folder(), 'out'), name: 'out', exists: false},
      overwrite: false,
      resume: false,
      connections: 1,
      verify: true,
      keepFailed: false,
      progress: NO_PROGRESS,
      notes: {note: () => {}, warning: () => {}},
      ...options,
    })

  it('that is interrupted after verification is not renamed', async () => {
    const image = imageFrom(
      {id: 'x', status: 'active', size: 3, checksum: '900150983cd24fb0d6963f7d28e17f72'},
      '',
    )
    const api = {download: async () => ({image, data: Readable.from([Buffer.from('abc')])})}
    const interrupt = new AbortController()
    const saving = download(
      {api: api as unknown as ImageApi, image, signal: interrupt.signal},
      {progress: {...NO_PROGRESS, advance: () => interrupt.abort(new Failure('interrupted', 'interrupted'))}},
    )
    await assert.rejects(saving, failureKind('interrupted'))
    assert.deepEqual(await readdir(folder()), ['out.part'])
  })

  it('notices that one of several ranges is shorter than requested', async () => {
    const part = Buffer.alloc(8 * MIB)
    const image = imageFrom({id: 'x', status: 'active', size: 2 * part.length, checksum: '0'.repeat(32)}, '')
    const api = {
      retryPolicy: new RetryPolicy({retries: 0}),
      download: async (_id: string, {range}: {readonly range: ByteRange}) => ({
        image,
        data: Readable.from(range.first === 0 ? [part] : [part.subarray(0, 5)]),
        from: range.first,
      }),
    }
    const source = {api: api as unknown as ImageApi, image, signal: new AbortController().signal}
    await assert.rejects(
      download(source, {connections: 2}),
      failureKind('unverified', /^it has 16777216 bytes, 8388613 arrived$/),
    )
    assert.deepEqual(await readdir(folder()), [])
  })
})
