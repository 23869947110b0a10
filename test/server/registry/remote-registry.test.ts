/** The registry on a registry server: the contract, concurrent decisions, and a server that is away. */
import assert from 'node:assert/strict'
import {sql} from 'kysely'
import {migrate} from '../../../src/server/registry/migrations/migrate.js'
import type {Registry} from '../../../src/server/registry/registry.js'
import {KyselyRegistry} from '../../../src/server/registry/sql/kysely-registry.js'
import {openDatabase, openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {RegistryUnavailable} from '../../../src/server/registry/unavailable.js'
import {registryContract} from '../../contract/registry.contract.js'
import {createNetwork, type Network} from '../../support/http/network.js'
import {serve} from '../../support/http/serve.js'
import {openRemote, startRegistryServer, type TestRegistryServer} from '../../support/registry-server.js'

const TABLES = [
  ...['image_properties', 'image_members', 'image_tags', 'images'],
  ...['tasks', 'unused_data', 'purged_images', 'processes'],
  ...['metadef_definitions', 'metadef_namespaces', 'metadef_resource_types', 'events'],
]
const UNAVAILABLE = {name: 'RegistryUnavailable', code: 'REGISTRY_UNAVAILABLE'}

describe('a registry server with SQLite', () => {
  let db: Awaited<ReturnType<typeof openDatabase>>
  let server: TestRegistryServer
  before(async () => {
    db = await openDatabase(':memory:')
    await migrate(db)
    server = await startRegistryServer(new KyselyRegistry(db))
  })
  after(() => server.close())

  registryContract('on a registry server', async () => {
    for (const table of TABLES) await sql`delete from ${sql.table(table)}`.execute(db)
    return server.open()
  })
})

describe('several API servers on one registry server', () => {
  let database: Registry
  let server: TestRegistryServer
  let both: readonly [Registry, Registry]
  beforeEach(async () => {
    database = await openRegistry(':memory:')
    server = await startRegistryServer(database)
    both = [await server.open(), await server.open()]
  })
  afterEach(async () => {
    await Promise.all(both.map(registry => registry.close()))
    await server.close()
  })

  it('lose none of 40 changes of one image', async () => {
    await both[0].create({id: 'a', properties: {}})
    const names = Array.from({length: 40}, (_, n) => `p${String(n).padStart(2, '0')}`)
    const add = (name: string, n: number) =>
      both[n % 2]!.change('a', ({properties}) => ({properties: {...properties, [name]: 'v'}}))
    await Promise.all(names.map(add))
    assert.deepEqual(Object.keys((await both[1].find('a'))?.properties ?? {}), names)
  })

  it('add no more members than a decision allows', async () => {
    await both[0].create({id: 'a'})
    const adding = Array.from({length: 20}, (_, n) =>
      both[n % 2]!.addMember('a', `m${n}`, (_image, members) => {
        if (members.length >= 10) throw new Error('full')
        return undefined
      }),
    )
    const refused = (await Promise.allSettled(adding)).filter(({status}) => status === 'rejected')
    assert.deepEqual([refused.length, (await both[1].listMembers('a'))?.length], [10, 10])
  })

  it('decide again by an image that was changed since', async () => {
    await both[0].create({id: 'a', size: 1, properties: {k: 'v'}})
    const seen: number[] = []
    // The database of this process is faster than a request.
    const changed = await both[0].change('a', ({size}) => {
      if (seen.push(size) === 1) void database.change('a', () => ({size: 5}))
      return {size: size + 1}
    })
    assert.deepEqual([seen, changed?.size], [[1, 5], 6])
  })

  it('do not change an image of which a decision refuses the new state', async () => {
    await both[0].create({id: 'a'})
    const remove = both[0].delete('a', image => {
      if (image.protected) throw new Error('protected')
      void database.change('a', () => ({protected: true}))
      return {}
    })
    await assert.rejects(remove, {message: 'protected'})
    assert.equal((await database.find('a'))?.deleted, false)
  })

  it('change a task and its image by what they have seen of both', async () => {
    await both[0].create({id: 'a', size: 1})
    const task = {id: 't', imageId: 'a', type: 'x', owner: null, userId: null, requestId: '', input: ''}
    await both[0].createTask(task, () => ({}))
    const held = {...(await both[0].findTask('t'))!}
    let tries = 0
    const ended = await both[0].updateTask(held, {status: 'success'}, ({size}) => {
      if (tries++ === 0) void database.change('a', () => ({size: 5}))
      return {size: size + 1}
    })
    assert.deepEqual([ended?.status, tries, (await database.find('a'))?.size], ['success', 2, 6])
    const decide = () => assert.fail('it has ended')
    assert.equal(await both[1].updateTask(held, {status: 'failure'}, decide), undefined)
  })

  it('hear of an image that another one deletes while its data arrives', async () => {
    const heard: string[] = []
    both[0].watchDeletions(id => heard.push(id))
    // Until the stream is open.
    for (let n = 0; heard.length === 0; n++) {
      await both[1].create({id: `still ${n}`})
      await both[1].create({id: `arriving ${n}`, arriving: 'file:///a'})
      for (const id of [`still ${n}`, `arriving ${n}`]) await both[1].delete(id)
    }
    assert.match(heard.join(), /^(arriving \d+,?)+$/)
  })

  it('pass on the code of an error of the database', async () => {
    database.find = () => Promise.reject(Object.assign(new Error('x'), {code: 'SQLITE_FULL'}))
    await assert.rejects(both[0].find('a'), {code: 'SQLITE_FULL'})
    assert.match(server.warnings.join(), /find failed: the database reports SQLITE_FULL/)
  })

  it('wait for a database that is away as if it were their own', async () => {
    database.find = () => Promise.reject(new RegistryUnavailable('gone', undefined))
    await assert.rejects(both[0].find('a'), {...UNAVAILABLE, message: 'its database does not answer'})
  })
})

describe('a registry server that is away', () => {
  let server: TestRegistryServer
  let network: Network
  let registry: Registry
  const warnings: string[] = []
  beforeEach(async () => {
    warnings.length = 0
    server = await startRegistryServer()
    network = await createNetwork(server.url)
    const port = Number(new URL(network.url).port)
    const env = {GLANCE_REGISTRY_CLIENT_TIMEOUT: '1'}
    registry = await openRemote({port, env, warn: line => warnings.push(line)})
  })
  afterEach(async () => {
    await registry.close()
    await network.close()
    await server.close()
  })

  it('is reported once, and used again when it is back', async () => {
    await registry.create({id: 'a'})
    await network.cut()
    await assert.rejects(registry.find('a'), UNAVAILABLE)
    await assert.rejects(
      registry.change('a', () => ({})),
      UNAVAILABLE,
    )
    await network.restore()
    assert.equal((await registry.find('a'))?.id, 'a')
    assert.deepEqual(
      warnings.map(line => line.replace(/http:..127\S+/, 'HOST')),
      [
        'the registry server is not available: cannot reach the registry server at HOST connection refused',
        'the registry server is available again',
      ],
    )
  })

  it('does not keep a request, nor all changes of an image that wait for each other', async () => {
    await registry.create({id: 'a'})
    network.silence()
    const changes = Array.from({length: 20}, () => registry.change('a', () => ({name: 'n'})))
    for (const change of changes) await assert.rejects(change, UNAVAILABLE)
  })

  it('has made a change once whose answer was lost', async () => {
    await registry.create({id: 'a', size: 1})
    const lost = network.loseAnswer(/rpc\/change/)
    const change = registry.change('a', ({size}) => ({size: size + 1}))
    await assert.rejects(change, UNAVAILABLE)
    await lost
    assert.equal((await registry.find('a'))?.size, 2)
  })
})

describe('an API server that opens a registry on a server', () => {
  it('fails without a server there', async () => {
    const served = await serve((_request, response) => response.end('<html>'))
    const failure = {name: 'Failure', kind: 'unavailable'}
    await assert.rejects(openRemote({port: served.port}), {
      ...failure,
      why: /a registry server listens there/,
    })
    await served.close()
    await assert.rejects(openRemote({port: served.port}), {...failure, why: /connection refused/})
  })

  it('fails when the server speaks another version', async () => {
    const served = await serve((_request, response) => response.end('{"result": {"protocol": 2}}'))
    await assert.rejects(openRemote({port: served.port}), {kind: 'conflict', why: /speaks version 2/})
    await served.close()
  })

  it('fails without the secret of the server', async () => {
    const server = await startRegistryServer(undefined, {GLANCE_REGISTRY_TOKEN: 's3cret'})
    for (const env of [{}, {GLANCE_REGISTRY_TOKEN: 's3cre'}, {GLANCE_REGISTRY_TOKEN: 's3cret2'}]) {
      await assert.rejects(server.open({env}), {
        kind: 'unavailable',
        why: 'it does not accept registry_token',
      })
    }
    const registry = await server.open({env: {GLANCE_REGISTRY_TOKEN: 's3cret'}})
    assert.equal(await registry.find('a'), undefined)
    await registry.close()
    await server.close()
    assert.doesNotMatch(server.log.join(), /s3cre/)
  })
})
