/** An S3 in memory with one bucket, for faults that no real one gives on demand. It does not check signatures. */
import type {IncomingMessage, ServerResponse} from 'node:http'
import {buffer} from 'node:stream/consumers'
import {type Served, serve} from './http/serve.js'

/** An upload that has not ended. */
export interface FakeUpload {
  readonly key: string
  readonly parts: Map<number, Buffer>
  initiated: Date
  /** When each part arrived. */
  modified: Date
}

/** Answers a request in place of the server; returns false to let the server answer. */
export type Interfere = (call: S3Call, response: ServerResponse) => boolean

/** A request; `what` is its method, with the kind of the target: `PUT part`, `GET object`, `GET list`. */
export interface S3Call {
  readonly what: string
  readonly key: string
  readonly range: string | undefined
  readonly body: Buffer
}

export class FakeS3 {
  readonly objects = new Map<string, Buffer>()
  readonly uploads = new Map<string, FakeUpload>()
  readonly calls: S3Call[] = []
  /** Entries of a page of a list. */
  pageSize = 1000
  hasBucket = true
  interfere: Interfere = () => false
  #served: Served | undefined
  #started = 0

  static async start(): Promise<FakeS3> {
    const fake = new FakeS3()
    fake.#served = await serve((request, response) => {
      fake.#answer(request, response).catch(error => response.destroy(error))
    })
    return fake
  }

  get url(): string {
    return this.#served?.url ?? ''
  }

  /** Objects and unfinished uploads. */
  get count(): number {
    return this.objects.size + this.uploads.size
  }

  /** The kinds of the requests so far. */
  get log(): readonly string[] {
    return this.calls.map(({what}) => what)
  }

  async close(): Promise<void> {
    await this.#served?.close()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url)
    const key = decodeURIComponent(url.pathname.split('/')[2] ?? '')
    const body = await buffer(request)
    const what = `${request.method} ${toKind(key, url.searchParams)}`
    const call = {what, key, range: request.headers.range, body}
    this.calls.push(call)
    if (this.interfere(call, response)) return
    if (!this.hasBucket && what !== 'PUT bucket') return sendError(response, 404, 'NoSuchBucket')
    const copySource = decodeURIComponent(String(request.headers['x-amz-copy-source'] ?? ''))
      .split('/')
      .at(-1)
    const copied = copySource ? this.objects.get(copySource) : undefined
    this.#carryOut({...call, body: copied ?? body}, url.searchParams, response)
  }

  #carryOut(call: S3Call, query: URLSearchParams, response: ServerResponse): void {
    const uploadId = query.get('uploadId') ?? ''
    if (uploadId !== '' && !this.uploads.has(uploadId)) sendError(response, 404, 'NoSuchUpload')
    else if (call.what.endsWith(' object')) this.#carryOutOnObject(call, response)
    else if (/ (part|upload)$/.test(call.what)) this.#carryOutOnUpload(call, query, response)
    else if (call.what === 'POST uploads') this.#start(call.key, response)
    else if (call.what === 'GET uploads') this.#listUploads(query, response)
    else if (call.what === 'GET list') this.#list(query.get('continuation-token') ?? '', response)
    else {
      this.hasBucket = true
      response.end()
    }
  }

  #carryOutOnObject({what, key, body, range}: S3Call, response: ServerResponse): void {
    const object = this.objects.get(key)
    if (what === 'PUT object') {
      this.objects.set(key, body)
      response.setHeader('etag', '"x"').end()
    } else if (what === 'DELETE object') {
      this.objects.delete(key)
      response.writeHead(204).end()
    } else if (object) sendObject(response, object, range)
    else sendError(response, 404, 'NoSuchKey')
  }

  #carryOutOnUpload({what, key, body}: S3Call, query: URLSearchParams, response: ServerResponse): void {
    const uploadId = query.get('uploadId') ?? ''
    const upload = this.uploads.get(uploadId)
    if (what === 'PUT part') {
      upload?.parts.set(Number(query.get('partNumber')), body)
      response.setHeader('etag', '"p"')
      sendXml(response, 'CopyPartResult', '<ETag>"p"</ETag>')
    } else if (what === 'GET upload') {
      const part = `<Part><LastModified>${upload?.modified.toISOString()}</LastModified></Part>`
      sendXml(response, 'ListPartsResult', upload?.parts.size ? part : '')
    } else {
      this.uploads.delete(uploadId)
      if (what === 'POST upload') this.objects.set(key, joinParts(upload))
      // The ETag of radosgw.
      sendXml(response, 'CompleteMultipartUploadResult', '<ETag></ETag>')
    }
  }

  #start(key: string, response: ServerResponse): void {
    this.#started += 1
    const [id, now] = [`u${this.#started}`, new Date()]
    this.uploads.set(id, {key, parts: new Map(), initiated: now, modified: now})
    sendXml(response, 'InitiateMultipartUploadResult', `<UploadId>${id}</UploadId>`)
  }

  #list(after: string, response: ServerResponse): void {
    const keys = [...this.objects.keys()].sort().filter(key => key > after)
    const page = keys.slice(0, this.pageSize)
    const next =
      keys.length > page.length ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
    const contents = page.map(key => `<Contents><Key>${key}</Key></Contents>`).join('')
    sendXml(response, 'ListBucketResult', `<IsTruncated>${next !== ''}</IsTruncated>${next}${contents}`)
  }

  #listUploads(query: URLSearchParams, response: ServerResponse): void {
    const all = [...this.uploads].filter(([, {key}]) => key.startsWith(query.get('prefix') ?? ''))
    const after = query.get('upload-id-marker') ?? ''
    const rest = all.slice(all.findIndex(([id]) => id === after) + 1)
    const page = rest.slice(0, this.pageSize)
    const [lastId, last] = page.at(-1) ?? []
    const next = `<NextKeyMarker>${last?.key}</NextKeyMarker><NextUploadIdMarker>${lastId}</NextUploadIdMarker>`
    const items = page.map(([id, {key, initiated}]) => {
      const began = `<Initiated>${initiated.toISOString()}</Initiated>`
      return `<Upload><Key>${key}</Key><UploadId>${id}</UploadId>${began}</Upload>`
    })
    const isTruncated = rest.length > page.length
    const content = `<IsTruncated>${isTruncated}</IsTruncated>${isTruncated ? next : ''}${items.join('')}`
    sendXml(response, 'ListMultipartUploadsResult', content)
  }
}

