/** Identities without a login, and settings that do not allow a login. */
import assert from 'node:assert/strict'
import {openIdentity} from '../../../src/lib/identity/open-identity.js'
import {resolveSettings} from '../../../src/lib/identity/settings/settings.js'
import {noTokenCache} from '../../../src/lib/identity/token-cache.js'
import {type ConfigFixture, createConfigFixture} from '../../support/config-fixture.js'

describe('identity without a login', () => {
  let fixture: ConfigFixture
  before(async () => {
    fixture = await createConfigFixture()
  })
  after(() => fixture.remove())

  const open = async (env: Record<string, string>) =>
    openIdentity(await resolveSettings({flags: {}, environment: fixture.with(env)}), {
      send: () => assert.fail('nothing may be sent'),
      cache: noTokenCache,
    })

  it('is anonymous at the local service by default', async () => {
    const anonymous = await open({})
    assert.deepEqual(await anonymous.session(), {headers: {}, endpoint: 'http://127.0.0.1:9292'})
    assert.equal(await anonymous.renew(), undefined)
  })

  it('holds a token, and its project', async () => {
    const holder = await open({
      OS_AUTH_TOKEN: 'hunter2',
      OS_IMAGE_URL: 'http://i.example/v2',
      OS_PROJECT_ID: 'p',
    })
    assert.deepEqual(await holder.session(), {
      headers: {'x-auth-token': 'hunter2'},
      endpoint: 'http://i.example',
      apiVersion: 2,
      projectId: 'p',
    })
    assert.equal(await holder.renew(), undefined)
  })

  it('authenticates by HTTP Basic (RFC 7617)', async () => {
    const user = await open({
      OS_AUTH_TYPE: 'http_basic',
      OS_USERNAME: 'Aladdin',
      OS_PASSWORD: 'open sesame',
      OS_ENDPOINT: 'http://i.example',
      OS_PROJECT_ID: 'p',
    })
    assert.deepEqual(await user.session(), {
      headers: {authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='},
      endpoint: 'http://i.example',
      projectId: 'p',
    })
  })

  it('remembers the version, but prefers the one in the address', async () => {
    const anonymous = await open({})
    await anonymous.rememberApiVersion(2)
    assert.equal((await anonymous.session()).apiVersion, 2)
    const named = await open({OS_IMAGE_URL: 'http://i.example/v1'})
    await named.rememberApiVersion(2)
    assert.equal((await named.session()).apiVersion, 1)
  })

  const AUTH = {OS_AUTH_URL: 'http://k.example'}
  const refusals: readonly [string, Record<string, string>][] = [
    ['a token is required', {OS_AUTH_TYPE: 'admin_token'}],
    ['invalid token', {OS_TOKEN: 'hunter2 hunter2'}],
    ['invalid token', {...AUTH, OS_TOKEN: 'hunter2\n'}],
    ['invalid token', {OS_TOKEN: 'hunter2é'}],
    [
      'HTTP Basic authentication requires a user name and a password',
      {OS_AUTH_TYPE: 'http_basic', OS_USERNAME: 'u'},
    ],
    [
      'the user name contains a colon',
      {OS_AUTH_TYPE: 'http_basic', OS_USERNAME: 'u:v', OS_PASSWORD: 'hunter2'},
    ],
    ['unsupported Image API version 3', {OS_IMAGE_URL: 'http://i.example/v3'}],
    [
      'the address of the Identity service is required to log in',
      {OS_AUTH_STRATEGY: 'keystone', OS_USERNAME: 'u'},
    ],
    ['a user name is required to log in', {...AUTH, OS_PASSWORD: 'hunter2'}],
    ['a token is required to log in', {...AUTH, OS_AUTH_TYPE: 'token'}],
    [
      'an application credential is required to log in',
      {...AUTH, OS_AUTH_TYPE: 'v3applicationcredential', OS_APPLICATION_CREDENTIAL_SECRET: 'hunter2'},
    ],
    [
      'the secret of the application credential is required to log in',
      {...AUTH, OS_APPLICATION_CREDENTIAL_ID: 'i'},
    ],
    [
      'the address of the Identity service is not an http or https URL',
      {OS_AUTH_URL: 'k.example:5000', OS_USERNAME: 'u'},
    ],
    [
      'a token can have only one scope',
      {...AUTH, OS_USERNAME: 'u', OS_PROJECT_ID: 'p', OS_SYSTEM_SCOPE: 'all'},
    ],
    ['a token can have only one scope', {...AUTH, OS_USERNAME: 'u', OS_TRUST_ID: 't', OS_DOMAIN_ID: 'd'}],
    ["invalid system scope 'some': expected all", {...AUTH, OS_USERNAME: 'u', OS_SYSTEM_SCOPE: 'some'}],
  ]
  for (const [message, env] of refusals) {
    it(`refuses ${Object.keys(env).join(', ')}: ${message}`, async () => {
      await assert.rejects(open(env), (error: Error & {kind?: string; why?: string; advice?: string}) => {
        assert.deepEqual([error.kind, error.message], ['usage', message])
        assert.doesNotMatch(`${error.message} ${error.why} ${error.advice}`, /hunter2/)
        return true
      })
    })
  }

  it('says what to do about two scopes, and what to write into clouds.yaml', async () => {
    await assert.rejects(open({...AUTH, OS_USERNAME: 'u', OS_TENANT_ID: 'p', OS_SYSTEM_SCOPE: 'all'}), {
      why: 'requested: project and system (OS_TENANT_ID, OS_SYSTEM_SCOPE)',
      advice: 'Leave out all but one of project, domain, system and trust.',
    })
    await fixture.put(
      'cwd/clouds.yaml',
      'clouds: {a: {auth: {username: u}}, b: {auth_type: http_basic, image_endpoint: "http://i.example"}}',
    )
    await assert.rejects(open({OS_CLOUD: 'b'}), {
      advice: "Write username and password into the entry of cloud 'b' in secure.yaml.",
    })
    await assert.rejects(open({OS_CLOUD: 'a'}), {
      advice: "Write auth_url into the entry of cloud 'a' in clouds.yaml.",
    })
  })
})
