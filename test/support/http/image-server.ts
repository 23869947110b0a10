/** One image in version 2 of the API, on a server that misbehaves as configured. */
import {createHash} from 'node:crypto'
import type http from 'node:http'
import {type Served, serve} from './serve.js'

export const IMAGE_ID = '11111111-2222-4333-8444-555555555555'

export interface ImageServerOptions {
  readonly data: Buffer
  /** The sent data, if it differs from the metadata. */
  readonly sent?: Buffer
  /** Additional metadata. */
  readonly image?: Readonly<Record<string, unknown>>
  /** Additional headers of every response with data. */
  readonly headers?: Readonly<Record<string, string>>
  /** Responds to ranges with the whole (200), or refuses them (400). */
  readonly ranges?: 'ignored' | 'refused'
  /** The number of bytes of the nth body that are sent before the connection breaks; undefined: all. */
  readonly breaksAfter?: (answer: number) => number | undefined
  /** True if all bytes of the nth body are sent, but not its end. */
  readonly neverEnds?: (answer: number) => boolean
  /** The number of bytes that are sent before the server becomes silent. */
  readonly stopsAfter?: (answer: number) => number | undefined
  /** The number of requests for data that must have arrived before the second is answered. */
  readonly together?: number
  /** Another response to the nth request for data. */
  readonly instead?: (answer: number) => {readonly status: number; readonly text: string} | undefined
}

export interface ImageServer extends Served {
  /** The Range header of every request for data. */
  readonly ranges: readonly (string | undefined)[]
  /** The highest number of concurrent responses with data. */
  readonly atOnce: () => number
}

export async function serveImage(options: ImageServerOptions): Promise<ImageServer> {
  const ranges: (string | undefined)[] = []
  let [running, most] = [0, 0]
  const waiting: (() => void)[] = []
  const served = await serve((request, response) => {
    if (!request.url?.endsWith('/file')) return void response.end(JSON.stringify(document(options)))
    ranges.push(request.headers.range)
    most = Math.max(most, ++running)
    response.on('close', () => running--)
    const number = ranges.length
    waiting.push(() => answer(options, number, request.headers.range, response))
    if (number === 1 || number >= (options.together ?? 1)) for (const act of waiting.splice(0)) act()
  })
  return {...served, ranges, atOnce: () => most}
}

const digests = new WeakMap<Buffer, {readonly checksum: string; readonly os_hash_value: string}>()

/** The digests of the data, computed once although each run asks for the document. */
function digestsFor(data: Buffer) {
  const computed = digests.get(data) ?? {
    checksum: createHash('md5').update(data).digest('hex'),
    os_hash_value: createHash('sha512').update(data).digest('hex'),
  }
  digests.set(data, computed)
  return computed
}

function document({data, image}: ImageServerOptions): object {
  return {
    id: IMAGE_ID,
    name: 'an image',
    status: 'active',
    size: data.length,
    ...digestsFor(data),
    os_hash_algo: 'sha512',
    visibility: 'shared',
    ...image,
  }
}

function answer(
  {data, sent = data, ranges, breaksAfter, neverEnds, stopsAfter, instead, headers}: ImageServerOptions,
  number: number,
  range: string | undefined,
  response: http.ServerResponse,
): void {
  const other = instead?.(number)
  if (other) return void response.writeHead(other.status, {'content-type': 'text/plain'}).end(other.text)
  const [, begin, end] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []
  if (begin !== undefined && ranges === 'refused') return void response.writeHead(400).end()
  if (begin !== undefined && Number(begin) >= sent.length) return void response.writeHead(416).end()
  const first = ranges === 'ignored' ? 0 : Number(begin ?? 0)
  const last = ranges !== 'ignored' && end ? Number(end) : sent.length - 1
  const body = sent.subarray(first, last + 1)
  const isPart = begin !== undefined && ranges !== 'ignored'
  const isOpen = neverEnds?.(number) === true
  response.writeHead(isPart ? 206 : 200, {
    ...headers,
    ...(isOpen ? {} : {'content-length': body.length}),
    ...(isPart ? {'content-range': `bytes ${first}-${first + body.length - 1}/${sent.length}`} : {}),
  })
  const [breaks, stops] = [breaksAfter?.(number), stopsAfter?.(number)]
  if (breaks !== undefined) response.write(body.subarray(0, breaks), () => response.destroy())
  else if (stops !== undefined || isOpen) response.write(body.subarray(0, stops))
  else response.end(body)
}
