/** Rules of images and internal errors, tested with fakes. */
import assert from 'node:assert/strict'
import {isUuid} from '../../../src/server/api/v1/input.js'
import type {Backends} from '../../../src/server/backends.js'
import type {Registry} from '../../../src/server/registry/registry.js'
import {createServerWith} from '../../../src/server/server.js'
import type {Store} from '../../../src/server/stores/store.js'
import {exchange} from '../../support/http/raw-http.js'
import {toStoreSet} from '../../support/store-set.js'

describe('rules of images', () => {
  const yes = [
    '00000001-0000-4000-8000-000000000000',
    'ABCDEF00-0000-4000-8000-000000000000',
    'aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa',
    '{00000001-0000-4000-8000-000000000000}',
    'urn:uuid:00000001-0000-4000-8000-000000000000',
  ]
  const no = [
    '',
    '1',
    '00000001-0000-4000-8000-00000000000g',
    `${'-'.repeat(50)}${'a'.repeat(32)}`,
    '../../etc/passwd',
  ]
  for (const text of yes) it(`${text} is a UUID`, () => assert.equal(isUuid(text), true))
  for (const text of no) it(`${text} is no UUID`, () => assert.equal(isUuid(text), false))
})

describe('an internal error', () => {
  /** What a start asks for, and finds nothing. */
  const nothing = new Set<unknown>(['findWithOtherFolders', 'findOldestJob'])
  const broken = new Proxy({} as Registry, {
    get: (_, name) => async () => {
      if (
        name !== 'forgetProcesses' &&
        name !== 'recordHeartbeat' &&
        name !== 'watchDeletions' &&
        name !== 'listAbandonedUploads' &&
        !nothing.has(name) &&
        name !== 'claimSweep' &&
        name !== 'releaseSweep' &&
        name !== 'deleteFinishedTasks' &&
        name !== 'listUnusedData'
      )
        throw new Error('the registry is broken')
      return nothing.has(name) ? undefined : []
    },
  })
  const store = {schemes: ['file'], sweep: async () => 0} as unknown as Store

  it('is 500 with a request id, and its stack goes to the log but not to the caller', async () => {
    const warnings: string[] = []
    const backends: Backends = {
      registry: broken,
      stores: toStoreSet(store),
      staging: store,
      remoteStores: [],
      close: async () => {},
    }
    const settings = {host: '127.0.0.1', port: 0, dataDir: '/nowhere', shutdownSeconds: 1, pid: 1}
    const warn = (line: string, facts?: {readonly request_id?: string}) =>
      warnings.push(`${facts?.request_id} ${line}`)
    const reporter = {log: () => {}, warn}
    const server = await createServerWith(backends, settings, reporter)
    const port = Number(new URL(await server.listen()).port)
    const answer = await exchange(port, 'GET /v1/images HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const query = `name=${'x'.repeat(5000)}`
    await exchange(port, `GET /v1/images?${query} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await server.close()
    assert.equal(answer.status, 500)
    assert.equal(
      answer.body.toString(),
      '500 Internal Server Error\n\n' +
        'The server has either erred or is incapable of performing the requested operation.\n\n   ',
    )
    const id = answer.headers.get('x-openstack-request-id') ?? 'none'
    assert.equal(warnings.length, 2)
    assert.ok(warnings[0]?.startsWith(`${id} GET /v1/images failed: Error: the registry is broken\n    at `))
    assert.match(warnings[1] ?? '', / GET \/v1\/images\?name=x{184}\.\.\. failed: Error: /)
  })
})
