/** The memory of an upload is used again only after its bytes were written and hashed. */
import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {writeFile} from 'node:fs/promises'
import type {IncomingMessage} from 'node:http'
import path from 'node:path'
import {setImmediate} from 'node:timers/promises'
import {openImageApi} from '../../../../src/lib/api/open-api.js'
import {Digester} from '../../../../src/lib/data/digest.js'
import {readFilePath} from '../../../../src/lib/io/streams/open-file.js'
import {serve} from '../../../support/http/serve.js'
import {useTempDir} from '../../../support/temp-dir.js'

const ID = 'f9cec318-413d-4ca1-941e-d11d7b73edda'
const DRAFT = {diskFormat: 'raw', containerFormat: 'bare', properties: {}}
const NUMBERS = Buffer.from(Uint32Array.from({length: 8_000_001}, (_, index) => index).buffer)

/** The digest of a body that is read so slowly that the client has to wait. */
async function readSlowly(request: IncomingMessage): Promise<string> {
  const hash = createHash('sha512')
  for await (const chunk of request) {
    hash.update(chunk)
    for (let turn = 0; turn < 5; turn++) await setImmediate()
  }
  return hash.digest('hex')
}

describe('the memory of an upload', () => {
  const folder = useTempDir()
  const sha512 = createHash('sha512').update(NUMBERS).digest('hex')

  for (const announced of [{}, {sha512}]) {
    it(`is kept until a slow service has read it${'sha512' in announced ? ', with an announced digest' : ''}`, async () => {
      let received = ''
      const server = await serve(async (request, response) => {
        if (request.method === 'PUT') {
          received = await readSlowly(request)
          response.writeHead(204).end()
          return
        }
        const image = {id: ID, status: 'active', visibility: 'shared', size: NUMBERS.length}
        const isList = request.url?.startsWith('/v2/images?')
        const stored = {...image, os_hash_algo: 'sha512', os_hash_value: received}
        response.end(JSON.stringify(isList ? {images: []} : stored))
      })
      const api = await openImageApi({url: server.url, version: 2})
      try {
        const file = path.join(folder(), 'file')
        await writeFile(file, NUMBERS)
        const data = {size: NUMBERS.length, repeatable: true, open: () => readFilePath(file)}
        await api.add({...DRAFT, ...announced}, data)
        assert.equal(received, sha512)
      } finally {
        await api.close()
        await server.close()
      }
    })
  }

  it('is reported as hashed by the threads, in any order with other bytes', async () => {
    const shared = Buffer.from(new SharedArrayBuffer(1_000_000))
    const digester = new Digester(['md5', 'sha512'])
    const hash = createHash('sha512')
    for (let count = 0; count < 30; count++) {
      const own = Buffer.alloc(400_000, count)
      await digester.update(own)
      shared.fill(count)
      hash.update(own).update(shared)
      let pause: Promise<void> | undefined
      const hashed = new Promise<void>(resolve => {
        pause = digester.updateShared(shared, resolve)
      })
      await pause
      await hashed
    }
    assert.equal((await digester.digests())['sha512'], hash.digest('hex'))
  })
})
