/** Failing logins: the reason and the advice in the error. */
import assert from 'node:assert/strict'
import {createTransport} from '../../../../src/lib/http/send.js'
import {openIdentity} from '../../../../src/lib/identity/open-identity.js'
import {resolveSettings} from '../../../../src/lib/identity/settings/settings.js'
import {noTokenCache} from '../../../../src/lib/identity/token-cache.js'
import type {Failure} from '../../../../src/lib/model/errors.js'
import {failure} from '../../../support/failure.js'
import {startFakeKeystone, type TokenReply} from '../../../support/fake-keystone.js'
import {useLogins} from '../../../support/logins.js'

const ALPHA = {OS_USERNAME: 'alpha', OS_PASSWORD: 'hunter2', OS_USER_DOMAIN_NAME: 'Default'}
const PROJECT = {OS_PROJECT_NAME: 'alpha', OS_PROJECT_DOMAIN_NAME: 'Default'}
const REFUSED: TokenReply = {
  status: 401,
  headers: {'www-authenticate': 'Keystone uri="http://127.0.0.1:5000/v3"'},
  body: '{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}',
}

const CHECK_ALPHA =
  "Check username 'alpha' (OS_USERNAME); password (OS_PASSWORD); user_domain_name 'Default' (OS_USER_DOMAIN_NAME); project_name 'alpha' (OS_PROJECT_NAME); project_domain_name 'Default' (OS_PROJECT_DOMAIN_NAME)."

