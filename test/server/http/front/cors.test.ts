/** Pages of other origins: those that are allowed get what browsers ask for, and others are refused. */
import assert from 'node:assert/strict'
import {GivenSettings} from '../../../../src/server/settings/sources.js'
import {request} from '../../../support/http/request.js'
import {startService, type TestService} from '../../../support/test-service.js'

const PAGE = 'https://horizon.example.com'

describe('pages of other origins', () => {
  let service: TestService
  afterEach(() => service.close())

  const start = async (...assignments: string[]) => {
    const given = new GivenSettings({
      assignments: ['cors_allowed_origin=https://Horizon.example.com:443', ...assignments],
      env: {},
    })
    service = await startService({given, auth: 'fake'})
  }
  const send = (method: string, origin: string, more = {}) =>
    request(`${service.url}/v2/images`, {method, headers: {origin, ...more}})
  const pick = (headers: object) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => /^access-control|^vary/.test(name)))

  it('get an answer to their preflight, without a token', async () => {
    await start()
    const {status, headers, body} = await send('OPTIONS', PAGE, {
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'x-auth-token, x-image-meta-name, x-other, content-type',
    })
    assert.deepEqual([status, body], [204, ''])
    assert.deepEqual(pick(headers), {
      vary: 'Origin',
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': 'GET, PUT, POST, DELETE, PATCH',
      'access-control-allow-headers': 'x-auth-token, x-image-meta-name, content-type',
      'access-control-max-age': '3600',
    })
  })

  it('may read responses, and errors too', async () => {
    await start()
    const expected = {
      vary: 'Origin',
      'access-control-allow-origin': PAGE,
      'access-control-expose-headers': '*',
    }
    const list = await send('GET', PAGE, {'x-auth-token': 'ann:alpha:member'})
    assert.deepEqual([list.status, pick(list.headers)], [200, expected])
    const refused = await send('GET', PAGE)
    assert.deepEqual([refused.status, pick(refused.headers)], [401, expected])
    const missing = await request(`${service.url}/v2/nowhere`, {headers: {origin: PAGE}})
    assert.deepEqual([missing.status, pick(missing.headers)], [404, expected])
  })

  it('are refused if they are not allowed', async () => {
    await start()
    for (const origin of ['https://evil.example', 'http://horizon.example.com', 'null']) {
      const {status, headers} = await send('GET', origin, {'x-auth-token': 'ann:alpha:member'})
      assert.deepEqual([status, pick(headers)], [403, {vary: 'Origin'}], origin)
      const preflight = await send('OPTIONS', origin, {'access-control-request-method': 'PUT'})
      assert.deepEqual([preflight.status, pick(preflight.headers)], [403, {vary: 'Origin'}], origin)
    }
  })

  it('may be those of the service itself, also at its proxy', async () => {
    await start('public_endpoint=https://images.example.com/image')
    for (const origin of ['https://images.example.com', `http://127.0.0.1:${service.port}`]) {
      const {status} = await send('GET', origin, {'x-auth-token': 'ann:alpha:member'})
      assert.equal(status, 200, origin)
    }
  })

  it('are told what the settings say', async () => {
    await start(
      'cors_allow_credentials=true',
      'cors_allow_methods=GET',
      'cors_allow_headers=*',
      'cors_expose_headers=ETag,Location',
      'cors_max_age=60',
    )
    const {headers} = await send('GET', PAGE, {'x-auth-token': 'ann:alpha:member'})
    assert.equal(headers['access-control-allow-credentials'], 'true')
    assert.equal(headers['access-control-expose-headers'], 'ETag, Location')
    const preflight = await send('OPTIONS', PAGE, {
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'x-any',
    })
    assert.equal(preflight.headers['access-control-allow-methods'], 'GET')
    assert.equal(preflight.headers['access-control-allow-headers'], 'x-any')
    assert.equal(preflight.headers['access-control-max-age'], '60')
  })

  it('may be any, but then without credentials', async () => {
    await start('cors_allowed_origin=*')
    const {headers} = await send('GET', 'null', {'x-auth-token': 'ann:alpha:member'})
    assert.equal(headers['access-control-allow-origin'], '*')
    const assignments = ['cors_allowed_origin=*', 'cors_allow_credentials=true']
    await assert.rejects(startService({given: new GivenSettings({assignments, env: {}})}), {
      kind: 'usage',
      message: 'cors_allow_credentials requires the names of the origins in cors_allowed_origin, not *',
    })
  })

  it('get no headers where none are allowed', async () => {
    await start('cors_allowed_origin=')
    const {status, headers} = await send('GET', PAGE)
    assert.deepEqual([status, pick(headers)], [403, {}])
  })
})
