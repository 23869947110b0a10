/** Clients that use a service without a pause: some add, upload, download and delete images, others read lists. */
import assert from 'node:assert/strict'

/** A load that runs. */
export interface Load {
  /** Resolves when each client has done everything once more. */
  waitForRound(): Promise<void>
  /** Ends it. @returns the failures */
  end(): Promise<readonly string[]>
}

const DATA = 'x'.repeat(300_000)

/** Starts the load. The clients keep connections open, or open one for each request. */
export function startLoad(url: string): Load {
  const failures: string[] = []
  let isEnding = false
  const clients = [useImages, useImages, readLists, readLists].map((work, n) => {
    const rounds = {count: 0}
    const send = createSend(url, n % 2 === 0)
    const run = async () => {
      for (; !isEnding; rounds.count++) await work(send)
    }
    const ended = run().catch(error => {
      failures.push(`${error.message}: ${error.cause?.message ?? ''}`)
      rounds.count = Number.POSITIVE_INFINITY
    })
    return {rounds, ended}
  })
  return {
    async waitForRound() {
      const aims = clients.map(({rounds}) => rounds.count + 2)
      while (clients.some(({rounds}, n) => rounds.count < (aims[n] ?? 0)))
        await new Promise(resolve => setImmediate(resolve))
    },
    async end() {
      isEnding = true
      await Promise.all(clients.map(({ended}) => ended))
      return failures
    },
  }
}

type Send = (method: string, path: string, status: number, body?: string) => Promise<string>

function createSend(url: string, keepsAlive: boolean): Send {
  return async (method, path, status, body) => {
    const type = path.endsWith('/file') ? 'application/octet-stream' : 'application/json'
    const headers = {'content-type': type, ...(keepsAlive ? {} : {connection: 'close'})}
    const response = await fetch(url + path, {method, headers, ...(body === undefined ? {} : {body})})
    const text = await response.text()
    assert.equal(response.status, status, `${method} ${path}: ${response.status} ${text}`)
    return text
  }
}

async function useImages(send: Send): Promise<void> {
  const body = JSON.stringify({name: 'load', disk_format: 'raw', container_format: 'bare'})
  const {id} = JSON.parse(await send('POST', '/v2/images', 201, body)) as {readonly id: string}
  await send('PUT', `/v2/images/${id}/file`, 204, DATA)
  assert.equal((await send('GET', `/v2/images/${id}/file`, 200)).length, DATA.length)
  await send('DELETE', `/v2/images/${id}`, 204)
}

async function readLists(send: Send): Promise<void> {
  await send('GET', '/v2/images?limit=5', 200)
  await send('GET', '/v1/images/detail', 200)
}
