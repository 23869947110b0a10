/** Logins at version 3 of the Identity API: the requests, and how the responses are read. */
import assert from 'node:assert/strict'
import {createTokenReply} from '../../../support/fake-keystone.js'
import {useLogins} from '../../../support/logins.js'

const ALPHA = {OS_USERNAME: 'alpha', OS_PASSWORD: 'hunter2', OS_USER_DOMAIN_NAME: 'Default'}
const PROJECT = {OS_PROJECT_NAME: 'alpha', OS_PROJECT_DOMAIN_NAME: 'Default'}
interface Login {
  readonly title: string
  readonly env: Record<string, string>
  readonly body: string
}

const LOGINS: readonly Login[] = [
  {
    title: 'password, project by name',
    env: {...ALPHA, ...PROJECT},
    body: '{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "alpha", "domain": {"name": "Default"}, "password": "hunter2"}}}, "scope": {"project": {"name": "alpha", "domain": {"name": "Default"}}}}}',
  },
  {
    title: 'password, everything by id',
    env: {OS_USER_ID: '6e2c', OS_PASSWORD: 'hunter2', OS_PROJECT_ID: 'a1fa'},
    body: '{"auth": {"identity": {"methods": ["password"], "password": {"user": {"id": "6e2c", "password": "hunter2"}}}, "scope": {"project": {"id": "a1fa"}}}}',
  },
  {
    title: 'password, no scope, no domain',
    env: {OS_USERNAME: 'alpha', OS_PASSWORD: 'hunter2'},
    body: '{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "alpha", "domain": {"id": "default"}, "password": "hunter2"}}}}}',
  },
  {
    title: 'password, domain scope',
    env: {...ALPHA, OS_DOMAIN_ID: 'default'},
    body: '{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "alpha", "domain": {"name": "Default"}, "password": "hunter2"}}}, "scope": {"domain": {"id": "default"}}}}',
  },
  {
    title: 'password, system scope',
    env: {...ALPHA, OS_SYSTEM_SCOPE: 'all'},
    body: '{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "alpha", "domain": {"name": "Default"}, "password": "hunter2"}}}, "scope": {"system": {"all": true}}}}',
  },
  {
    title: 'password, trust',
    env: {...ALPHA, OS_TRUST_ID: 't'},
    body: '{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "alpha", "domain": {"name": "Default"}, "password": "hunter2"}}}, "scope": {"OS-TRUST:trust": {"id": "t"}}}}',
  },
  {
    title: 'passcode, project by name',
    env: {
      OS_AUTH_TYPE: 'v3totp',
      OS_USERNAME: 'alpha',
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PASSCODE: '123456',
      ...PROJECT,
    },
    body: '{"auth": {"identity": {"methods": ["totp"], "totp": {"user": {"name": "alpha", "domain": {"name": "Default"}, "passcode": "123456"}}}, "scope": {"project": {"name": "alpha", "domain": {"name": "Default"}}}}}',
  },
  {
    title: 'token to a project',
    env: {OS_TOKEN: 'gAAAAA-0', ...PROJECT},
    body: '{"auth": {"identity": {"methods": ["token"], "token": {"id": "gAAAAA-0"}}, "scope": {"project": {"name": "alpha", "domain": {"name": "Default"}}}}}',
  },
  {
    title: 'application credential by id',
    env: {
      OS_APPLICATION_CREDENTIAL_ID: 'ac',
      OS_APPLICATION_CREDENTIAL_SECRET: 'hunter2',
      OS_PROJECT_ID: 'p',
    },
    body: '{"auth": {"identity": {"methods": ["application_credential"], "application_credential": {"id": "ac", "secret": "hunter2"}}}}',
  },
  {
    title: 'application credential by name and user',
    env: {
      OS_APPLICATION_CREDENTIAL_NAME: 'alpha-appcred',
      OS_APPLICATION_CREDENTIAL_SECRET: 'hunter2',
      OS_USERNAME: 'alpha',
      OS_USER_DOMAIN_NAME: 'Default',
    },
    body: '{"auth": {"identity": {"methods": ["application_credential"], "application_credential": {"name": "alpha-appcred", "user": {"name": "alpha", "domain": {"name": "Default"}}, "secret": "hunter2"}}}}',
  },
]

