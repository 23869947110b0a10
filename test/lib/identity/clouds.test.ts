/** What a named cloud sets: profile, entry, secrets, region and placeholders. */
import assert from 'node:assert/strict'
import {findCloud} from '../../../src/lib/identity/clouds/find-cloud.js'
import {failure} from '../../support/failure.js'
import {type TestPlace, testPlace} from '../../support/place.js'

describe('clouds.yaml', () => {
  let place: TestPlace

  beforeEach(async () => {
    place = await testPlace()
  })
  afterEach(() => place.remove())

  const plain = async (name: string, region?: string) => {
    const {values, warnings} = await findCloud(name, region, place)
    return {values: Object.fromEntries([...values].map(([key, {value}]) => [key, value])), warnings}
  }

  it('gives the values of a cloud and says where each comes from', async () => {
    const path = await place.put(
      'cwd/clouds.yaml',
      `
clouds:
  mine:
    auth:
      auth-url: http://keystone.example.com:5000/v3
      tenant_name: p
    region-name: R
`,
    )
    const {values} = await findCloud('mine', undefined, place)
    assert.deepEqual(
      [...values],
      [
        ['auth.auth_url', {value: 'http://keystone.example.com:5000/v3', from: `cloud 'mine' in ${path}`}],
        ['auth.project_name', {value: 'p', from: `cloud 'mine' in ${path}`}],
        ['region_name', {value: 'R', from: `cloud 'mine' in ${path}`}],
      ],
    )
  })

  for (const entry of ['[auth]', 'text', '~', '']) {
    it(`refuses an entry that is not a mapping: ${entry}`, async () => {
      const path = await place.put('cwd/clouds.yaml', `clouds:\n  a: ${entry}\n`)
      await assert.rejects(findCloud('a', undefined, place), {
        kind: 'usage',
        message: `the entry of cloud 'a' in ${path} is not a mapping`,
      })
    })
  }

  it('lays secure.yaml over it, from wherever that is', async () => {
    await place.put('cwd/clouds.yaml', 'clouds: {a: {auth: {username: u, password: public}, region_name: R}}')
    const secure = await place.put('site/openstack/secure.yml', 'clouds: {a: {auth: {password: s3cret}}}')
    const {values} = await findCloud('a', undefined, place)
    assert.deepEqual(values.get('auth.password'), {value: 's3cret', from: `cloud 'a' in ${secure}`})
    assert.equal(values.get('auth.username')?.value, 'u')
  })

  it('reads both files from where the variables say', async () => {
    const elsewhere = await place.put('x/c.yaml', 'clouds: {a: {auth: {username: x}}}')
    const secrets = await place.put('x/s.yaml', 'clouds: {a: {auth: {password: y}}}')
    const env = {OS_CLIENT_CONFIG_FILE: elsewhere, OS_CLIENT_SECURE_FILE: secrets}
    const {values} = await findCloud('a', undefined, place.with(env))
    assert.deepEqual(
      [...values.values()].map(({value}) => value),
      ['x', 'y'],
    )
  })

  it('puts the profile below the entry, and the region above it', async () => {
    await place.put(
      'cwd/clouds.yaml',
      `
clouds:
  a:
    profile: acme
    auth: {username: u}
    interface: internal
    regions:
      - name: north
        values: {image_api_version: 1, auth: {username: northern}}
      - south
`,
    )
    await place.put(
      'cwd/clouds-public.yaml',
      `
public-clouds:
  acme:
    auth: {auth_url: 'https://{region_name}.acme.example/v3', username: nobody}
    interface: public
    image_endpoint_override: https://images.{region_name}.acme.example
`,
    )
    const north = await plain('a')
    assert.deepEqual(north.warnings, [])
    const {regions, ...values} = north.values
    assert.ok(Array.isArray(regions))
    assert.deepEqual(values, {
      'auth.auth_url': 'https://north.acme.example/v3',
      'auth.username': 'northern',
      interface: 'internal',
      image_endpoint_override: 'https://images.north.acme.example',
      profile: 'acme',
      image_api_version: '1',
      region_name: 'north',
    })
    const south = await plain('a', 'south')
    assert.equal(south.values['auth.auth_url'], 'https://south.acme.example/v3')
    assert.equal(south.values['auth.username'], 'u')
  })

  it('takes the region_name of the entry out of the list', async () => {
    await place.put('cwd/clouds.yaml', 'clouds: {a: {region_name: B, regions: [A, B]}}')
    assert.equal((await plain('a')).values['region_name'], 'B')
  })

  it('refuses a region that is not in the list, and lists them', async () => {
    await place.put('cwd/clouds.yaml', 'clouds: {a: {regions: [North, {name: South}]}, b: {region_name: X}}')
    await assert.rejects(
      findCloud('a', 'north', place),
      failure('usage', "cloud 'a' has no region 'north'", 'its regions are: North, South'),
    )
    assert.equal((await plain('b', 'Y')).values['region_name'], 'X')
  })

  it('never fills secrets, nor fills them in', async () => {
    await place.put(
      'cwd/clouds.yaml',
      `
clouds:
  a:
    region_name: R
    auth:
      password: '{region_name}'
      application_credential_secret: '{region_name}'
      auth_url: 'http://{username}.{password}.{unknown}.example/{region_name}'
      username: u
`,
    )
    assert.deepEqual((await plain('a')).values, {
      region_name: 'R',
      'auth.password': '{region_name}',
      'auth.application_credential_secret': '{region_name}',
      'auth.auth_url': 'http://u.{password}.{unknown}.example/R',
      'auth.username': 'u',
    })
  })

  it('goes on without an unknown profile, with a warning', async () => {
    await place.put('cwd/clouds.yaml', 'clouds: {a: {cloud: rackspace, auth: {username: u}}}')
    assert.deepEqual(await plain('a'), {
      values: {cloud: 'rackspace', 'auth.username': 'u'},
      warnings: ["profile 'rackspace' of cloud 'a' is ignored: no clouds-public.yaml defines it"],
    })
  })

  it('refuses a profile that is a URL or was shut down', async () => {
    await place.put('cwd/clouds.yaml', 'clouds: {a: {profile: "https://acme.example"}, b: {profile: gone}}')
    await place.put(
      'cwd/clouds-public.yaml',
      'public-clouds: {gone: {status: shutdown, message: It closed.}}',
    )
    await assert.rejects(findCloud('a', undefined, place), {
      message: "the profile of cloud 'a' is a URL, which is not supported",
    })
    await assert.rejects(
      findCloud('b', undefined, place),
      failure('usage', "cannot use profile 'gone': its provider has shut down", 'It closed.'),
    )
  })

  it('lists the clouds there are when the name is wrong', async () => {
    const path = await place.put('cwd/clouds.yaml', 'clouds: {beta: {}, alpha: {}}')
    await assert.rejects(
      findCloud('gamma', undefined, place),
      failure('usage', "unknown cloud 'gamma'", `${path} has: alpha, beta`),
    )
    await assert.rejects(findCloud('toString', undefined, place), {name: 'Failure'})
  })

  it('says where it looked when there is no file', async () => {
    await assert.rejects(
      findCloud('gamma', undefined, place),
      failure(
        'usage',
        "unknown cloud 'gamma'",
        `no clouds.yaml in ${place.cwd}, ${place.home}/.config/openstack, ${place.root}/site/openstack, /etc/openstack`,
      ),
    )
  })
})
