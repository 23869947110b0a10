/** Clients that log in: of a named cloud, and of the environment. */
import assert from 'node:assert/strict'
import {readdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Client, type CloudOptions, isFailure} from '../../src/lib/client.js'
import {createTokenReply, type FakeKeystone, startFakeKeystone} from '../support/fake-keystone.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'

describe('a client with a login', () => {
  const folder = useTempDir()
  let service: TestService
  let keystone: FakeKeystone
  let client: Client | undefined
  before(async () => {
    service = await startService()
  })
  after(() => service.close())
  beforeEach(async () => {
    keystone = await startFakeKeystone()
    const endpoints = ['North', 'South'].map(region => ({
      interface: 'public',
      region,
      region_id: region,
      url: region === 'North' ? service.url : 'http://127.0.0.1:1',
    }))
    const catalog = JSON.stringify([{type: 'image', name: 'glance', endpoints}])
    keystone.answer(() => createTokenReply({catalog}))
  })
  afterEach(async () => {
    await client?.close()
    await keystone.close()
  })

  /** Options without anything of this process. */
  async function cloudOptions(password = 'password: secret'): Promise<CloudOptions> {
    const file = join(folder(), 'clouds.yaml')
    const auth = `{auth_url: "${keystone.url}", username: alpha, project_name: alpha, ${password}}`
    await writeFile(file, `clouds: {mycloud: {region_name: North, auth: ${auth}}}`)
    return {retries: 0, env: {OS_CLIENT_CONFIG_FILE: file, HOME: folder(), XDG_CACHE_HOME: folder()}}
  }

  it('reads, sends and checks nothing before the first call but its options', async () => {
    client = Client.fromCloud('nosuch', {env: {OS_CLIENT_CONFIG_FILE: '/nosuch'}})
    assert.throws(() => Client.fromCloud('c', {regoin: 'x'} as object), {
      kind: 'usage',
      advice: "Did you mean 'region'?",
    })
    await assert.rejects(client.getImages().page(), {kind: 'usage'})
  })

  it('does not take the cloud of the environment for one that is not named', () => {
    for (const missing of [undefined, '', 5] as never[])
      assert.throws(() => Client.fromCloud(missing), {
        kind: 'usage',
        message: /^invalid name of the cloud: expected a text, not (undefined|an empty text|a number)$/,
      })
    assert.throws(() => Client.fromEnvironment(null as never), {kind: 'usage'})
  })

  it('of a named cloud uses its entry, and the token cache for the next one', async () => {
    const options = await cloudOptions()
    client = Client.fromCloud('mycloud', options)
    assert.deepEqual(await client.getImages().toArray(), [])
    await client.close()
    client = Client.fromCloud('mycloud', options)
    await client.getImages().page()
    assert.deepEqual(
      keystone.asked.map(({line}) => line),
      ['POST /v3/auth/tokens'],
    )
  })

  it('without the token cache writes no file', async () => {
    client = Client.fromCloud('mycloud', {...(await cloudOptions()), tokenCache: false})
    await client.getImages().page()
    assert.deepEqual(await readdir(folder()), ['clouds.yaml'])
  })

  it('of the environment takes OS_CLOUD, or the variables of a login', async () => {
    const {env, ...options} = await cloudOptions()
    client = Client.fromEnvironment({...options, env: {...env, OS_CLOUD: 'mycloud'}})
    await client.getImages().page()
    await client.close()
    const login = {OS_AUTH_URL: keystone.url, OS_USERNAME: 'beta', OS_PASSWORD: 'p', OS_PROJECT_NAME: 'beta'}
    client = Client.fromEnvironment({...options, env: {...login, OS_REGION_NAME: 'North', HOME: folder()}})
    await client.getImages().page()
    assert.equal(keystone.asked.length, 2)
    assert.match(JSON.stringify(keystone.asked[1]?.body), /"name":"beta"/)
  })

  it('of an empty environment uses the service on this machine', async () => {
    client = Client.fromEnvironment({env: {}, url: service.url})
    assert.deepEqual(await client.getImages().toArray(), [])
    assert.equal(keystone.asked.length, 0)
  })

  it('lets options override the cloud', async () => {
    client = Client.fromCloud('mycloud', {...(await cloudOptions()), region: 'South'})
    await assert.rejects(client.getImages().page(), /127\.0\.0\.1:1/)
    await client.close()
    client = Client.fromCloud('mycloud', {...(await cloudOptions()), version: 1, url: service.url})
    await client.getImages().page()
    assert.match(service.log.at(-1) ?? '', /GET \/v1\/images/)
  })

  it('never prompts: a missing password is an error, unless the program can tell it', async () => {
    const options = await cloudOptions('user_domain_id: default')
    client = Client.fromCloud('mycloud', options)
    await assert.rejects(client.getImages().page(), {kind: 'usage'})
    const asked: string[] = []
    const askSecret = async (question: string) => {
      asked.push(question)
      return 'secret'
    }
    client = Client.fromCloud('mycloud', {...options, askSecret})
    await client.getImages().page()
    assert.deepEqual(asked, ["Password of user 'alpha'"])
  })

  it('tries again after a login that failed, and tells the kind', async () => {
    client = Client.fromCloud('mycloud', await cloudOptions())
    const {answer} = keystone
    const error = '{"error": {"code": 401, "message": "wrong", "title": "Unauthorized"}}'
    const catalog = JSON.stringify([{type: 'image', endpoints: []}])
    answer((_, n) => (n === 1 ? {status: 401, body: error} : createTokenReply({catalog})))
    const failure = await client
      .getImages()
      .page()
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
    assert.ok(isFailure(failure, 'denied'), String(failure))
    assert.doesNotMatch(`${failure.message} ${failure.why} ${failure.advice}`, /secret/)
    await assert.rejects(client.getImages().page())
    assert.equal(keystone.asked.length, 2)
  })

  it('adds no listener for signals to the process', async () => {
    const count = () => ['SIGINT', 'SIGTERM', 'SIGHUP'].map(name => process.listenerCount(name))
    const before = count()
    client = Client.fromCloud('mycloud', await cloudOptions())
    await client.getImages().page()
    assert.deepEqual(count(), before)
  })
})
