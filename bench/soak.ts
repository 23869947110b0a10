/**
 * Many clients with pipelined requests, broken connections and stalled readers, for as long as the argument says (seconds,
 * 600 by default). Prints the memory and the open files of the service, which must not grow. Exits with 1 if a response
 * was missing on a connection that the client kept, or the service does not stop with 0.
 *
 * SOAK_CLIENTS (default 64) is the number of clients. Only on Linux.
 */
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync, readFileSync, rmSync} from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import {createInterface} from 'node:readline/promises'
import {setTimeout as sleep} from 'node:timers/promises'
import {folder} from './rounds.js'

const SECONDS = Number(process.argv[2] ?? 600)
const CLIENTS = Number(process.env['SOAK_CLIENTS'] ?? 64)
const IMAGE_BYTES = 4 * 1024 * 1024

const service = startService()
process.once('exit', () => service.kill('SIGKILL'))
const port = await readPort(service)
const id = await addImage()
const ends = Date.now() + SECONDS * 1000
let answered = 0
let missing = 0

function startService(): ChildProcess {
  const tool = path.resolve(import.meta.dirname, '../../bin/run.js')
  const args = [tool, 'serve', '--port', '0', '--data-dir', path.join(folder, 'data')]
  return spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'ignore']})
}

async function readPort({stdout}: ChildProcess): Promise<number> {
  if (!stdout) throw new Error('there is no service')
  const [line] = (await once(createInterface({input: stdout}), 'line')) as [string]
  return Number(new URL(line.replace('Listening on ', '')).port)
}

async function addImage(): Promise<string> {
  const url = `http://127.0.0.1:${port}/v2/images`
  const body = JSON.stringify({disk_format: 'raw', container_format: 'bare'})
  const {id: added} = (await (await fetch(url, {method: 'POST', body})).json()) as {readonly id: string}
  const headers = {'content-type': 'application/octet-stream'}
  await fetch(`${url}/${added}/file`, {method: 'PUT', body: new Uint8Array(IMAGE_BYTES), headers})
  return added
}

function report(): void {
  const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8')) ?? []
  const files = readdirSync(`/proc/${service.pid}/fd`).length
  const left = Math.max(0, Math.round((ends - Date.now()) / 1000))
  console.log(`${left} s left: ${Math.round(Number(kib) / 1024)} MiB, ${files} files, ${answered} responses`)
}

async function runClient(n: number): Promise<void> {
  for (let round = n; Date.now() < ends; round++) await ATTEMPTS[round % ATTEMPTS.length]?.()
}

type Attempt = () => Promise<void>

const get = (target: string, more = '') => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`
const post = (body: string, more = '') =>
  `POST /v2/images HTTP/1.1\r\nHost: localhost\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`
const remove = (target: string) => `DELETE ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`
const upload = (length: number, sent: string) =>
  `PUT /v2/images/${id}/stage HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n` +
  `Content-Length: ${length}\r\n\r\n${sent}`

/** What a client does in turn; each is one connection. */
const ATTEMPTS: readonly Attempt[] = [
  () =>
    expectAnswers(50, `${get('/v2/images?limit=5').repeat(49)}${get('/v2/images', 'Connection: close\r\n')}`),
  () =>
    expectAnswers(
      1,
      get('/v2/schemas/image', 'Connection: close\r\n') + remove(`/v2/images/${id}`).repeat(99),
    ),
  () => expectAnswers(20, get('/v1/images/detail').repeat(20), socket => socket.end()),
  () => expectAnswers(1, post('{"name":"x"}', 'Expect: 100-continue\r\nConnection: close\r\n')),
  () => expectAnswers(1, `${post('['.repeat(100_000), 'Connection: close\r\n')}`),
  () => breakOff(`${get('/v2/images').repeat(200)}${remove('/v2/images/nosuch').repeat(200)}`),
  () => breakOff(upload(1_000_000, 'x'.repeat(50_000)) + remove(`/v2/images/${id}`)),
  () => breakOff(`${get('/v2/images')}\x01\x02\x03 garbage\r\n\r\n`),
  () => breakOff(get('/v2/images', `X-Bomb: ${'x'.repeat(70_000)}\r\n`)),
  () => breakOff(`POST /v2/images HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{`),
  () => breakOff(get(`/v2/images/${id}/file`).repeat(20), 200),
]

/** Sends everything, and counts the final responses until the service closes the connection, or all have come. */
async function expectAnswers(
  count: number,
  bytes: string,
  then: (socket: net.Socket) => void = () => {},
): Promise<void> {
  const socket = net.connect({port, host: '127.0.0.1', allowHalfOpen: true})
  let text = ''
  socket
    .on('error', () => {})
    .on('data', chunk => {
      text += chunk.toString('latin1')
    })
  socket.write(bytes, () => then(socket))
  await once(socket, 'end').catch(() => {})
  socket.destroy()
  const seen = text.match(/HTTP\/1\.1 [2-5]\d\d /g)?.length ?? 0
  answered += seen
  if (seen !== count) missing += 1
}

/** Sends everything, reads nothing, and resets the connection after some milliseconds. */
async function breakOff(bytes: string, milliseconds = 5): Promise<void> {
  const socket = net.connect({port, host: '127.0.0.1'})
  socket.on('error', () => {}).pause()
  socket.write(bytes, () => {})
  await sleep(milliseconds)
  socket.resetAndDestroy()
}

const clients = Array.from({length: CLIENTS}, (_, n) => runClient(n))
for (let part = 0; part <= 10; part++) {
  report()
  if (part < 10) await sleep((SECONDS * 1000) / 10)
}
await Promise.all(clients)
await sleep(2000)
report()
service.kill('SIGTERM')
const [code] = await once(service, 'exit')
console.log(`${answered} responses, ${missing} missing; the service ended with ${code}`)
rmSync(folder, {recursive: true, force: true})
process.exitCode = missing === 0 && code === 0 ? 0 : 1
