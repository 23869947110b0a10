/** Responses from files: all bytes in order, other requests in between, and file systems that may wait for the network. */
import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {open, writeFile} from 'node:fs/promises'
import {IncomingMessage, ServerResponse} from 'node:http'
import {Socket} from 'node:net'
import {join} from 'node:path'
import {FileSource} from '../../../src/server/stores/file-source.js'
import {isLocal} from '../../../src/server/stores/files.js'
import {useTempDir} from '../../support/temp-dir.js'

const BLOCK = 64 * 1024
const BLOCKS = 200

/** A response to a client that is never slower than the service. */
class QuickResponse extends ServerResponse {
  readonly parts: Buffer[] = []

  override write(part: unknown, callback?: unknown): boolean {
    this.parts.push(Buffer.from(part as Buffer))
    ;(callback as () => void)()
    return true
  }

  override end(): this {
    this.emit('finish')
    return this
  }
}

describe('file source', () => {
  const directory = useTempDir()
  const data = randomBytes(BLOCK * BLOCKS + 1)

  for (const isInMachine of [true, false]) {
    it(`sends the whole file on a disk of ${isInMachine ? 'this machine' : 'the network'}, and lets others have their turn`, async () => {
      const path = join(directory(), 'image')
      await writeFile(path, data)
      const source = new FileSource(
        await open(path),
        {readBytes: BLOCK, isLocal: isInMachine},
        {first: 0, last: data.length - 1},
      )
      const response = new QuickResponse(new IncomingMessage(new Socket()))
      let turns = 0
      const count = () => {
        turns += 1
        if (!response.writableFinished) next = setImmediate(count)
      }
      let next = setImmediate(count)
      await new Promise((resolve, reject) => {
        response.on('finish', resolve)
        source.on('error', reject).pipe(response)
      })
      clearImmediate(next)
      assert.ok(Buffer.concat(response.parts).equals(data))
      assert.ok(turns >= BLOCKS / 2, `${turns} turns`)
    })
  }

  it('knows the file systems of this machine', async () => {
    assert.equal(await isLocal(directory()), true)
    // It has a type that is not in the list, as those of the network have.
    assert.equal(await isLocal('/proc'), false)
    assert.equal(await isLocal(join(directory(), 'absent')), false)
  })
})
