/** Tokens that Keystone validates: who the caller is, what Keystone is asked, and what happens while it is away. */
import assert from 'node:assert/strict'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import type {RecordedRequest, TokenReply} from '../../support/fake-keystone.js'
import {createTokenReply, type FakeKeystone, startFakeKeystone} from '../../support/fake-keystone.js'
import {exchange} from '../../support/http/raw-http.js'
import {startService, type TestService} from '../../support/test-service.js'
import {describeToken} from '../../support/token-documents.js'

const UNKNOWN = '{"error":{"code":404,"message":"Could not recognize Fernet token","title":"Not Found"}}'
const DENIED =
  '{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}'

/** Tokens that the fake Keystone knows. */
const TOKENS: Readonly<Record<string, TokenReply>> = {
  'of-ann': describeToken(),
  'of-bob': describeToken({user: 'bob', project: 'beta'}),
  'of-reader': describeToken({user: 'ray', roles: ['Reader']}),
  'of-root': describeToken({user: 'root', project: 'ops', roles: ['ADMIN']}),
  'of-nova': describeToken({user: 'nova', project: 'service', roles: ['Service']}),
  'of-all': describeToken({user: 'aud', roles: ['reader'], isSystemScoped: true}),
  'of-domain': describeToken({project: null, roles: ['admin'], isDomainScoped: true}),
  overlong: {status: 413},
  unscoped: describeToken({project: null, roles: []}),
  expired: describeToken({expires: '2020-01-01T00:00:00.000000Z'}),
  limited: describeToken({
    accessRules: [
      {id: '1', service: 'image', method: 'GET', path: '/v2/images'},
      {id: '2', service: 'image', method: 'GET', path: '/v2/images/{id}/tags/*'},
      {id: '3', service: 'image', method: 'GET', path: '/v2/schemas/**'},
      {id: '4', service: 'compute', method: 'POST', path: '/v2/images'},
    ],
  }),
  useless: describeToken({accessRules: []}),
}

const tokenOf = (more: object = {}) => createTokenReply({token: 'of-service', catalog: '[]', ...more})

