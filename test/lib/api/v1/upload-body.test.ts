/** Uploads to version 1 of the API from pipes that are slow, silent, broken or empty. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {PassThrough, Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {openUploadBody} from '../../../../src/lib/api/v1/upload/upload-body.js'
import {Failure} from '../../../../src/lib/model/errors.js'
import {failure} from '../../../support/failure.js'

const draft = {properties: {}}
const source = (stream: Readable) => ({repeatable: false, open: () => stream})

describe('upload', () => {
  it('consumes no byte of a pipe while it waits for the first', async () => {
    const pipe = new PassThrough()
    const opening = openUploadBody(source(pipe), draft)
    setImmediate(() => pipe.end('hello'))
    const {headers, body, contentLength} = await opening
    assert.deepEqual(headers, {'content-type': 'application/octet-stream'})
    assert.equal(contentLength, undefined)
    assert.equal(pipe.listenerCount('readable'), 0)
    assert.equal((await buffer(body as Readable)).toString(), 'hello')
  })

  it('accepts a pipe that has bytes or has ended', async () => {
    const full = new PassThrough().end('x')
    assert.ok((await openUploadBody(source(full), draft)).body)
    const ended = new PassThrough().end()
    ended.resume()
    await once(ended, 'end')
    assert.equal((await openUploadBody(source(ended), draft)).headers['x-image-meta-size'], '0')
  })

  it('reports that the source broke', async () => {
    const what = 'cannot read the image data to its end'
    const breaking = new PassThrough()
    const opening = openUploadBody(source(breaking), draft)
    breaking.destroy(new Error('EIO'))
    await assert.rejects(opening, failure('failed', what, 'EIO'))
    await assert.rejects(openUploadBody(source(breaking), draft), failure('failed', what, 'EIO'))
  })

  it('ends with the reason of an interruption while no data arrives', async () => {
    const reason = new Failure('interrupted', 'interrupted')
    const silent = new PassThrough()
    const interruption = new AbortController()
    const opening = openUploadBody(source(silent), draft, interruption.signal)
    interruption.abort(reason)
    await assert.rejects(opening, error => error === reason)
    assert.ok(silent.destroyed)
  })

  it('sends the size that the user gives unchanged', async () => {
    const data = {size: 3, repeatable: true, open: () => Readable.from([Buffer.from('abc')])}
    assert.equal((await openUploadBody(data, {...draft, size: 10})).headers['x-image-meta-size'], undefined)
    assert.equal((await openUploadBody(data, draft)).headers['x-image-meta-size'], '3')
  })
})