describe('Keystone v3', () => {
  const logins = useLogins()
  const {identity, session} = logins

  for (const {title, env, body} of LOGINS) {
    it(`sends: ${title}`, async () => {
      await session(env)
      const [question] = logins.keystone.asked
      assert.equal(logins.keystone.asked.length, 1)
      assert.equal(question?.line, 'POST /v3/auth/tokens')
      assert.deepEqual(question?.body, JSON.parse(body))
    })
  }

  it('sends "unscoped" when a cloud says so', async () => {
    await logins.fixture.put(
      'cwd/clouds.yaml',
      `clouds: {a: {auth: {auth_url: '${logins.keystone.url}', user_id: u, password: hunter2, unscoped: true}, image_endpoint_override: 'http://i.example'}}`,
    )
    await session({OS_CLOUD: 'a'})
    assert.deepEqual(logins.keystone.asked[0]?.body, {
      auth: {
        identity: {methods: ['password'], password: {user: {id: 'u', password: 'hunter2'}}},
        scope: 'unscoped',
      },
    })
  })

  for (const [path, expected] of [
    ['', '/v3/auth/tokens'],
    ['/', '/v3/auth/tokens'],
    ['/v3', '/v3/auth/tokens'],
    ['/v3/', '/v3/auth/tokens'],
    ['/identity', '/identity/v3/auth/tokens'],
    ['/identity/v3/', '/identity/v3/auth/tokens'],
    ['/v2.0', '/v3/auth/tokens'],
  ] as const) {
    it(`posts to ${expected} when the address ends in '${path}'`, async () => {
      await session({OS_AUTH_URL: logins.keystone.url + path, ...ALPHA})
      assert.equal(logins.keystone.asked[0]?.line, `POST ${expected}`)
    })
  }

  it('returns token, expiry, project, user and the endpoint of the catalog', async () => {
    assert.deepEqual(await session({...ALPHA, ...PROJECT}), {
      headers: {'x-auth-token': 'gAAAAA-1'},
      endpoint: 'http://127.0.0.1:9392',
      expiresAt: new Date('2126-11-21T09:33:32.000Z'),
      projectId: 'a1fa',
      projectName: 'alpha',
      userId: '6e2c94e86a79463687ddde10eecf78a7',
    })
  })

  it('prefers a given endpoint and its version, but still logs in', async () => {
    const given = await session({...ALPHA, OS_IMAGE_ENDPOINT_OVERRIDE: 'https://i.example/image/v2/'})
    assert.equal(logins.keystone.asked.length, 1)
    assert.deepEqual([given.endpoint, given.apiVersion], ['https://i.example/image', 2])
  })

  it('reads a token without a scope instead of changing its scope', async () => {
    const {status: _, ...told} = createTokenReply({token: 'gAAAAA-0'})
    logins.keystone.answer(() => ({...told, status: 200}))
    const {headers, endpoint} = await session({OS_TOKEN: 'gAAAAA-0'})
    assert.deepEqual(logins.keystone.asked, [
      {line: 'GET /v3/auth/tokens', token: 'gAAAAA-0', subject: 'gAAAAA-0', body: undefined},
    ])
    assert.deepEqual([headers, endpoint], [{'x-auth-token': 'gAAAAA-0'}, 'http://127.0.0.1:9392'])
  })

  it('logs in once for several sessions, and sends nothing before the first', async () => {
    const who = await identity(ALPHA)
    assert.equal(logins.keystone.asked.length, 0)
    await Promise.all([who.session(), who.session()])
    await who.session()
    assert.equal(logins.keystone.asked.length, 1)
  })

  it('logs in again after a 401, and returns the new token', async () => {
    logins.keystone.answer((_, n) => createTokenReply({token: `gAAAAA-${n}`}))
    const who = await identity(ALPHA)
    await who.session()
    assert.deepEqual((await who.renew())?.headers, {'x-auth-token': 'gAAAAA-2'})
    assert.deepEqual((await who.session()).headers, {'x-auth-token': 'gAAAAA-2'})
    assert.equal(logins.keystone.asked.length, 2)
  })

  it('asks for a missing password, once', async () => {
    const questions: string[] = []
    const who = await identity({OS_USERNAME: 'alpha'}, async question => {
      questions.push(question)
      return 'typed'
    })
    await who.session()
    await who.session()
    assert.deepEqual(questions, ["Password of user 'alpha'"])
    assert.match(JSON.stringify(logins.keystone.asked[0]?.body), /"password":"typed"/)
  })

  it('asks for a missing passcode, once', async () => {
    const questions: string[] = []
    const who = await identity({OS_AUTH_TYPE: 'totp', OS_USERNAME: 'alpha'}, async question => {
      questions.push(question)
      return '123456'
    })
    await who.session()
    await who.session()
    assert.deepEqual(questions, ["Passcode of user 'alpha'"])
    assert.match(JSON.stringify(logins.keystone.asked[0]?.body), /"passcode":"123456"/)
  })

  it('says what to set when the passcode cannot be asked for', async () => {
    await assert.rejects(session({OS_AUTH_TYPE: 'v3totp', OS_USERNAME: 'alpha'}), {
      kind: 'usage',
      message: "a passcode is required for user 'alpha'",
      advice: 'Set OS_PASSCODE, or type it at a terminal when asked.',
    })
  })

  it('says what to set when the password cannot be asked for', async () => {
    await assert.rejects(session({OS_USERNAME: 'alpha'}), {
      kind: 'usage',
      message: "a password is required for user 'alpha'",
      advice: 'Set OS_PASSWORD, or type it at a terminal when asked.',
    })
    assert.equal(logins.keystone.asked.length, 0)
  })
})
