/** Servers that respond before they have read everything: the response counts, not the broken connection. */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {createReadStream} from 'node:fs'
import {mkdtemp, open, rm} from 'node:fs/promises'
import type net from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {Readable} from 'node:stream'
import {createTransport} from '../../../src/lib/http/send.js'
import {type Served, serveSockets} from '../../support/http/serve.js'

const MiB = 1024 * 1024
const BIG = 64 * MiB
const TEXT = 'Image storage quota exceeded'

type Behaviour = (socket: net.Socket, answer: string) => void

/** The behaviour of a server once it has the head of the request. */
const BEHAVIOURS: Record<string, Behaviour> = {
  'responds and continues reading': (socket, answer) => {
    socket.resume()
    socket.write(answer)
  },
  'responds and stops reading': (socket, answer) => {
    socket.write(answer)
  },
  'responds and closes at once': (socket, answer) => {
    socket.write(answer)
    socket.destroySoon()
  },
  'responds and resets': (socket, answer) => {
    socket.write(answer, () => socket.resetAndDestroy())
  },
  'responds and half-closes': (socket, answer) => {
    socket.resume()
    socket.end(answer)
  },
  'responds and half-closes without reading': (socket, answer) => {
    socket.end(answer)
  },
}

const HEADS: Record<string, string> = {
  'keeping the connection': `Content-Length: ${TEXT.length}\r\n\r\n${TEXT}`,
  'with Connection: close': `Connection: close\r\nContent-Length: ${TEXT.length}\r\n\r\n${TEXT}`,
}

function server(behave: Behaviour, head: string, bytesFirst: number): Promise<Served> {
  return serveSockets(socket => {
    let seen = 0
    socket.on('data', chunk => {
      seen += chunk.length
      if (seen < bytesFirst) return
      socket.removeAllListeners('data').pause()
      behave(socket, `HTTP/1.1 413 Request Entity Too Large\r\nContent-Type: text/plain\r\n${head}`)
    })
  })
}

describe('a response before the data is read', () => {
  let served: Served
  let folder: string
  let bigFile: string

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glance-early-'))
    bigFile = path.join(folder, 'big')
    const file = await open(bigFile, 'w')
    await file.truncate(BIG)
    await file.close()
  })
  after(() => rm(folder, {recursive: true}))
  afterEach(() => served.close())

  const sources: Record<string, () => {body: Readable; contentLength?: number}> = {
    'a small body': () => ({body: Readable.from([Buffer.alloc(100)]), contentLength: 100}),
    'a small body in chunks': () => ({body: Readable.from([Buffer.alloc(100)])}),
    '64 MiB from a file': () => ({body: createReadStream(bigFile), contentLength: BIG}),
    '64 MiB from a pipe': () => ({body: spawn('head', ['-c', String(BIG), '/dev/zero']).stdout}),
    'a pipe that never ends': () => ({body: spawn('cat', ['/dev/zero']).stdout}),
  }

  for (const [does, behave] of Object.entries(BEHAVIOURS)) {
    for (const [keeps, head] of Object.entries(HEADS)) {
      it(`is received when the server ${does}, ${keeps}`, async () => {
        served = await server(behave, head, 1)
        for (const [from, source] of Object.entries(sources)) {
          const {body, contentLength} = source()
          const transport = createTransport({timeoutSeconds: 5})
          const reply = await transport.send({method: 'POST', url: served.url, body, contentLength})
          assert.equal(reply.status, 413, from)
          assert.equal(await reply.text(), TEXT, from)
          assert.ok(body.destroyed || body.readableEnded, `${from}: the source is let go`)
          await transport.close()
        }
      })
    }
  }
})
