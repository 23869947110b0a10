/** Logins that a person confirms at an OpenID Connect provider: the requests, what is shown, and how they fail. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import {inspect} from 'node:util'
import {Reply, ReplyHeaders, type Send} from '../../../../src/lib/http/message.js'
import {logInByDevice} from '../../../../src/lib/identity/oidc/device-login.js'
import type {DeviceLogin} from '../../../../src/lib/identity/oidc/oidc-client.js'
import {Failure} from '../../../../src/lib/model/errors.js'
import {createTokenReply} from '../../../support/fake-keystone.js'
import {
  ACCESS_TOKEN,
  createDeviceResponse,
  createOauthError,
  DEVICE_CODE,
  describeProvider,
  type FakeProvider,
  type ProviderReply,
  startFakeProvider,
} from '../../../support/fake-provider.js'
import {useLogins} from '../../../support/logins.js'

const PROJECT = {OS_PROJECT_NAME: 'alpha', OS_PROJECT_DOMAIN_NAME: 'Default'}
const SECRET = 'client-secret-20c4'

describe('a login by device', () => {
  const logins = useLogins()
  let provider: FakeProvider
  beforeEach(async () => {
    provider = await startFakeProvider()
  })
  afterEach(() => provider.close())

  const settings = () => ({
    OS_AUTH_TYPE: 'v3oidcdeviceauthz',
    OS_IDENTITY_PROVIDER: 'my/idp',
    OS_PROTOCOL: 'openid',
    OS_CLIENT_ID: 'glance',
    OS_DISCOVERY_ENDPOINT: `${provider.url}/.well-known/openid-configuration`,
    ...PROJECT,
  })

  /** Logs in as a person who sees what is shown. */
  async function logIn(env: Record<string, string> = {}, signal?: AbortSignal) {
    const shown: DeviceLogin[] = []
    const person = {showDeviceLogin: (login: DeviceLogin) => void shown.push(login), signal}
    const identity = await logins.identity({...settings(), ...env}, undefined, person)
    return {session: await identity.session(), shown}
  }

  /** The failure of a login in which a request of the provider gets this response. */
  async function fail(line: string, reply: ProviderReply, env: Record<string, string> = {}) {
    provider.answer(asked => (asked.line === line ? reply : undefined))
    const error: unknown = await logIn({OS_CLIENT_SECRET: SECRET, ...env}).catch(reason => reason)
    assert.ok(error instanceof Failure)
    for (const secret of [SECRET, DEVICE_CODE]) assert.ok(!inspect(error, {depth: 9}).includes(secret))
    const {kind, message, why, advice} = error
    return [kind, message, why, advice?.replaceAll(provider.url, 'URL')]
  }

  /** Runs the test with another timer for waits of five seconds, which are those of openid-client. */
  async function withTimers(start: (run: () => void, ms: number) => void, run: () => Promise<unknown>) {
    const {setTimeout} = globalThis
    const replaced = (callback: () => void, ms: number) =>
      ms === 5000 ? start(callback, ms) : setTimeout(callback, ms)
    globalThis.setTimeout = replaced as typeof setTimeout
    await run().finally(() => {
      globalThis.setTimeout = setTimeout
    })
  }

  it('shows the page and the code, and asks for the token until it is there', async () => {
    const before = Date.now()
    const {session, shown} = await logIn()
    assert.deepEqual(session.headers, {'x-auth-token': 'gAAAAA-1'})
    const [login] = shown
    assert.deepEqual(
      {...login, expiresAt: undefined},
      {
        url: `${provider.url}/login`,
        code: 'WDJB-MJHT',
        urlWithCode: `${provider.url}/login?user_code=WDJB-MJHT`,
        expiresAt: undefined,
      },
    )
    const lifetime = Number(login?.expiresAt) - before
    assert.ok(lifetime >= 600_000 && lifetime < 700_000, String(lifetime))
    const grant = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: DEVICE_CODE,
      client_id: 'glance',
    }
    assert.deepEqual(provider.asked, [
      {line: 'GET /.well-known/openid-configuration', form: {}, authorization: undefined},
      {
        line: 'POST /device',
        form: {scope: 'openid profile', client_id: 'glance'},
        authorization: undefined,
      },
      {line: 'POST /token', form: grant, authorization: undefined},
      {line: 'POST /token', form: grant, authorization: undefined},
    ])
  })

  it('exchanges the access token at Keystone, and scopes the token that it gets', async () => {
    logins.keystone.answer((_, n) => createTokenReply({token: `gAAAAA-${n}`}))
    const {session} = await logIn()
    assert.deepEqual(session.headers, {'x-auth-token': 'gAAAAA-2'})
    const [exchange, scoping, ...rest] = logins.keystone.asked
    assert.deepEqual(rest, [])
    assert.deepEqual(exchange, {
      line: 'POST /v3/OS-FEDERATION/identity_providers/my%2Fidp/protocols/openid/auth',
      token: undefined,
      subject: undefined,
      body: undefined,
      authorization: `Bearer ${ACCESS_TOKEN}`,
    })
    assert.deepEqual(scoping?.body, {
      auth: {
        identity: {methods: ['token'], token: {id: 'gAAAAA-1'}},
        scope: {project: {name: 'alpha', domain: {name: 'Default'}}},
      },
    })
  })

  it('keeps the first token without a scope', async () => {
    await logIn({OS_PROJECT_NAME: '', OS_PROJECT_DOMAIN_NAME: ''})
    assert.equal(logins.keystone.asked.length, 1)
  })

  it('sends the secret of the client as the provider accepts it', async () => {
    const sentSecrets = () =>
      provider.asked.slice(1).map(({authorization, form}) => [authorization, form['client_secret']])
    await logIn({OS_CLIENT_SECRET: SECRET})
    assert.deepEqual(
      sentSecrets(),
      [1, 2, 3].map(() => [undefined, SECRET]),
    )
    const methods = {token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt']}
    const document = {...describeProvider(provider.url), ...methods}
    provider.asked.length = 0
    provider.answer(({line}) => (line.startsWith('GET') ? {body: document} : undefined))
    await logIn({OS_CLIENT_SECRET: SECRET})
    const basic = `Basic ${Buffer.from('glance:client%2Dsecret%2D20c4').toString('base64')}`
    assert.deepEqual(
      sentSecrets(),
      [1, 2, 3].map(() => [basic, undefined]),
    )
  })

  it('needs no discovery when both endpoints are given, which override those discovered', async () => {
    const endpoints = {
      OS_DEVICE_AUTHORIZATION_ENDPOINT: `${provider.url}/device`,
      OS_ACCESS_TOKEN_ENDPOINT: `${provider.url}/token`,
    }
    await logIn({OS_DISCOVERY_ENDPOINT: '', ...endpoints})
    assert.deepEqual(
      provider.asked.map(({line}) => line),
      ['POST /device', 'POST /token', 'POST /token'],
    )
    const other = {issuer: provider.url, token_endpoint: `${provider.url}/other`}
    provider.answer(({line}) => (line.startsWith('GET') ? {body: other} : undefined))
    await logIn(endpoints)
  })

  for (const method of ['S256', 'plain']) {
    it(`proves by ${method} that both requests come from the same program`, async () => {
      await logIn({OS_CODE_CHALLENGE_METHOD: method})
      const [, start, ...grants] = provider.asked.map(({form}) => form)
      assert.equal(start?.['code_challenge_method'], method)
      const verifier = grants.at(-1)?.['code_verifier'] ?? ''
      const digest = await crypto.subtle.digest('SHA-256', Buffer.from(verifier))
      const challenge = method === 'plain' ? verifier : Buffer.from(digest).toString('base64url')
      assert.ok(challenge.length >= 43)
      assert.equal(start?.['code_challenge'], challenge)
    })
  }

  it('waits five seconds longer when the provider asks to slow down', async () => {
    const delays: number[] = []
    provider.answer(({line}, n) =>
      line === 'POST /token' && n === 1 ? createOauthError('slow_down') : undefined,
    )
    const start = (run: () => void, ms: number) => {
      delays.push(ms)
      setImmediate(run)
    }
    await withTimers(start, logIn)
    assert.deepEqual(delays, [5000])
    assert.equal(provider.asked.length, 4)
  })

  it('ends when it is interrupted, at once', async () => {
    const controller = new AbortController()
    const reason = new Failure('interrupted', 'interrupted by SIGINT')
    const slow = {...createDeviceResponse(provider.url), interval: 500}
    provider.answer(({line}) => {
      if (line !== 'POST /device') return undefined
      setImmediate(() => setImmediate(() => controller.abort(reason)))
      return {body: slow}
    })
    await withTimers(
      () => undefined,
      () => assert.rejects(logIn({}, controller.signal), reason),
    )
  })

  it('shows no page that a browser cannot open', async () => {
    const response = {...createDeviceResponse(provider.url), verification_uri: 'javascript:alert(1)'}
    const [kind, message, why] = await fail('POST /device', {body: response})
    assert.deepEqual(
      [kind, message, why],
      [
        'failed',
        "cannot use the response of the identity provider 'my/idp'",
        'it names no page for the login',
      ],
    )
  })

  const CHECK =
    "Check client_id 'glance' (OS_CLIENT_ID); client_secret (OS_CLIENT_SECRET); discovery_endpoint 'URL/.well-known/openid-configuration' (OS_DISCOVERY_ENDPOINT)."
  const FAILURES: readonly (readonly [string, ProviderReply, ...(string | undefined)[]])[] = [
    [
      'POST /token',
      createOauthError('access_denied'),
      'denied',
      "the login at the identity provider 'my/idp' was refused",
      'it was not confirmed in the browser',
      'Run the command again.',
    ],
    [
      'POST /token',
      createOauthError('expired_token', 'Device code is expired'),
      'unavailable',
      "the login at the identity provider 'my/idp' was not confirmed in time",
      'Device code is expired',
      'Run the command again.',
    ],
    [
      'POST /token',
      createOauthError('invalid_grant', `unknown code ${DEVICE_CODE}`),
      'failed',
      "the identity provider 'my/idp' did not accept the login",
      'unknown code ***',
      CHECK,
    ],
    [
      'POST /device',
      {...createOauthError('invalid_client', `bad secret ${SECRET}`), status: 401},
      'denied',
      "the identity provider 'my/idp' rejected the client",
      'bad secret ***',
      CHECK,
    ],
    [
      'POST /device',
      createOauthError('unauthorized_client'),
      'usage',
      "the identity provider 'my/idp' does not allow this client to log in by device",
      undefined,
      'Ask its operator to enable the device authorization grant for the client.',
    ],
    [
      'POST /device',
      createOauthError('strange_code'),
      'failed',
      "the identity provider 'my/idp' did not accept the login",
      'strange_code',
      CHECK,
    ],
    [
      'GET /.well-known/openid-configuration',
      {body: {issuer: 'http://127.0.0.1', token_endpoint: 'http://127.0.0.1/token'}},
      'usage',
      "the identity provider 'my/idp' names no endpoint for logins by device",
      undefined,
      'Set OS_DEVICE_AUTHORIZATION_ENDPOINT, or device_authorization_endpoint of the cloud.',
    ],
    [
      'GET /.well-known/openid-configuration',
      {status: 404, body: '<h1>no</h1>', headers: {'content-type': 'text/html'}},
      'failed',
      "the identity provider 'my/idp' gave a response that cannot be used",
      'it answered 404',
      CHECK,
    ],
    [
      'GET /.well-known/openid-configuration',
      {body: '<h1>hello</h1>'},
      'failed',
      "the identity provider 'my/idp' gave a response that cannot be used",
      'it is not a response of an OpenID Connect provider',
      CHECK,
    ],
    [
      'POST /token',
      {status: 500, body: ''},
      'unavailable',
      "the identity provider 'my/idp' is temporarily unavailable",
      'it answered 500',
      'Try again later.',
    ],
  ]
  for (const [line, reply, ...expected] of FAILURES) {
    it(`says: ${expected[1]} (${expected[2]})`, async () => {
      assert.deepEqual(await fail(line, reply), expected)
    })
  }

  it('expires with its code', async () => {
    const short = {...createDeviceResponse(provider.url), expires_in: 0.02, interval: 400}
    const [kind, , why] = await fail('POST /device', {body: short})
    assert.deepEqual([kind, why], ['unavailable', 'the code has expired'])
  })

  it('names the address that cannot be reached, and where it comes from', async () => {
    await provider.close()
    await assert.rejects(logIn(), {kind: 'unavailable', why: 'connection refused'})
    provider = await startFakeProvider()
  })

  it('is not led from TLS to an address without it', async () => {
    const document = {...describeProvider('http://idp.example'), issuer: 'https://idp.example'}
    const headers = new ReplyHeaders({'content-type': 'application/json'})
    const sent: string[] = []
    const send: Send = async ({url}) => {
      sent.push(url)
      return new Reply(200, headers, Readable.from([Buffer.from(JSON.stringify(document))]))
    }
    const client = {
      id: 'glance',
      secret: SECRET,
      scope: 'openid',
      discoveryEndpoint: 'https://idp.example',
      deviceAuthorizationEndpoint: undefined,
      accessTokenEndpoint: undefined,
      codeChallengeMethod: undefined,
    }
    const options = {openProvider: async () => send, showDeviceLogin: () => {}}
    // A setting may name one for itself, and not for others.
    for (const accessTokenEndpoint of [undefined, 'http://proxy.example/token']) {
      const login = logInByDevice({...client, accessTokenEndpoint}, options, {
        name: 'idp',
        hint: '',
        secrets: [],
      })
      await assert.rejects(login, {
        kind: 'failed',
        message: "the identity provider 'idp' names an address without TLS",
      })
      assert.deepEqual(sent.splice(0), ['https://idp.example/.well-known/openid-configuration'])
    }
  })

  it('is refused where the code would not be seen', async () => {
    const identity = await logins.identity(settings())
    await assert.rejects(identity.session(), {
      kind: 'usage',
      message: "a person has to confirm the login at the identity provider 'my/idp'",
    })
    assert.deepEqual(provider.asked, [])
  })

  const MISSING = [
    ['OS_IDENTITY_PROVIDER', 'the name of the identity provider'],
    ['OS_PROTOCOL', 'the protocol of the identity provider'],
    ['OS_CLIENT_ID', 'a client id'],
    ['OS_DISCOVERY_ENDPOINT', 'the discovery endpoint of the identity provider'],
  ]
  for (const [variable = '', what] of MISSING) {
    it(`requires ${variable}`, async () => {
      await assert.rejects(logIn({[variable]: ''}), {
        kind: 'usage',
        message: `${what} is required to log in`,
        advice: `Set ${variable}, or name a cloud with OS_CLOUD.`,
      })
    })
  }

  it('refuses values that cannot be right', async () => {
    await assert.rejects(logIn({OS_CODE_CHALLENGE_METHOD: 'S512'}), {
      kind: 'usage',
      message: "invalid code challenge method 'S512': expected S256 or plain",
    })
    await assert.rejects(logIn({OS_DISCOVERY_ENDPOINT: 'idp.example'}), {
      kind: 'usage',
      message: 'the discovery endpoint is not an http or https URL',
    })
  })

  it('says what to check when Keystone refuses the access token', async () => {
    logins.keystone.answer(() => ({status: 401, body: `{"error": {"message": "no ${ACCESS_TOKEN}"}}`}))
    await assert.rejects(logIn(), {
      kind: 'denied',
      message: "the Identity service rejected the login of identity provider 'my/idp' for project 'alpha'",
      why: 'no ***',
      advice:
        "Check identity_provider 'my/idp' (OS_IDENTITY_PROVIDER); protocol 'openid' (OS_PROTOCOL); project_name 'alpha' (OS_PROJECT_NAME); project_domain_name 'Default' (OS_PROJECT_DOMAIN_NAME).",
    })
  })

  it('logs in with an access token that is there already', async () => {
    const env = {OS_AUTH_TYPE: 'v3oidcaccesstoken', OS_ACCESS_TOKEN: ACCESS_TOKEN}
    const identity = await logins.identity({...settings(), ...env})
    assert.deepEqual((await identity.session()).headers, {'x-auth-token': 'gAAAAA-1'})
    assert.equal(logins.keystone.asked[0]?.authorization, `Bearer ${ACCESS_TOKEN}`)
    assert.deepEqual(provider.asked, [])
  })
})