describe('a login that fails', () => {
  const logins = useLogins({addressFrom: 'OS_AUTH_URL'})
  const {identity, send, session} = logins

  it('names the common source of several settings once when they are refused', async () => {
    const path = await logins.fixture.put(
      'cwd/clouds.yaml',
      `clouds: {a: {auth: {auth_url: '${logins.keystone.url}', username: u, password: hunter2, project_id: p}}}`,
    )
    logins.keystone.answer(() => REFUSED)
    await assert.rejects(session({OS_CLOUD: 'a', OS_PROJECT_NAME: 'q'}), {
      advice: `Check username 'u', password (cloud 'a' in ${path}); user_domain_id 'default', project_domain_id 'default' (default); project_name 'q' (OS_PROJECT_NAME).`,
    })
  })

  it('names the password too when it was typed', async () => {
    logins.keystone.answer(() => REFUSED)
    const {OS_PASSWORD: _, ...env} = {...ALPHA, ...PROJECT}
    await assert.rejects((await identity(env, async () => 'hunter3')).session(), {
      kind: 'denied',
      advice: CHECK_ALPHA.replace('password (OS_PASSWORD)', 'password (as typed)'),
    })
  })

  it('says how to set a missing password', async () => {
    const {OS_PASSWORD: _, ...env} = ALPHA
    await assert.rejects(session(env), {
      message: "a password is required for user 'alpha'",
      advice: 'Set OS_PASSWORD, or type it at a terminal when asked.',
    })
    await logins.fixture.put(
      'cwd/clouds.yaml',
      `clouds: {a: {auth: {auth_url: '${logins.keystone.url}', username: u}}}`,
    )
    await assert.rejects(session({OS_CLOUD: 'a'}), {
      message: "a password is required for user 'u'",
      advice:
        "Write password into the entry of cloud 'a' in secure.yaml, or type it at a terminal when asked.",
    })
  })

  it('names everything that may be wrong when it is refused', async () => {
    logins.keystone.answer(() => REFUSED)
    await assert.rejects(session({...ALPHA, ...PROJECT}), {
      kind: 'denied',
      message: "the Identity service rejected user 'alpha' for project 'alpha'",
      why: 'it does not say which value is wrong',
      advice: CHECK_ALPHA,
      status: 401,
    })
  })

  it('includes the message of the service', async () => {
    logins.keystone.answer(() => ({
      status: 401,
      body: '{"error":{"code":401,"message":"The account is locked for user: 6e2c (tried hunter2)","title":"Unauthorized"}}',
    }))
    await assert.rejects(
      session(ALPHA),
      failure(
        'denied',
        "the Identity service rejected user 'alpha'",
        'The account is locked for user: 6e2c (tried ***)',
      ),
    )
  })

  it('distinguishes a second factor from a wrong password', async () => {
    logins.keystone.answer(() => ({...REFUSED, headers: {'openstack-auth-receipt': 'r'}}))
    await assert.rejects(
      session(ALPHA),
      failure('denied', "the Identity service rejected user 'alpha'", 'it requires a second factor'),
    )
  })

  it('reads a 404 as an unknown token or application credential', async () => {
    logins.keystone.answer(() => ({
      status: 404,
      body: '{"error":{"code":404,"message":"Could not recognize Fernet token","title":"Not Found"}}',
    }))
    await assert.rejects(session({OS_TOKEN: 'nonsense', ...PROJECT}), {
      kind: 'denied',
      message: "the Identity service rejected the token for project 'alpha'",
      why: 'Could not recognize Fernet token',
      advice:
        "Check token (OS_TOKEN); project_name 'alpha' (OS_PROJECT_NAME); project_domain_name 'Default' (OS_PROJECT_DOMAIN_NAME).",
    })
    logins.keystone.answer(() => ({
      status: 404,
      body: '{"error":{"code":404,"message":"Could not find Application Credential: nope.","title":"Not Found"}}',
    }))
    await assert.rejects(
      session({OS_APPLICATION_CREDENTIAL_ID: 'nope', OS_APPLICATION_CREDENTIAL_SECRET: 'hunter2'}),
      failure(
        'denied',
        "the Identity service rejected application credential 'nope'",
        'Could not find Application Credential: nope.',
      ),
    )
  })

  it('says that there is no Identity service', async () => {
    logins.keystone.answer(() => ({
      status: 404,
      headers: {'content-type': 'text/html'},
      body: '<h1>Not Found</h1>',
    }))
    await assert.rejects(session(ALPHA), {
      kind: 'usage',
      message: `no Identity service found at ${logins.keystone.url}/v3/auth/tokens`,
      why: 'the server answered 404',
      advice: 'Check its address, which comes from OS_AUTH_URL; it usually ends in /v3.',
    })
    logins.keystone.answer(() => ({status: 301, headers: {location: 'https://k.example/'}}))
    await assert.rejects(
      session(ALPHA),
      failure(
        'usage',
        `no Identity service found at ${logins.keystone.url}/v3/auth/tokens`,
        'the server redirects to https://k.example/',
      ),
    )
    logins.keystone.answer(() => ({status: 200, body: 'hello'}))
    await assert.rejects(session(ALPHA), {
      kind: 'failed',
      message: `cannot parse the response of ${logins.keystone.url}/v3/auth/tokens`,
    })
    logins.keystone.answer(() => ({status: 201, body: '{"token": {}}'}))
    await assert.rejects(session(ALPHA), {kind: 'failed'})
  })

  it('distinguishes a malformed login from a failing service', async () => {
    logins.keystone.answer(() => ({
      status: 400,
      body: '{"error":{"code":400,"message":"Expecting to find domain in user. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.","title":"Bad Request"}}',
    }))
    await assert.rejects(
      session(ALPHA),
      failure(
        'usage',
        "the Identity service rejected the request for user 'alpha'",
        /^Expecting to find domain in user\./,
      ),
    )
    logins.keystone.answer(() => ({status: 503, headers: {'content-type': 'text/plain'}, body: 'overloaded'}))
    await assert.rejects(
      session(ALPHA),
      failure('unavailable', 'the Identity service is temporarily unavailable', 'overloaded'),
    )
  })

  it('says that the service cannot be reached', async () => {
    const {url} = logins.keystone
    await logins.keystone.close()
    await assert.rejects(session({OS_AUTH_URL: `${url}/v3`, ...ALPHA}), {
      kind: 'unavailable',
      message: `cannot reach the Identity service at ${url}`,
      why: 'connection refused',
      advice: 'Check the address, which comes from OS_AUTH_URL.',
    })
    logins.keystone = await startFakeKeystone()
  })

  it('names the proxy for a failure of the proxy', async () => {
    const {url} = logins.keystone
    await logins.keystone.close()
    const cases = [
      [url, `cannot reach the proxy ${url}`, 'connection refused', 'Check HTTP_PROXY, '],
      [
        await startRefusingKeystone(),
        /^cannot reach k\.example:5000 through the proxy /,
        'it requires a user name and a password',
        'Write http://USER:PASSWORD@HOST:PORT in HTTP_PROXY.',
      ],
    ] as const
    for (const [proxy, message, why, advice] of cases) {
      const by = createTransport({service: 'the Identity service', env: {HTTP_PROXY: proxy}})
      const env = {OS_AUTH_URL: 'http://k.example:5000/v3', ...ALPHA}
      const settings = await resolveSettings({flags: {}, environment: logins.fixture.with(env)})
      await assert.rejects(
        openIdentity(settings, {send: by.send, cache: noTokenCache}).session(),
        (error: Failure) => {
          assert.match(error.message, typeof message === 'string' ? new RegExp(`^${message}$`) : message)
          assert.equal(error.why, why)
          assert.ok(error.advice?.startsWith(advice), error.advice)
          return true
        },
      )
      await by.close()
    }
    logins.keystone = await startFakeKeystone()
  })

  const startRefusingKeystone = async () => {
    logins.keystone = await startFakeKeystone()
    logins.keystone.answer(() => ({status: 407}))
    return logins.keystone.url
  }

  it('says that the service does not use TLS', async () => {
    const url = logins.keystone.url.replace('http:', 'https:')
    await assert.rejects(session({OS_AUTH_URL: url, ...ALPHA}), {
      message: `cannot reach the Identity service at ${url}`,
      why: 'the server does not use TLS on this port',
    })
  })

  it('returns the reason of an interruption unchanged', async () => {
    const settings = await resolveSettings({
      flags: {},
      environment: logins.fixture.with({OS_AUTH_URL: logins.keystone.url, ...ALPHA}),
    })
    const reason = new Error('stop')
    const interrupted = openIdentity(settings, {
      send: request => send({...request, signal: AbortSignal.abort(reason)}),
      cache: noTokenCache,
    })
    await assert.rejects(interrupted.session(), reason)
  })
})
