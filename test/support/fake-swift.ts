/** A small Swift in memory, whose faults a test chooses: authentication version 1, one container, and static large objects. */
import {createHash} from 'node:crypto'
import type {IncomingMessage, ServerResponse} from 'node:http'
import {buffer} from 'node:stream/consumers'
import type {FindValue} from '../../src/server/settings/setting.js'
import {type Served, serve} from './http/serve.js'

interface StoredObject {
  readonly body: Buffer
  /** Names of segments, of a manifest. */
  readonly segments?: readonly string[]
  expires: boolean
  /** Metadata of the request that has created it. */
  readonly mark?: string | undefined
}

/** Answers a request in place of Swift. @returns false to let Swift answer */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean

export interface FakeSwift extends Served {
  readonly objects: Map<string, StoredObject>
  /** `METHOD NAME` of each request since the start; without the account and the container. */
  readonly log: string[]
  /** The token that is valid now; the next login returns it. */
  token: string
  fault: Fault
  /** Settings of a store in it. */
  settings(more?: Readonly<Record<string, string>>): FindValue
}

/** Settings as a service finds them. */
export function findIn(values: Readonly<Record<string, string>>): FindValue {
  return name => (values[name] === undefined ? undefined : {text: values[name], from: 'the test'})
}

const CONTAINER = '/v1/AUTH_test/glance'

export async function startFakeSwift(): Promise<FakeSwift> {
  const objects = new Map<string, StoredObject>()
  const log: string[] = []
  const served = await serve((request, response) => {
    const {pathname, searchParams} = new URL(request.url ?? '', 'http://swift')
    const name = decodeURIComponent(pathname.slice(CONTAINER.length + 1))
    log.push(`${request.method} ${pathname.startsWith('/auth') ? 'login' : name || 'container'}`)
    if (swift.fault(request, response)) return
    if (pathname === '/auth/v1.0') logIn(request, response)
    else if (request.headers['x-auth-token'] !== swift.token) response.writeHead(401).end()
    else if (name === '') list(response, searchParams, request.method)
    else void handle(request, response, name, searchParams)
  })

  function logIn({headers}: IncomingMessage, response: ServerResponse): void {
    const isRight = headers['x-auth-user'] === 'test:tester' && headers['x-auth-key'] === 'testing'
    const account = `${served.url}/v1/AUTH_test`
    response
      .writeHead(isRight ? 200 : 401, isRight ? {'x-auth-token': swift.token, 'x-storage-url': account} : {})
      .end()
  }

  function list(response: ServerResponse, query: URLSearchParams, method = ''): void {
    if (method !== 'GET') return void response.writeHead(method === 'HEAD' ? 204 : 202).end()
    const prefix = query.get('prefix') ?? ''
    const names = [...objects.keys()].filter(name => name.startsWith(prefix))
    const cut = query.has('delimiter') ? names.map(name => name.replace(/\/.*/, '/')) : names
    const after = [...new Set(cut)].sort().filter(name => name > (query.get('marker') ?? ''))
    const page = after.slice(0, Number(query.get('limit') ?? 10_000))
    response.end(JSON.stringify(page.map(name => (name.endsWith('/') ? {subdir: name} : {name}))))
  }

  async function handle(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    query: URLSearchParams,
  ): Promise<void> {
    const found = objects.get(name)
    const {method} = request
    if (method === 'PUT') await put(request, response, name, query).catch(() => response.destroy())
    else if (!found) response.writeHead(404).end()
    else if (method === 'DELETE') response.writeHead(objects.delete(name) ? 204 : 404).end()
    else if (method === 'POST') {
      found.expires = !('x-remove-delete-at' in request.headers)
      response.writeHead(202).end()
    } else read(request, response, readWhole(found), found.mark)
  }

  async function put(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    query: URLSearchParams,
  ): Promise<void> {
    if (objects.has(name)) return void response.writeHead(412).end()
    const body = await buffer(request)
    const expires = 'x-delete-after' in request.headers
    const mark = request.headers['x-object-meta-upload']?.toString()
    if (query.get('multipart-manifest') !== 'put') objects.set(name, {body, expires, mark})
    else {
      const entries = JSON.parse(body.toString()) as {path: string; etag: string; size_bytes: number}[]
      const segments = entries.map(({path}) => path.replace('/glance/', ''))
      const isRight = entries.every(({etag, size_bytes: size}, n) => {
        const segment = objects.get(segments[n] ?? '')?.body
        return segment?.length === size && toEtag(segment) === etag
      })
      if (!isRight || objects.has(name))
        return void response.writeHead(isRight ? 412 : 400).end('Size Mismatch')
      objects.set(name, {body: Buffer.alloc(0), segments, expires, mark})
    }
    response.writeHead(201, {etag: toEtag(body)}).end()
  }

  function readWhole({body, segments}: StoredObject): Buffer {
    return segments ? Buffer.concat(segments.map(name => objects.get(name)!.body)) : body
  }

  const swift: FakeSwift = Object.assign(served, {
    objects,
    log,
    token: 'token-1',
    fault: () => false,
    settings: (more: Readonly<Record<string, string>> = {}) =>
      findIn({
        swift_store_auth_version: '1',
        swift_store_auth_address: `${served.url}/auth/v1.0`,
        swift_store_user: 'test:tester',
        swift_store_key: 'testing',
        swift_store_large_object_size: '1',
        swift_store_large_object_chunk_size: '1',
        ...more,
      }),
  })
  return swift
}

function read(request: IncomingMessage, response: ServerResponse, body: Buffer, mark = ''): void {
  const etag = toEtag(body)
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  if ((request.headers['if-match'] ?? etag) !== etag) return void response.writeHead(412).end()
  const part = first === undefined ? body : body.subarray(Number(first), Number(last) + 1)
  const range = first === undefined ? {} : {'content-range': `bytes ${first}-${last}/${body.length}`}
  response.writeHead(first === undefined ? 200 : 206, {
    etag,
    'content-length': part.length,
    'x-object-meta-upload': mark,
    ...range,
  })
  response.end(request.method === 'HEAD' ? undefined : part)
}

function toEtag(body: Buffer): string {
  return createHash('md5').update(body).digest('hex')
}