function toKind(key: string, query: URLSearchParams): string {
  if (query.has('uploads')) return 'uploads'
  if (query.has('partNumber')) return 'part'
  if (query.has('uploadId')) return 'upload'
  if (key !== '') return 'object'
  return query.has('list-type') ? 'list' : 'bucket'
}

function joinParts(upload: FakeUpload | undefined): Buffer {
  const parts = [...(upload?.parts ?? [])].sort(([one], [other]) => one - other)
  return Buffer.concat(parts.map(([, bytes]) => bytes))
}

function sendObject(response: ServerResponse, object: Buffer, range: string | undefined): void {
  const [, first = '', last = ''] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
  const bytes = range === undefined ? object : object.subarray(Number(first), Number(last) + 1)
  if (range !== undefined) response.setHeader('content-range', `bytes ${first}-${last}/${object.length}`)
  response.writeHead(range === undefined ? 200 : 206, {'content-length': bytes.length}).end(bytes)
}

function sendXml(response: ServerResponse, name: string, content: string): void {
  response.end(`<?xml version="1.0" encoding="UTF-8"?><${name}>${content}</${name}>`)
}

/** Sends an error as S3 does. */
export function sendError(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status)
  sendXml(response, 'Error', `<Code>${code}</Code><Message>about ${code}</Message>`)
}
