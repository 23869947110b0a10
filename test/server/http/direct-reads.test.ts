/** Bodies that are read from their connection into given memory. */
import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import http from 'node:http'
import net, {type AddressInfo} from 'node:net'
import {RequestBody} from '../../../src/server/http/request-body.js'
import {type BodyMemory, readDirectly} from '../../../src/server/http/sockets/direct-reads.js'
import {RawConnection} from '../../support/http/raw-http.js'

const SIZE = 3 * 1024 * 1024
const DATA = randomBytes(SIZE)
const head = (length: number) => `PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`

/** Memory of one piece, which is free again when the test says so. */
class OneBuffer implements BodyMemory {
  onFree: () => void = () => {}
  isFree = true
  filled = 0
  appended = 0
  readonly #memory = Buffer.alloc(100_000)
  readonly #parts: Buffer[] = []

  lend(): Uint8Array | undefined {
    return this.isFree ? this.#memory : undefined
  }

  fill(length: number): void {
    this.filled += length
    this.#parts.push(Buffer.from(this.#memory.subarray(0, length)))
  }

  append(bytes: Uint8Array): void {
    this.appended += bytes.length
    this.#parts.push(Buffer.from(bytes))
  }

  received(): Buffer {
    return Buffer.concat(this.#parts)
  }
}

describe('direct reads', () => {
  let server: http.Server
  let client: RawConnection
  let memory: OneBuffer
  /** What the next request does with its body. */
  let onBody: (body: RequestBody, request: http.IncomingMessage) => Promise<unknown>

  beforeEach(async () => {
    memory = new OneBuffer()
    onBody = async body => {
      assert.ok(body.readInto(memory))
      await once(body, 'end')
    }
    server = http.createServer(async (request, response) => {
      const body = new RequestBody(request)
      await onBody(body, request)
      body.destroy()
      response.end()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    client = new RawConnection((server.address() as AddressInfo).port)
  })
  afterEach(() => {
    client.close()
    server.closeAllConnections()
    server.close()
  })

  it('fill the memory with a body', async () => {
    await client.write(head(SIZE))
    await client.write(DATA)
    assert.equal((await client.answer())?.status, 200)
    assert.ok(memory.received().equals(DATA))
    assert.ok(memory.filled > SIZE / 2, `${memory.filled}`)
  })

  it('leave the requests after a body to the parser, also in the same packet', async () => {
    const next = 'GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n'
    const seen: string[] = []
    const upload = onBody
    onBody = async (body, request) => {
      seen.push(`${request.method} ${request.url}`)
      if (request.method === 'PUT') await upload(body, request)
    }
    await client.write(Buffer.concat([Buffer.from(head(SIZE)), DATA, Buffer.from(next + head(SIZE)), DATA]))
    for (let n = 0; n < 3; n++) assert.equal((await client.answer())?.status, 200)
    assert.deepEqual(seen, ['PUT /', 'GET /next', 'PUT /'])
    assert.ok(memory.received().equals(Buffer.concat([DATA, DATA])))
  })

  it('wait while there is no memory, and copy what arrives nevertheless', async () => {
    let socket: net.Socket | undefined
    onBody = async (body, request) => {
      memory.isFree = false
      socket = request.socket
      assert.ok(body.readInto(memory))
      await once(body, 'end')
    }
    await client.write(head(SIZE))
    const sent = client.write(DATA)
    while (memory.appended === 0) await new Promise(resolve => setImmediate(resolve))
    const before = memory.appended
    socket?.resume()
    while (memory.appended === before) await new Promise(resolve => setImmediate(resolve))
    assert.equal(memory.filled, 0)
    memory.isFree = true
    memory.onFree()
    await sent
    assert.equal((await client.answer())?.status, 200)
    assert.ok(memory.received().equals(DATA))
  })

  it('stop at once, and leave the rest to the stream', async () => {
    let rest = 0
    onBody = async (body, request) => {
      const stop = body.readInto(memory)
      while (memory.filled === 0) await new Promise(resolve => setImmediate(resolve))
      stop?.()
      const before = memory.received().length
      request.on('data', chunk => {
        rest += chunk.length
      })
      body.resume()
      await once(body, 'end')
      assert.equal(memory.received().length, before)
    }
    await client.write(head(SIZE))
    await client.write(DATA)
    assert.equal((await client.answer())?.status, 200)
    assert.equal(rest + memory.received().length, SIZE)
    assert.ok(rest > 0)
  })

  it('fail when the client breaks off', async () => {
    const failed = new Promise(resolve => {
      onBody = async body => {
        body.readInto(memory)
        resolve((await once(body, 'error'))[0])
      }
    })
    await client.write(head(SIZE))
    await client.write(DATA.subarray(0, SIZE - 1))
    while (memory.received().length < SIZE - 1) await new Promise(resolve => setImmediate(resolve))
    client.socket.resetAndDestroy()
    assert.equal(((await failed) as Error).name, 'BodyAborted')
  })

  it('are not used for chunks, for a small body, or on a connection that is not as expected', async () => {
    onBody = async body => {
      assert.equal(body.readInto(memory), undefined)
      body.resume()
    }
    await client.write(`${head(3)}abc`)
    assert.equal((await client.answer())?.status, 200)
    await client.write('PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n')
    assert.equal((await client.answer())?.status, 200)
    assert.equal(readDirectly(new net.Socket(), SIZE, memory), undefined)
  })
})
