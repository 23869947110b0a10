/** Logins of the store in Swift: with Keystone of both versions, and which endpoint of the catalog is used. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {openSwiftStore} from '../../../src/server/stores/swift/open-swift.js'
import {createTokenReply, type FakeKeystone, startFakeKeystone} from '../../support/fake-keystone.js'
import {type FakeSwift, findIn, startFakeSwift} from '../../support/fake-swift.js'
import {serveTls} from '../../support/tls.js'

describe('login of the store in swift', () => {
  let swift: FakeSwift
  let keystone: FakeKeystone
  before(async () => {
    swift = await startFakeSwift()
    keystone = await startFakeKeystone()
  })
  after(() => Promise.all([swift.close(), keystone.close()]))

  const open = (more: Readonly<Record<string, string>> = {}) =>
    openSwiftStore(
      findIn({
        swift_store_auth_address: `${keystone.url}/v3`,
        swift_store_user: 'service:glance',
        swift_store_key: 'secret-key',
        ...more,
      }),
    )
  const refuse = (more?: Readonly<Record<string, string>>) => open(more).catch(error => error)
  /** An endpoint of Swift that does not exist, unless the URL is given. */
  const endpoint = (name: string, region: string, url = 'http://127.0.0.1:1/v1/AUTH_test') => ({
    interface: name,
    region_id: region,
    url,
  })
  const offer = (...endpoints: readonly object[]) =>
    keystone.answer(() =>
      createTokenReply({
        token: swift.token,
        catalog: JSON.stringify([
          {type: 'object-store', endpoints},
          {type: 'image', endpoints: [endpoint('public', 'one')]},
        ]),
      }),
    )
  const here = () => `${swift.url}/v1/AUTH_test`

  it('names user, project and their domains in version 3', async () => {
    offer(endpoint('internal', 'one'), endpoint('public', 'one', here()))
    const store = await open({swift_store_project_domain_name: 'Services'})
    assert.deepEqual(keystone.asked.at(-1)?.body, {
      auth: {
        identity: {
          methods: ['password'],
          password: {user: {name: 'glance', domain: {name: 'Default'}, password: 'secret-key'}},
        },
        scope: {project: {name: 'service', domain: {name: 'Services'}}},
      },
    })
    const {location} = await store.put('a', Readable.from([Buffer.from('x')]))
    assert.equal(location, 'swift://AUTH_test/glance/a')
    assert.equal((await buffer((await store.get(location)).data)).toString(), 'x')
  })

  it('names user and tenant in version 2', async () => {
    keystone.answer(() => ({
      status: 200,
      body: JSON.stringify({
        access: {
          token: {id: swift.token, expires: '2126-11-21T09:33:32Z'},
          serviceCatalog: [{type: 'object-store', endpoints: [{region: 'one', publicURL: here()}]}],
        },
      }),
    }))
    const address = {swift_store_auth_address: `${keystone.url}/v2.0`, swift_store_auth_version: '2'}
    await open(address)
    const {line, body} = keystone.asked.at(-1) ?? {}
    assert.equal(line, 'POST /v2.0/tokens')
    const passwordCredentials = {username: 'glance', password: 'secret-key'}
    assert.deepEqual(body, {auth: {passwordCredentials, tenantName: 'service'}})
  })

  it('takes the endpoint of the region and the interface', async () => {
    offer(endpoint('public', 'two'), endpoint('internal', 'one'), endpoint('internal', 'two', here()))
    await open({swift_store_region: 'two', swift_store_endpoint_type: 'internalURL'})
  })

  it('takes an account in place of the catalog', async () => {
    offer(endpoint('public', 'one'))
    await open({swift_store_endpoint: `${here()}/`})
  })

  it('refuses several regions, and an interface that does not exist', async () => {
    offer(endpoint('public', 'one'), endpoint('public', 'two', here()))
    const several = await refuse()
    assert.deepEqual(
      [several.kind, several.message, several.why],
      [
        'usage',
        'Swift is in several regions',
        'its endpoints of type object-store are: public in one, public in two',
      ],
    )
    const none = await refuse({swift_store_endpoint_type: 'adminURL'})
    assert.equal(none.message, "Keystone has no endpoint 'admin' of Swift for the user")
  })

  it('logs in again when the token expires', async () => {
    offer(endpoint('public', 'one', here()))
    const store = await open()
    swift.token = 'another'
    offer(endpoint('public', 'one', here()))
    const before = keystone.asked.length
    assert.equal((await store.put('b', Readable.from([Buffer.from('x')]))).size, 1)
    assert.equal(keystone.asked.length, before + 1)
  })

  it('tells a rejected user what to check, without the key', async () => {
    keystone.answer(() => ({
      status: 401,
      body: '{"error": {"code": 401, "message": "The key secret-key is wrong.", "title": "Unauthorized"}}',
    }))
    const failure = await refuse()
    assert.equal(failure.kind, 'denied')
    assert.match(failure.message, /rejected user 'glance' for project 'service'/)
    assert.match(failure.advice, /swift_store_user and swift_store_key \(GLANCE_SWIFT_STORE_KEY\)/)
    assert.doesNotMatch(JSON.stringify(failure), /secret-key/)
  })

  const CHECK_ADDRESS =
    'Check swift_store_auth_address (http:// or https:// too) and swift_store_auth_version (3 and 2: Keystone, 1: Swift itself).'

  it('tells to check the version where another service answers', async () => {
    // As tempauth does.
    keystone.answer(() => ({status: 405}))
    for (const swift_store_auth_version of ['2', '3']) {
      const {kind, advice} = await refuse({swift_store_auth_version})
      assert.deepEqual([kind, advice], ['usage', CHECK_ADDRESS])
    }
    keystone.answer(() => ({status: 200, body: '{}'}))
    const {kind, why, advice} = await refuse({swift_store_auth_version: '1'})
    assert.deepEqual([kind, why, advice], ['usage', 'it answered 200 without a token', CHECK_ADDRESS])
  })

  it('tells to check the protocol when only one side uses TLS', async () => {
    const version = {swift_store_auth_version: '1'}
    const refusal = await refuse({...version, swift_store_auth_address: swift.url.replace('http:', 'https:')})
    assert.deepEqual(
      [refusal.why, refusal.advice],
      [
        'the server does not use TLS on this port',
        'Write http:// in the address, which comes from swift_store_auth_address.',
      ],
    )
    const tls = await serveTls(() => {})
    const address = tls.url.replace('https:', 'http:')
    assert.equal((await refuse({...version, swift_store_auth_address: address})).advice, CHECK_ADDRESS)
    await tls.close()
    offer(endpoint('public', 'one'))
    const {advice} = await refuse({swift_store_endpoint: here().replace('http:', 'https:')})
    assert.equal(advice, 'Write http:// in the address, which comes from swift_store_endpoint.')
  })

  it('cannot use the store while Keystone is away', async () => {
    offer(endpoint('public', 'one', here()))
    const store = await open()
    swift.token = 'a third'
    keystone.answer(() => ({status: 500}))
    await assert.rejects(store.getSize(store.locate('a')), {
      name: 'StoreUnavailable',
      message: 'Swift cannot be used: it answered 500',
    })
  })
})
