/** Requests to the container of a store in Swift. */
import {randomUUID} from 'node:crypto'
import type {Readable} from 'node:stream'
import {isConnectionReset} from '../../../lib/http/errors/transport-errors.js'
import type {Method, Reply, Request, Send} from '../../../lib/http/message.js'
import {Failure} from '../../../lib/model/errors.js'
import {existsError} from '../data-key.js'
import {type ByteRange, StoreMissing, StoreUnavailable} from '../store.js'

type RequestParts = Pick<Request, 'body' | 'headers'> & {readonly query?: Readonly<Record<string, string>>}

/** Names of objects that are listed at a time. */
const PAGE = 500
/** Metadata of an object that tells which request has created it. */
const MARK = 'x-object-meta-upload'
/** Objects that are deleted at a time. */
const DELETES = 8

/** A container. Methods reject with `StoreUnavailable` while Swift cannot be used. */
export class SwiftContainer {
  readonly #send: Send
  readonly #url: string

  /**
   * @param send adds the token
   * @param url of the container
   */
  constructor(send: Send, url: string) {
    this.#send = send
    this.#url = url
  }

  /** Checks that the container can be used, with a token that is valid: one that expired is renewed. */
  async check(): Promise<void> {
    await this.#request('HEAD', '', [204, 200])
  }

  /**
   * Creates an object. A request that is sent again, because its answer was lost or was an error, may find what it has created:
   * the object has a mark, so that it is taken for this one, and that of others is not.
   * @returns its MD5 as Swift computed it; of a manifest, something else
   * @throws an error of code EEXIST if there is another one, of code ENOSPC over a quota
   */
  async create(
    name: string,
    body: Readable | Uint8Array | string,
    parts: RequestParts = {},
  ): Promise<string> {
    const headers = {
      'content-type': 'application/octet-stream',
      'if-none-match': '*',
      [MARK]: randomUUID(),
      ...parts.headers,
    }
    const reply = await this.#request('PUT', name, [201, 412], {...parts, headers, body})
    if (reply.status === 201) return reply.headers.get('etag') ?? ''
    const found = await this.#request('HEAD', name, [200, 404])
    if (found.headers.get(MARK) !== headers[MARK]) throw existsError(name)
    return found.headers.get('etag') ?? ''
  }

  /**
   * Reads an object, or a range of it.
   * @param etag of the object that is expected
   * @throws StoreMissing
   */
  read(name: string, range?: ByteRange, etag?: string): Promise<Reply> {
    const headers = {
      ...(range && {range: `bytes=${range.first}-${range.last}`}),
      ...(etag && {'if-match': etag}),
    }
    return this.#request('GET', name, [range ? 206 : 200], {headers})
  }

  /** Bytes of an object. @throws StoreMissing */
  async getSize(name: string): Promise<number> {
    const {headers} = await this.#request('HEAD', name, [200])
    return Number(headers.get('content-length'))
  }

  /** True if there is an object. */
  async has(name: string): Promise<boolean> {
    return (await this.#request('HEAD', name, [200, 404])).status === 200
  }

  /** Removes the expiry of an object. */
  async keep(name: string): Promise<void> {
    await this.#request('POST', name, [202], {headers: {'x-remove-delete-at': 'yes'}})
  }

  /** Deletes an object; returns false if there was none. A manifest is deleted without its segments. */
  async delete(name: string): Promise<boolean> {
    return (await this.#request('DELETE', name, [204, 404])).status === 204
  }

  /** Deletes objects, some at a time. @returns the number of those that there were */
  async deleteAll(names: readonly string[]): Promise<number> {
    let deleted = 0
    for (let first = 0; first < names.length; first += DELETES) {
      const some = names.slice(first, first + DELETES)
      const results = await Promise.all(some.map(name => this.delete(name)))
      deleted += results.filter(Boolean).length
    }
    return deleted
  }

  /** The names of objects, a page at a time. With a delimiter, what follows it is cut off. */
  async *list(query: {readonly prefix?: string; readonly delimiter?: string}): AsyncGenerator<string[]> {
    for (let marker: string | undefined = ''; marker !== undefined; ) {
      const page = {format: 'json', limit: String(PAGE), marker, ...query}
      const reply = await this.#request('GET', '', [200, 204], {query: page})
      const names = parseNames(await readText(reply))
      if (names.length > 0) yield names
      marker = names.at(-1)
    }
  }

  /** Sends a request; the body of the reply is read to its end, except for that of GET. */
  async #request(
    method: Method,
    name: string,
    expected: readonly number[],
    {query, ...parts}: RequestParts = {},
  ): Promise<Reply> {
    const path = name === '' ? '' : `/${encodePath(name)}`
    const search = query ? `?${new URLSearchParams(query)}` : ''
    try {
      const reply = await this.#send({method, url: this.#url + path + search, ...parts})
      if (!expected.includes(reply.status)) throw await toError(reply, name)
      if (method !== 'GET') await reply.discard()
      return reply
    } catch (error) {
      throw toUnavailable(error)
    }
  }
}

/** A failure of the connection or the login as an error of the store; any other error is returned unchanged. */
export function toUnavailable(error: unknown): unknown {
  if (!(error instanceof Failure)) return error
  const why = isConnectionReset(error.cause) ? 'the connection broke' : (error.why ?? error.message)
  const reason = error.kind === 'denied' ? 'Swift rejects its user' : `Swift cannot be used: ${why}`
  return new StoreUnavailable(reason, {cause: error})
}

async function toError(reply: Reply, name: string): Promise<Error> {
  await reply.discard().catch(() => {})
  switch (reply.status) {
    case 404:
      if (name !== '') return new StoreMissing(`nothing found at ${name}`)
      return new StoreUnavailable('its container in Swift does not exist')
    case 401:
    case 403:
      return new StoreUnavailable('Swift rejects its user')
    case 412:
      return new StoreMissing(`${name} has other data now`)
    case 413:
    case 507:
      return Object.assign(new Error('ENOSPC: no space left in Swift'), {code: 'ENOSPC'})
    default:
      return new StoreUnavailable(`Swift answered ${reply.status}`)
  }
}

async function readText(reply: Reply): Promise<string> {
  try {
    return await reply.text()
  } catch (error) {
    throw toUnavailable(error)
  }
}

/** The names in a page of a list: objects, and names that were cut at the delimiter. */
function parseNames(text: string): string[] {
  const entries: readonly {readonly name?: string; readonly subdir?: string}[] = JSON.parse(text || '[]')
  return entries.flatMap(({name, subdir}) => name ?? subdir ?? [])
}

function encodePath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/')
}
