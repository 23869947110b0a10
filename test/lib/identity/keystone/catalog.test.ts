/** The choice of the address of the Image service from a catalog, and the parts of that address. */
import assert from 'node:assert/strict'
import {parseServiceBase} from '../../../../src/lib/http/service-base.js'
import {
  type EndpointQuery,
  parseCatalog,
  selectEndpoint,
} from '../../../../src/lib/identity/keystone/catalog.js'
import {failure} from '../../../support/failure.js'

const endpoint = (name: string, region: string, url: string) => ({interface: name, region, url})

const TWO_REGIONS = parseCatalog([
  {type: 'identity', endpoints: [endpoint('public', 'North', 'http://k')]},
  {
    type: 'image',
    endpoints: [
      endpoint('public', 'North', 'http://n.public'),
      endpoint('internal', 'North', 'http://n.internal'),
      endpoint('public', 'South', 'http://s.public'),
      endpoint('admin', 'South', 'http://s.admin'),
    ],
  },
])

const createQuery = (interfaces: string[], region?: string, serviceType?: string): EndpointQuery => ({
  interfaces: {value: interfaces, from: 'OS_INTERFACE'},
  ...(region && {region: {value: region, from: 'OS_REGION_NAME'}}),
  ...(serviceType && {serviceType: {value: serviceType, from: 'OS_IMAGE_SERVICE_TYPE'}}),
})

describe('catalog', () => {
  const found: readonly [string, EndpointQuery, string][] = [
    ['by region', createQuery(['public'], 'South'), 'http://s.public'],
    ['by interface', createQuery(['internal'], 'North'), 'http://n.internal'],
    [
      'by the first available interface',
      createQuery(['internal', 'admin', 'public'], 'South'),
      'http://s.admin',
    ],
    ['an interface that only one region has', createQuery(['admin']), 'http://s.admin'],
    ['another type', createQuery(['public'], undefined, 'identity'), 'http://k'],
  ]
  for (const [title, want, url] of found) {
    it(`is searched: ${title}`, () => assert.equal(selectEndpoint(TWO_REGIONS, want), url))
  }

  it('lists the regions when there is a choice', () => {
    assert.throws(
      () => selectEndpoint(TWO_REGIONS, createQuery(['public'])),
      failure('usage', 'the Image service is in more than one region', 'its regions are: North, South'),
    )
  })

  it('lists the regions when the requested one is missing; case matters', () => {
    assert.throws(
      () => selectEndpoint(TWO_REGIONS, createQuery(['public'], 'south')),
      failure(
        'usage',
        "the Image service is not in region 'south'",
        "its regions are: North, South; 'south' comes from OS_REGION_NAME",
      ),
    )
  })

  it('lists the interfaces when the requested ones are missing', () => {
    assert.throws(
      () => selectEndpoint(TWO_REGIONS, createQuery(['admin', 'internal'].slice(0, 1), 'North')),
      failure(
        'usage',
        'the Image service has no admin endpoint here',
        'its interfaces are: internal, public',
      ),
    )
  })

  it('lists the types when there is no Image service', () => {
    assert.throws(
      () =>
        selectEndpoint(
          parseCatalog([{type: 'identity', endpoints: [endpoint('public', 'N', 'http://k')]}]),
          createQuery(['public']),
        ),
      failure('usage', "the cloud has no service of type 'image'", 'its catalog has: identity'),
    )
  })

  it('says that a token without a project has no catalog', () => {
    assert.throws(
      () => selectEndpoint(parseCatalog(undefined), createQuery(['public'])),
      failure(
        'usage',
        'the token contains no address of the Image service',
        'it has no catalog, because it belongs to no project',
      ),
    )
  })

  it('says that the catalog of a project is empty, or has no URLs', () => {
    for (const document of [[], [{type: 'image', endpoints: [{interface: 'public', url: null}]}]]) {
      assert.throws(
        () => selectEndpoint(parseCatalog(document), {...createQuery(['public']), projectId: 'p'}),
        {
          kind: 'usage',
          message: 'the token contains no address of the Image service',
          why: 'its catalog is empty',
          advice: 'Name the address of the service with --url.',
        },
      )
    }
  })

  it('uses the type glance when there is no type image, and one address of several regions', () => {
    const catalog = parseCatalog([
      {type: 'glance', endpoints: [endpoint('public', 'A', 'http://i'), endpoint('public', 'B', 'http://i')]},
    ])
    assert.equal(selectEndpoint(catalog, createQuery(['public'])), 'http://i')
  })

  it('prefers region_id, reads both forms of endpoints, and skips unknown entries', () => {
    assert.deepEqual(
      parseCatalog([
        {
          type: 'image',
          endpoints: [{interface: 'publicURL', region: 'Old', region_id: 'New', url: 'http://a'}],
        },
        {type: 'image', endpoints: [{publicURL: 'http://p', adminURL: 'http://d', region: 'R'}]},
        {type: 'image', endpoints: [{interface: 'public', url: null}, 7]},
        {type: 'image'},
        null,
        'image',
      ]),
      [
        {type: 'image', interface: 'public', region: 'New', url: 'http://a'},
        {type: 'image', interface: 'public', region: 'R', url: 'http://p'},
        {type: 'image', interface: 'admin', region: 'R', url: 'http://d'},
      ],
    )
  })
})

describe('address of a service', () => {
  const cases: readonly [string, string, number?][] = [
    ['http://h:9292', 'http://h:9292'],
    ['http://h:9292/', 'http://h:9292'],
    ['http://h:9292/v2', 'http://h:9292', 2],
    ['http://h:9292/v2/', 'http://h:9292', 2],
    ['http://h:9292/v2.0', 'http://h:9292', 2],
    ['http://h:9292/v1/p1', 'http://h:9292', 1],
    ['http://h:9292/v1/AUTH_p1/', 'http://h:9292', 1],
    ['https://h/image', 'https://h/image'],
    ['https://h/image/v2/p1', 'https://h/image', 2],
    ['https://h/image/p1', 'https://h/image'],
    ['https://h/p1x', 'https://h/p1x'],
    ['https://h/v2/image', 'https://h/v2/image'],
    ['https://[::1]:9292/v2', 'https://[::1]:9292', 2],
  ]
  for (const [address, url, version] of cases) {
    it(`${address} is ${url}${version ? `, version ${version}` : ''}`, () => {
      assert.deepEqual(parseServiceBase(address, {projectId: 'p1'}), version ? {url, version} : {url})
    })
  }

  for (const address of ['h:9292', 'ftp://h', '', '/v2', 'http://']) {
    it(`'${address}' is not one`, () => {
      assert.throws(() => parseServiceBase(address, {from: 'OS_IMAGE_URL'}), {
        kind: 'usage',
        message: `invalid URL '${address}'`,
        why: 'it is not an http or https URL; it comes from OS_IMAGE_URL',
      })
    })
  }
})
