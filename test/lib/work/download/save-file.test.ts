/** A download into a file, tested at the level of its parts. */
import assert from 'node:assert/strict'
import {readdir} from 'node:fs/promises'
import path from 'node:path'
import {Readable} from 'node:stream'
import type {ImageApi} from '../../../../src/lib/api/image-api.js'
import {imageFrom} from '../../../../src/lib/api/v2/documents.js'
import {Failure} from '../../../../src/lib/model/errors.js'
import {saveImage} from '../../../../src/lib/work/download/save-file.js'
import {NO_PROGRESS} from '../../../../src/lib/work/progress/progress.js'
import {failureKind} from '../../../support/failure.js'
import {useTempDir} from '../../../support/temp-dir.js'

describe('a download into a file', () => {
  const folder = useTempDir()

  it('that is interrupted after verification is not renamed', async () => {
    const image = imageFrom(
      {id: 'x', status: 'active', size: 3, checksum: '900150983cd24fb0d6963f7d28e17f72'},
      '',
    )
    const api = {download: async () => ({image, data: Readable.from([Buffer.from('abc')])})}
    const interrupt = new AbortController()
    const saving = saveImage({
      source: {api: api as unknown as ImageApi, image, signal: interrupt.signal},
      target: {path: path.join(folder(), 'out'), name: 'out', exists: false},
      overwrite: false,
      resume: false,
      connections: 1,
      verify: true,
      keepFailed: false,
      progress: {...NO_PROGRESS, advance: () => interrupt.abort(new Failure('interrupted', 'interrupted'))},
      notes: {note: () => {}, warning: () => {}},
    })
    await assert.rejects(saving, failureKind('interrupted'))
    assert.deepEqual(await readdir(folder()), ['out.part'])
  })
})
