/** Large responses on plain connections, which are read into memory of the reader past the HTTP library. */
import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import type net from 'node:net'
import type {Reply} from '../../../../src/lib/http/message.js'
import {createTransport, type Transport} from '../../../../src/lib/http/send.js'
import {type DirectStream, isDirect} from '../../../../src/lib/io/streams/direct-stream.js'
import {type Served, serveSockets} from '../../../support/http/serve.js'

const MIB = 1024 * 1024
/** Does not end together with a slot or a buffer of the system. */
const DATA = randomBytes(3 * MIB + 7)
const KEPT = 'HTTP/1.1 200 OK\r\n'
const CLOSED = 'HTTP/1.1 200 OK\r\nConnection: close\r\n'

describe('a large response on a plain connection', () => {
  let transport: Transport
  let served: Served
  let time: number
  let onTime: () => void
  let serveOne: (socket: net.Socket) => void

  beforeEach(async () => {
    time = 0
    onTime = () => {}
    const now = () => {
      onTime()
      return time
    }
    transport = createTransport({timeoutSeconds: 60, now})
    served = await serveSockets(socket => socket.once('data', () => serveOne(socket)))
  })
  afterEach(async () => {
    await transport.close()
    await served.close()
  })

  const get = (options: {readonly signal?: AbortSignal} = {}) =>
    transport.send({method: 'GET', url: served.url, expectedBytes: 1e9, ...options})
  const head = (length = DATA.length, start = KEPT) => `${start}Content-Length: ${length}\r\n\r\n`

  function direct({body}: Reply): DirectStream {
    assert.ok(isDirect(body))
    return body
  }

  /** Reads all bytes, as many as the memory takes at once. */
  async function readAll(reply: Reply, size = MIB): Promise<Buffer> {
    const parts: Buffer[] = []
    await readParts(direct(reply), size, part => parts.push(part))
    return Buffer.concat(parts)
  }

  async function readParts(
    body: DirectStream,
    size: number,
    onPart: (part: Buffer) => unknown,
  ): Promise<void> {
    const memory = Buffer.alloc(size)
    for (let length = -1; length !== 0; ) {
      length = await body.readInto(memory)
      await onPart(Buffer.from(memory.subarray(0, length)))
      memory.fill(0)
    }
  }

  for (const [name, start] of [
    ['stays open', KEPT],
    ['is closed', CLOSED],
  ] as const) {
    it(`arrives in any portions, when the connection ${name}`, async () => {
      for (const size of [1000, 64 * 1024, 100_000, MIB, 8 * MIB]) {
        serveOne = socket => {
          socket.write(head(undefined, start))
          if (start === CLOSED) socket.end(DATA)
          else socket.write(DATA)
        }
        assert.ok((await readAll(await get(), size)).equals(DATA), `${size}`)
      }
    })

    it(`is read as any stream, when the connection ${name}`, async () => {
      serveOne = socket => socket.write(Buffer.concat([Buffer.from(head(undefined, start)), DATA]))
      const {body} = await get()
      assert.ok(Buffer.concat(await body.toArray()).equals(DATA))
    })

    it(`that is shorter than announced fails after its last byte, when the connection ${name}`, async () => {
      const sent = DATA.subarray(0, 2 * MIB + 3)
      serveOne = socket => socket.end(Buffer.concat([Buffer.from(head(undefined, start)), sent]))
      await assertBreaksAfter(sent)
    })

    it(`that is reset fails after its last byte, when the connection ${name}`, async () => {
      const sent = DATA.subarray(0, 2 * MIB + 3)
      let received = 0
      let isComplete = () => {}
      serveOne = async socket => {
        const complete = new Promise<void>(resolve => {
          isComplete = resolve
        })
        socket.write(head(undefined, start))
        socket.write(sent)
        await complete
        socket.resetAndDestroy()
      }
      const reading = readParts(direct(await get()), 1000, part => {
        received += part.length
        if (received > 2 * MIB) isComplete()
      })
      await assert.rejects(reading, {kind: 'unavailable', message: /broke$/})
      assert.equal(received, sent.length)
    })
  }

  async function assertBreaksAfter(sent: Buffer): Promise<void> {
    const parts: Buffer[] = []
    const reading = readParts(direct(await get()), 100_000, part => parts.push(part))
    await assert.rejects(reading, {kind: 'unavailable', message: /broke$/})
    assert.ok(Buffer.concat(parts).equals(sent))
  }

  it('that is longer than announced ends where it should', async () => {
    serveOne = socket =>
      socket.write(Buffer.concat([Buffer.from(head()), DATA, Buffer.from('HTTP/1.1 more')]))
    assert.ok((await readAll(await get())).equals(DATA))
  })

  it('arrives in bursts, each of which may come after the time in which parts are gathered', async () => {
    const send = serveInParts()
    const body = direct(await get())
    const memory = Buffer.alloc(4 * MIB)
    let [sent, filled] = [0, 0]
    while (filled < DATA.length) {
      const reading = body.readInto(memory.subarray(filled, filled + MIB))
      time += 11
      send(DATA.subarray(sent, sent + 10_000))
      sent += 10_000
      time += 11
      filled += await reading
    }
    assert.ok(memory.subarray(0, filled).equals(DATA))
    assert.equal(await body.readInto(memory), 0)
  })

  it('leaves memory alone after it was read', async () => {
    serveOne = socket => socket.write(Buffer.concat([Buffer.from(head()), DATA]))
    const body = direct(await get())
    const memory = Buffer.alloc(DATA.length)
    for (let filled = 0; filled < DATA.length; ) {
      const target = memory.subarray(filled, filled + 100_000)
      const length = await body.readInto(target)
      target.subarray(length).fill(1)
      filled += length
      assert.ok(memory.subarray(filled - length, filled).equals(DATA.subarray(filled - length, filled)))
      assert.ok(target.subarray(length).every(byte => byte === 1))
    }
  })

  it('gives what has arrived, then the reason, to a reader that is interrupted', async () => {
    const interrupt = new AbortController()
    const reason = new Error('enough')
    const send = serveInParts()
    const body = direct(await get({signal: interrupt.signal}))
    const memory = Buffer.alloc(MIB)
    const reading = body.readInto(memory)
    const arrival = new Promise<void>(resolve => {
      onTime = resolve
    })
    send(DATA.subarray(0, 10_000))
    await arrival
    interrupt.abort(reason)
    assert.equal(await reading, 10_000)
    assert.ok(memory.subarray(0, 10_000).equals(DATA.subarray(0, 10_000)))
    await assert.rejects(body.readInto(memory), reason)
  })

  it('is too slow when less than 1 KiB arrives within the time allowed', async () => {
    const send = serveInParts()
    const body = direct(await get())
    const reading = body.readInto(Buffer.alloc(MIB))
    time = 60_000
    send(Buffer.alloc(1023))
    assert.equal(await reading, 1023)
    const why = 'the response is too slow: less than 1 KiB arrived within the time allowed'
    await assert.rejects(body.readInto(Buffer.alloc(MIB)), {kind: 'unavailable', why})
  })

  it('is not too slow because its reader is', async () => {
    const send = serveInParts()
    const body = direct(await get())
    for (let turn = 0; turn < 3; turn++) {
      time += 120_000
      const reading = body.readInto(Buffer.alloc(1))
      send(Buffer.alloc(1))
      assert.equal(await reading, 1)
    }
  })

  it('has stopped when nothing arrives within the time allowed', async () => {
    await transport.close()
    transport = createTransport({timeoutSeconds: 0.02})
    const send = serveInParts()
    const body = direct(await get())
    send(Buffer.alloc(10))
    const memory = Buffer.alloc(MIB)
    assert.equal(await body.readInto(memory), 10)
    await assert.rejects(body.readInto(memory), {
      kind: 'unavailable',
      why: 'the response stopped before its end',
    })
  })

  it('is received as any other one if it is small, or an error', async () => {
    for (const start of ['HTTP/1.1 200 OK\r\nContent-Length: 5', 'HTTP/1.1 500 No\r\nContent-Length: 5']) {
      serveOne = socket => socket.write(`${start}\r\n\r\nhello`)
      const reply = await get()
      assert.equal(isDirect(reply.body), false)
      assert.equal(await reply.text(), 'hello')
    }
  })

  /** Sends the head at once, and what the test sends. */
  function serveInParts(): (part: Buffer) => void {
    let sender: net.Socket | undefined
    serveOne = socket => {
      sender = socket
      socket.write(head())
    }
    return part => sender?.write(part)
  }
})
