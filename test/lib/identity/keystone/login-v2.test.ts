/** Logins at version 2.0 of the Identity API. */
import assert from 'node:assert/strict'
import {failure} from '../../../support/failure.js'
import {useLogins} from '../../../support/logins.js'

/** A response as documented for the Identity API v2.0. */
const ACCESS =
  '{"access": {"token": {"issued_at": "2014-01-30T15:30:58.819584", "expires": "2114-01-31T15:30:58Z", "id": "aaaaa-bbbbb-ccccc-dddd", "tenant": {"description": null, "enabled": true, "id": "fc394f2ab2df4114bde39905f800dc57", "name": "demo"}}, "serviceCatalog": [{"endpoints": [{"adminURL": "http://23.253.72.207:8774/v2/fc394f2ab2df4114bde39905f800dc57", "region": "RegionOne", "internalURL": "http://23.253.72.207:8774/v2/fc394f2ab2df4114bde39905f800dc57", "id": "2dad48f09e2a447a9bf852bcd93548ef", "publicURL": "http://23.253.72.207:8774/v2/fc394f2ab2df4114bde39905f800dc57"}], "endpoints_links": [], "type": "compute", "name": "nova"}, {"endpoints": [{"adminURL": "http://10.0.0.1:9292/v1", "region": "RegionOne", "internalURL": "http://10.0.0.2:9292/v1", "id": "2e9e1a2e", "publicURL": "http://23.253.72.207:9292/v1"}], "endpoints_links": [], "type": "image", "name": "glance"}], "user": {"username": "demo", "roles_links": [], "id": "9a6590b2ab024747bc2167c4e064d00d", "roles": [{"name": "Member"}], "name": "demo"}, "metadata": {"is_admin": 0, "roles": ["7598ac3c634d4c3da4b9126a5f67ca2b"]}}}'

describe('Keystone v2.0', () => {
  const logins = useLogins()
  beforeEach(() => logins.keystone.answer(() => ({status: 200, body: ACCESS})))

  const session = (env: Record<string, string>) =>
    logins.session({OS_AUTH_URL: `${logins.keystone.url}/v2.0`, ...env})
  const USER = {OS_AUTH_USER: 'demo', OS_AUTH_KEY: 'hunter2'}

  it('sends user, password and tenant', async () => {
    await session({...USER, OS_AUTH_TENANT: 'demo'})
    assert.deepEqual(logins.keystone.asked, [
      {
        line: 'POST /v2.0/tokens',
        token: undefined,
        subject: undefined,
        body: {auth: {tenantName: 'demo', passwordCredentials: {username: 'demo', password: 'hunter2'}}},
      },
    ])
  })

  it('sends a token and a tenant by id', async () => {
    await session({OS_TOKEN: 'aaa', OS_TENANT_ID: 'fc39'})
    assert.deepEqual(logins.keystone.asked[0]?.body, {auth: {tenantId: 'fc39', token: {id: 'aaa'}}})
  })

  it('posts to /v2.0 when the version is set instead', async () => {
    await session({...USER, OS_AUTH_URL: `${logins.keystone.url}/identity/`, OS_IDENTITY_API_VERSION: '2'})
    assert.equal(logins.keystone.asked[0]?.line, 'POST /identity/v2.0/tokens')
  })

  it('reads the old form of the catalog', async () => {
    assert.deepEqual(await session({...USER, OS_INTERFACE: 'internalURL'}), {
      headers: {'x-auth-token': 'aaaaa-bbbbb-ccccc-dddd'},
      endpoint: 'http://10.0.0.2:9292',
      expiresAt: new Date('2114-01-31T15:30:58.000Z'),
      projectId: 'fc394f2ab2df4114bde39905f800dc57',
      projectName: 'demo',
      userId: '9a6590b2ab024747bc2167c4e064d00d',
    })
  })

  it('never quotes a truncated response, since it holds a token', async () => {
    logins.keystone.answer(() => ({status: 200, body: ACCESS.slice(0, 200)}))
    await assert.rejects(session(USER), {
      kind: 'failed',
      message: `cannot parse the response of ${logins.keystone.url}/v2.0/tokens`,
      why: 'it is not a response of an Identity service',
    })
    logins.keystone.answer(() => ({status: 200, body: '{"access": {"token": {}}}'}))
    await assert.rejects(session(USER), {kind: 'failed'})
  })

  it('says what only version 3 can do', async () => {
    await assert.rejects(session({...USER, OS_IDENTITY_API_VERSION: '2', OS_SYSTEM_SCOPE: 'all'}), {
      kind: 'usage',
      message: "version 2.0 of the Identity API does not support scope 'system'",
    })
  })

  it('says that a recent cloud has no version 2.0', async () => {
    logins.keystone.answer(() => ({
      status: 404,
      headers: {'content-type': 'text/html; charset=utf-8'},
      body: '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n',
    }))
    await assert.rejects(
      session(USER),
      failure(
        'usage',
        `no Identity service found at ${logins.keystone.url}/v2.0/tokens`,
        'the server answered 404',
      ),
    )
  })
})
