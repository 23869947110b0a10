/** The settings of a named cloud: profile, entry, secrets, region and placeholders. */
import assert from 'node:assert/strict'
import {findCloud} from '../../../../src/lib/identity/clouds/find-cloud.js'
import {type ConfigFixture, createConfigFixture} from '../../../support/config-fixture.js'
import {failure} from '../../../support/failure.js'

describe('clouds.yaml', () => {
  let fixture: ConfigFixture

  beforeEach(async () => {
    fixture = await createConfigFixture()
  })
  afterEach(() => fixture.remove())

  const readValues = async (name: string, region?: string) => {
    const {values, warnings} = await findCloud(name, region, fixture)
    return {values: Object.fromEntries([...values].map(([key, {value}]) => [key, value])), warnings}
  }

  it('gives the values of a cloud and the source of each', async () => {
    const path = await fixture.put(
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
    const {values} = await findCloud('mine', undefined, fixture)
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
      const path = await fixture.put('cwd/clouds.yaml', `clouds:\n  a: ${entry}\n`)
      await assert.rejects(findCloud('a', undefined, fixture), {
        kind: 'usage',
        message: `the entry of cloud 'a' in ${path} is not a mapping`,
      })
    })
  }

  it('is overridden by secure.yaml, in whichever folder that is', async () => {
    await fixture.put(
      'cwd/clouds.yaml',
      'clouds: {a: {auth: {username: u, password: public}, region_name: R}}',
    )
    const secure = await fixture.put('site/openstack/secure.yml', 'clouds: {a: {auth: {password: s3cret}}}')
    const {values} = await findCloud('a', undefined, fixture)
    assert.deepEqual(values.get('auth.password'), {value: 's3cret', from: `cloud 'a' in ${secure}`})
    assert.equal(values.get('auth.username')?.value, 'u')
  })

  it('reads both files from the paths in the variables', async () => {
    const elsewhere = await fixture.put('x/c.yaml', 'clouds: {a: {auth: {username: x}}}')
    const secrets = await fixture.put('x/s.yaml', 'clouds: {a: {auth: {password: y}}}')
    const env = {OS_CLIENT_CONFIG_FILE: elsewhere, OS_CLIENT_SECURE_FILE: secrets}
    const {values} = await findCloud('a', undefined, fixture.with(env))
    assert.deepEqual(
      [...values.values()].map(({value}) => value),
      ['x', 'y'],
    )
  })

  it('overrides the profile by the entry, and the entry by the region', async () => {
    await fixture.put(
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
    await fixture.put(
      'cwd/clouds-public.yaml',
      `
public-clouds:
  acme:
    auth: {auth_url: 'https://{region_name}.acme.example/v3', username: nobody}
    interface: public
    image_endpoint_override: https://images.{region_name}.acme.example
`,
    )
    const north = await readValues('a')
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
    const south = await readValues('a', 'south')
    assert.equal(south.values['auth.auth_url'], 'https://south.acme.example/v3')
    assert.equal(south.values['auth.username'], 'u')
  })

  it('selects the region by the region_name of the entry', async () => {
    await fixture.put('cwd/clouds.yaml', 'clouds: {a: {region_name: B, regions: [A, B]}}')
    assert.equal((await readValues('a')).values['region_name'], 'B')
  })

  it('refuses a region that is not in the list, and lists them', async () => {
    await fixture.put(
      'cwd/clouds.yaml',
      'clouds: {a: {regions: [North, {name: South}]}, b: {region_name: X}}',
    )
    await assert.rejects(
      findCloud('a', 'north', fixture),
      failure('usage', "cloud 'a' has no region 'north'", 'its regions are: North, South'),
    )
    assert.equal((await readValues('b', 'Y')).values['region_name'], 'X')
  })

  it('never expands placeholders in secrets, nor with secrets', async () => {
    await fixture.put(
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
    assert.deepEqual((await readValues('a')).values, {
      region_name: 'R',
      'auth.password': '{region_name}',
      'auth.application_credential_secret': '{region_name}',
      'auth.auth_url': 'http://u.{password}.{unknown}.example/R',
      'auth.username': 'u',
    })
  })

  it('ignores an unknown profile with a warning', async () => {
    await fixture.put('cwd/clouds.yaml', 'clouds: {a: {cloud: rackspace, auth: {username: u}}}')
    assert.deepEqual(await readValues('a'), {
      values: {cloud: 'rackspace', 'auth.username': 'u'},
      warnings: ["profile 'rackspace' of cloud 'a' is ignored: no clouds-public.yaml defines it"],
    })
  })

  it('refuses a profile that is a URL or was shut down', async () => {
    await fixture.put('cwd/clouds.yaml', 'clouds: {a: {profile: "https://acme.example"}, b: {profile: gone}}')
    await fixture.put(
      'cwd/clouds-public.yaml',
      'public-clouds: {gone: {status: shutdown, message: It closed.}}',
    )
    await assert.rejects(findCloud('a', undefined, fixture), {
      message: "the profile of cloud 'a' is a URL, which is not supported",
    })
    await assert.rejects(
      findCloud('b', undefined, fixture),
      failure('usage', "cannot use profile 'gone': its provider has shut down", 'It closed.'),
    )
  })

  it('lists the known clouds when the name is wrong', async () => {
    const path = await fixture.put('cwd/clouds.yaml', 'clouds: {beta: {}, alpha: {}}')
    await assert.rejects(
      findCloud('gamma', undefined, fixture),
      failure('usage', "unknown cloud 'gamma'", `${path} has: alpha, beta`),
    )
    await assert.rejects(findCloud('toString', undefined, fixture), {name: 'Failure'})
  })

  it('lists the searched folders when there is no file', async () => {
    await assert.rejects(
      findCloud('gamma', undefined, fixture),
      failure(
        'usage',
        "unknown cloud 'gamma'",
        `no clouds.yaml in ${fixture.cwd}, ${fixture.home}/.config/openstack, ${fixture.root}/site/openstack, /etc/openstack`,
      ),
    )
  })
})
