/** Requests to services that share a registry, for tests of several processes. */
import assert from 'node:assert/strict'
import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {RawConnection} from './http/raw-http.js'

type Json = Readonly<Record<string, unknown>>

/** Requests to one service. */
export class ServiceClient {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  /** Creates an image of API v2. */
  async create(id: string): Promise<void> {
    const body = JSON.stringify({id, disk_format: 'raw', container_format: 'bare'})
    const {status} = await this.send('POST', '/v2/images', body)
    assert.equal(status, 201)
  }

  async read(path: string): Promise<Json> {
    return (await (await this.send('GET', path)).json()) as Json
  }

  /** The status of an image; 'none' when there is none. */
  async readStatus(id: string): Promise<unknown> {
    const {status = 'none'} = await this.read(`/v2/images/${id}`)
    return status
  }

  /** Asks until the image has the status. */
  async waitForStatus(id: string, expected: string): Promise<void> {
    while ((await this.readStatus(id)) !== expected);
  }

  send(method: string, path: string, body?: string, type = 'application/json'): Promise<Response> {
    const headers = {'content-type': type}
    return fetch(this.url + path, {method, headers, ...(body === undefined ? {} : {body})})
  }

  /** Begins to send eight bytes of data; all but the last arrive. @param call `file` or `stage` */
  async beginUpload(id: string, call = 'file'): Promise<RawConnection> {
    const connection = new RawConnection(Number(new URL(this.url).port))
    const type = 'Content-Type: application/octet-stream\r\nContent-Length: 8'
    await connection.write(
      `PUT /v2/images/${id}/${call} HTTP/1.1\r\nHost: localhost\r\n${type}\r\n\r\n1234567`,
    )
    await this.waitForStatus(id, call === 'file' ? 'saving' : 'uploading')
    return connection
  }
}

/** Sends the last byte of an upload. @returns the status of the response; undefined when there is none */
export async function endUpload(connection: RawConnection): Promise<number | undefined> {
  await connection.write('8').catch(() => {})
  const answer = await connection.answer().catch(() => undefined)
  connection.socket.destroy()
  return answer?.status
}

/** All files in the stores of a folder. */
export async function listFiles(folder: string): Promise<readonly string[]> {
  const stores = ['images', 'staging'].map(name => readdir(join(folder, name)))
  return (await Promise.all(stores)).flat()
}
