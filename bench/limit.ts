/**
 * A proxy that limits each connection, as a long distance or an object store does: only there several connections can gain.
 * Its argument is the URL of a service; prints its own URL.
 */
import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type Socket} from 'node:net'
import {pipeline} from 'node:stream/promises'
import {setTimeout as sleep} from 'node:timers/promises'

/** Bytes per second of one connection, towards the client. */
const LIMIT = 8 * 1024 * 1024

const {hostname, port} = new URL(process.argv[2] ?? '')
const server = createServer(client => {
  const service = connect(Number(port), hostname)
  // Either end may break off.
  pipeline(client, service).catch(() => {})
  pipeline(service, slowDown, client).catch(() => {})
})
await once(server.listen(0, '127.0.0.1'), 'listening')
console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)

async function* slowDown(source: Socket): AsyncGenerator<Buffer> {
  let freeAt = 0
  for await (const chunk of source as AsyncIterable<Buffer>) {
    freeAt = Math.max(freeAt, performance.now()) + (chunk.length / LIMIT) * 1000
    await sleep(freeAt - performance.now())
    yield chunk
  }
}