describe('tokens that Keystone validates', () => {
  let keystone: FakeKeystone
  let service: TestService
  const services: TestService[] = []

  /** Knows the tokens; `of-service` may ask for all, every other one for itself. */
  const answerAsKeystone = ({line, token = '', subject = ''}: RecordedRequest): TokenReply => {
    if (line.startsWith('POST')) return tokenOf()
    if (!Object.hasOwn(TOKENS, token) && token !== 'of-service') return {status: 401, body: DENIED}
    const known = subject === 'expired' && !line.includes('allow_expired') ? undefined : TOKENS[subject]
    return known ?? {status: 404, body: UNKNOWN}
  }

  async function start(assignments: readonly string[] = [], env = {}): Promise<TestService> {
    const given = new GivenSettings({assignments: [`auth_url=${keystone.url}`, ...assignments], env})
    const started = await startService({auth: 'keystone', given})
    services.push(started)
    return started
  }
  const startWithUser = (assignments: readonly string[] = []) =>
    start(['service_user=glance', ...assignments], {GLANCE_SERVICE_PASSWORD: 'pass-of-glance'})

  const ask = (line: string, token?: string, headers: Record<string, string> = {}, body?: object) => {
    const [method = '', path] = line.split(' ')
    const all = {
      ...(token !== undefined && {'x-auth-token': token}),
      'content-type': 'application/json',
      ...headers,
    }
    return fetch(service.url + path, {method, headers: all, ...(body && {body: JSON.stringify(body)})})
  }
  const statusOf = async (line: string, token?: string, headers = {}) => {
    const reply = await ask(line, token, headers)
    await reply.arrayBuffer()
    return reply.status
  }
  const create = async (token: string, body: object = {}) => {
    const reply = await ask('POST /v2/images', token, {}, body)
    assert.equal(reply.status, 201)
    return (await reply.json()) as {id: string; owner: string | null}
  }

  beforeEach(async () => {
    keystone = await startFakeKeystone()
    keystone.answer(answerAsKeystone)
    service = await start()
  })
  afterEach(async () => {
    await Promise.all(services.splice(0).map(one => one.close()))
    await keystone.close()
  })

  it('validate themselves, once, where the service has no user', async () => {
    assert.equal((await create('of-ann')).owner, 'alpha')
    assert.equal(await statusOf('GET /v1/images', 'of-ann'), 200)
    assert.deepEqual(
      keystone.asked.map(({line, token, subject}) => [line, token, subject]),
      [['GET /v3/auth/tokens?nocatalog', 'of-ann', 'of-ann']],
    )
  })

  it('give callers their project and roles', async () => {
    const {id} = await create('of-ann', {visibility: 'private'})
    assert.equal(await statusOf(`GET /v2/images/${id}`, 'of-reader'), 200)
    assert.equal(await statusOf(`DELETE /v2/images/${id}`, 'of-reader'), 403)
    assert.equal(await statusOf(`GET /v2/images/${id}`, 'of-bob'), 404)
    assert.equal(await statusOf('GET /v2/images', 'unscoped'), 403)
    assert.equal(await statusOf('GET /v2/images', 'of-domain'), 403)
    assert.equal(await statusOf('GET /v2/tasks', 'of-domain'), 403)
    assert.equal(await statusOf(`GET /v2/images/${id}`, 'of-all'), 200)
    assert.equal(await statusOf(`DELETE /v2/images/${id}`, 'of-all'), 403)
    const {images} = (await (await ask('GET /v2/images', 'of-all')).json()) as {images: object[]}
    assert.equal(images.length, 1)
    assert.equal(await statusOf(`DELETE /v2/images/${id}`, 'of-root'), 204)
  })

  it('are refused with the address of Keystone when they are missing or not valid', async () => {
    for (const token of [undefined, 'nonsense', 'expired', 'overlong', 'with space', 'né']) {
      const reply = await ask('GET /v2/images', token)
      assert.equal(reply.status, 401, token)
      assert.equal(reply.headers.get('www-authenticate'), `Keystone uri="${keystone.url}"`)
      assert.match(await reply.text(), /could not verify that you are authorized/)
    }
    assert.deepEqual(
      keystone.asked.map(({subject}) => subject),
      ['nonsense', 'expired', 'overlong'],
    )
  })

  it('are not asked for where there is no resource', async () => {
    assert.equal(await statusOf('GET /'), 300)
    assert.equal(await statusOf('GET /versions'), 200)
    assert.equal(await statusOf('GET /healthcheck'), 200)
    assert.equal(await statusOf('GET /v2/nowhere'), 404)
    assert.equal(await statusOf('PUT /v2/images'), 405)
    assert.equal(await statusOf('OPTIONS /v2/images'), 200)
    assert.equal(keystone.asked.length, 0)
  })

  it('alone decide who a caller is: headers of that kind have no effect', async () => {
    const claims = {
      'x-identity-status': 'Confirmed',
      'x-service-identity-status': 'Confirmed',
      'x-roles': 'admin',
      'x-role': 'admin',
      'x-user-id': 'root',
      'x-user': 'root',
      'x-user-name': 'root',
      'x-user-domain-id': 'default',
      'x-project-id': 'beta',
      'x-project-name': 'beta',
      'x-project-domain-name': 'Default',
      'x-tenant': 'beta',
      'x-tenant-id': 'beta',
      'x-tenant-name': 'beta',
      'x-domain-id': 'default',
      'x-domain-name': 'Default',
      'x-is-admin-project': 'True',
      'x-service-roles': 'service',
      'x-service-user-id': 'nova',
      'openstack-system-scope': 'all',
    }
    const {id} = await create('of-bob', {visibility: 'private'})
    assert.equal(await statusOf('GET /v2/images', undefined, claims), 401)
    assert.equal(await statusOf('GET /v1/images', 'nonsense', claims), 401)
    assert.equal(await statusOf('POST /v1/images', 'of-reader', claims), 403)
    assert.equal(await statusOf(`GET /v2/images/${id}`, 'of-ann', claims), 404)
    assert.equal(await statusOf('GET /v2/tasks', 'of-ann', claims), 403)
    assert.equal(await statusOf('GET /v2/images', 'expired', claims), 401)
    const owned = await ask('POST /v2/images', 'of-ann', claims, {name: 'n'})
    assert.equal(((await owned.json()) as {owner: string}).owner, 'alpha')
  })

  it('of application credentials are kept to their access rules', async () => {
    assert.equal(await statusOf('GET /v2/images?limit=1', 'limited'), 200)
    assert.equal(await statusOf('GET /v2//images', 'limited'), 200)
    assert.equal(await statusOf('GET /v2/schemas/metadefs/namespace', 'limited'), 200)
    assert.equal(await statusOf('GET /v2/images/a/tags/b', 'limited'), 405)
    for (const line of [
      'POST /v2/images',
      'GET /v2/images/a',
      'GET /v1/images',
      'GET /v2/info/import',
      'PUT /v2/images/a/tags/b',
    ]) {
      assert.equal(await statusOf(line, 'limited'), 401, line)
    }
    assert.equal(await statusOf('GET /v2/images', 'useless'), 401)
    assert.equal(await statusOf('GET /v2/info/import', 'limited', {'x-service-token': 'of-nova'}), 200)
  })

  it('are validated by the user of the service, which logs in once', async () => {
    service = await startWithUser()
    const replies = await Promise.all(
      ['of-ann', 'of-bob', 'of-ann'].map(token => statusOf('GET /v2/images', token)),
    )
    assert.deepEqual(replies, [200, 200, 200])
    const [login, ...validations] = keystone.asked
    assert.deepEqual(login?.body, {
      auth: {
        identity: {
          methods: ['password'],
          password: {user: {name: 'glance', domain: {name: 'Default'}, password: 'pass-of-glance'}},
        },
        scope: {project: {name: 'service', domain: {name: 'Default'}}},
      },
    })
    assert.deepEqual(validations.map(({token, subject}) => `${token} ${subject}`).sort(), [
      'of-service of-ann',
      'of-service of-bob',
    ])
  })

  it('that have expired pass with a service token, for the end of long work', async () => {
    service = await startWithUser()
    const nova = {'x-service-token': 'of-nova'}
    assert.equal(await statusOf('GET /v2/images', 'expired'), 401)
    assert.equal(await statusOf('GET /v2/images', 'expired', nova), 200)
    assert.equal(keystone.asked.at(-1)?.line, 'GET /v3/auth/tokens?nocatalog&allow_expired=1')
    assert.equal(await statusOf('GET /v2/images', 'expired'), 401)
    assert.equal(await statusOf('GET /v2/images', 'expired', {'x-service-token': 'of-bob'}), 401)
    assert.equal(await statusOf('GET /v2/images', 'of-ann', {'x-service-token': 'nonsense'}), 401)
    assert.equal(await statusOf('GET /v2/images', 'of-ann', {'x-service-token': 'expired'}), 401)
    service = await startWithUser(['service_token_roles=nova,BETA-MEMBER'])
    assert.equal(await statusOf('GET /v2/images', 'expired', nova), 401)
  })

  it('are validated after a second login when Keystone rejects that of the service', async () => {
    service = await startWithUser()
    let logins = 0
    keystone.answer(question => {
      if (question.line.startsWith('POST')) {
        logins += 1
        return tokenOf({token: `of-service-${logins}`})
      }
      const isGood = question.token === 'of-service-2'
      return isGood ? answerAsKeystone({...question, token: 'of-service'}) : {status: 401, body: DENIED}
    })
    assert.equal(await statusOf('GET /v2/images', 'of-ann'), 200)
    assert.equal(logins, 2)
    assert.deepEqual(service.warnings, [])
  })

  it('are answered with 503 and a warning when the user of the service is rejected', async () => {
    service = await startWithUser()
    keystone.answer(({line}) => (line.startsWith('POST') ? tokenOf() : {status: 401, body: DENIED}))
    assert.equal(await statusOf('GET /v2/images', 'of-ann'), 503)
    assert.equal(keystone.asked.filter(({line}) => line.startsWith('POST')).length, 2)
    assert.equal(await statusOf('GET /v2/images', 'of-bob'), 503)
    assert.deepEqual(service.warnings, [
      'cannot validate tokens: Keystone rejects the user of the service; requests with new tokens get 503',
    ])
    keystone.answer(({line}) => (line.startsWith('POST') ? {status: 401, body: DENIED} : {status: 401}))
    service = await startWithUser()
    assert.equal(await statusOf('GET /v2/images', 'of-ann'), 503)
    assert.equal(service.warnings.length, 1)
    assert.match(
      service.warnings[0] ?? '',
      /^cannot validate tokens: the service cannot log in: .*user 'glance' of the service/,
    )
    assert.doesNotMatch(service.warnings.join(), /pass-of-glance/)
  })

  it('are validated up to four times while Keystone is away, then answered with 503 or 401', async () => {
    keystone.answer(() => ({status: 503}))
    const hiding = await start(['delay_auth_decision=true'])
    const upload = `PUT /v2/images/${'0'.repeat(36)}/file HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: of-ann\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n`
    const [away, hidden] = await Promise.all([exchange(service.port, upload), exchange(hiding.port, upload)])
    assert.deepEqual([away.status, hidden.status], [503, 401])
    assert.equal(keystone.asked.length, 8)
    assert.deepEqual(service.warnings, [
      'cannot validate tokens: Keystone answered 503; requests with new tokens get 503',
    ])
    keystone.answer(answerAsKeystone)
    assert.equal(await statusOf('GET /v2/images', 'of-ann'), 200)
    assert.ok(service.log.includes('Keystone validates tokens again'))
  })

  it('do not reach the log', async () => {
    service = await startWithUser()
    await statusOf('GET /v2/images', 'of-ann', {'x-service-token': 'of-nova'})
    await statusOf('GET /v2/images', 'nonsense')
    const text = [...service.log, ...service.warnings].join('\n')
    assert.match(text, /"GET \/v2\/images HTTP\/1\.1" 200/)
    assert.doesNotMatch(text, /of-ann|of-nova|nonsense|of-service|pass-of-glance/)
  })

  it('make images belong to users where the settings say so', async () => {
    service = await start(['owner_is_tenant=false'])
    const {id, owner} = await create('of-ann', {visibility: 'private'})
    assert.equal(owner, 'ann')
    assert.equal(await statusOf(`GET /v2/images/${id}`, 'of-reader'), 404)
  })

  it('make administrators of callers with the role that the settings name', async () => {
    service = await start(['admin_role=Service'])
    assert.equal(await statusOf('GET /v2/tasks', 'of-nova'), 200)
    assert.equal(await statusOf('GET /v2/tasks', 'of-root'), 403)
  })

  it('are not remembered where the settings say so', async () => {
    service = await start(['token_cache_time=-1'])
    await statusOf('GET /v2/images', 'of-ann')
    await statusOf('GET /v2/images', 'of-ann')
    assert.equal(keystone.asked.length, 2)
  })

  it('need a valid address of Keystone, and a password of the user of the service', async () => {
    const given = (assignments: readonly string[]) => new GivenSettings({assignments, env: {}})
    await assert.rejects(startService({auth: 'keystone'}), /the address of Keystone is required/)
    await assert.rejects(
      startService({auth: 'keystone', given: given(['auth_url=ftp://x'])}),
      /invalid address of Keystone 'ftp:\/\/x'/,
    )
    await assert.rejects(
      startService({auth: 'keystone', given: given(['auth_url=http://127.0.0.1:1', 'service_user=glance'])}),
      /a password is required for the user 'glance'/,
    )
    await assert.rejects(
      startService({auth: 'keystone', given: given(['auth_url=https://127.0.0.1:1', 'cafile=/none'])}),
      {message: 'cannot use /none as CA bundle', why: 'the file does not exist'},
    )
  })
})
