/** Callers of a service without authentication: no page in a browser may call it, whatever host name it uses. */
import assert from 'node:assert/strict'
import {rm} from 'node:fs/promises'
import {createServer} from '../../../src/server/server.js'
import {exchange} from '../../support/http/raw-http.js'
import {temporaryFolder} from '../../support/test-service.js'

/** Sends a list request, and returns the status and text of the response. */
async function sendRequest(
  port: number,
  headers: string,
  version = '1.1',
): Promise<readonly [number, string]> {
  const request = `GET /v1/images HTTP/${version}\r\n${headers}Accept: text/plain\r\n\r\n`
  const {status, body} = await exchange(port, request)
  return [status, body.toString()]
}

describe('host names of a service', () => {
  const stops: (() => Promise<void>)[] = []
  const ports: Record<string, number> = {}
  before(async () => {
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      const dataDir = await temporaryFolder()
      const settings = {host, port: 0, dataDir, shutdownSeconds: 1, pid: 1}
      const server = await createServer(settings, {log: () => {}, warn: () => {}})
      stops.push(() => server.close().finally(() => rm(dataDir, {recursive: true})))
      ports[host] = Number(new URL(await server.listen()).port)
    }
  })
  after(() => Promise.all(stops.map(stop => stop())))

  const portOn = (host: string) => ports[host] ?? assert.fail(host)

  for (const host of ['127.0.0.1', '127.0.0.1:9292', 'localhost', 'LOCALHOST:1', '[::1]', '[::1]:9292', '']) {
    it(`on loopback, '${host}' is accepted`, async () => {
      const [status] = await sendRequest(portOn('127.0.0.1'), `Host: ${host}\r\n`)
      assert.equal(status, 200)
    })
  }

  for (const host of [
    'evil.example',
    'evil.example:9292',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'h',
  ]) {
    it(`on loopback, '${host}' is refused`, async () => {
      const [status, words] = await sendRequest(portOn('127.0.0.1'), `Host: ${host}\r\n`)
      assert.equal(status, 421)
      assert.match(words, /^421 Misdirected Request\n\nThis service listens on 127\.0\.0\.1 only\./)
    })
  }

  it('are not required from HTTP/1.0 clients', async () => {
    const [status] = await sendRequest(portOn('127.0.0.1'), '', '1.0')
    assert.equal(status, 200)
  })

  it('are not checked when others can reach it', async () => {
    const [status] = await sendRequest(portOn('0.0.0.0'), 'Host: images.example\r\n')
    assert.equal(status, 200)
  })

  const origins: readonly (readonly [string, number])[] = [
    ['http://127.0.0.1:9292', 200],
    ['https://127.0.0.1:9292', 200],
    ['http://127.0.0.1:8080', 403],
    ['https://evil.example', 403],
    ['null', 403],
  ]
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    for (const [origin, expected] of origins) {
      it(`on ${host}, a page of ${origin} gets ${expected}`, async () => {
        const headers = `Host: 127.0.0.1:9292\r\nOrigin: ${origin}\r\n`
        const [status] = await sendRequest(portOn(host), headers)
        assert.equal(status, expected)
      })
    }
  }
})
