/** Version 1 with exchanges recorded from Glance 2011.3. */
import assert from 'node:assert/strict'
import nock from 'nock'
import {type ClosableImageApi, openImageApi} from '../../../../src/lib/api/open-api.js'
import {RetryPolicy} from '../../../../src/lib/http/retry/retry-policy.js'
import {file, pipe} from '../../../support/data.js'
import {failure} from '../../../support/failure.js'
import {html} from '../../../support/html.js'
import {NockDispatcher, useNock} from '../../../support/http/nock-dispatcher.js'

const url = 'http://127.0.0.1:9197'
const asHtml = {'Content-Type': 'text/html; charset=UTF-8'}

/** The JSON of image 1 (wire/v1.md#p10). */
const alpha = {
  min_ram: 0,
  updated_at: '2026-11-21T07:52:02.867219',
  status: 'active',
  size: 11,
  deleted: false,
  location: 'file:///STORE/1',
  checksum: '5eb63bbbe01eeed093cb22bb8f5acdc3',
  container_format: 'ovf',
  created_at: '2026-11-21T07:52:02.840677',
  disk_format: 'raw',
  min_disk: 0,
  deleted_at: null,
  is_public: true,
  id: 1,
  name: 'alpha',
  owner: null,
  properties: {distro: 'ubuntu'},
}

/** The headers of image 1 (wire/v1.md#p36). */
const alphaHeaders = {
  'Content-Type': 'text/html; charset=UTF-8',
  'X-Image-Meta-Min_ram': '0',
  'X-Image-Meta-Updated_at': '2026-11-21T07:52:02.867219',
  'X-Image-Meta-Status': 'active',
  'X-Image-Meta-Size': '11',
  'X-Image-Meta-Deleted': 'False',
  'X-Image-Meta-Location': 'file:///STORE/1',
  'X-Image-Meta-Checksum': '5eb63bbbe01eeed093cb22bb8f5acdc3',
  'X-Image-Meta-Container_format': 'ovf',
  'X-Image-Meta-Created_at': '2026-11-21T07:52:02.840677',
  'X-Image-Meta-Disk_format': 'raw',
  'X-Image-Meta-Min_disk': '0',
  'X-Image-Meta-Deleted_at': '',
  'X-Image-Meta-Is_public': 'True',
  'X-Image-Meta-Id': '1',
  'X-Image-Meta-Name': 'alpha',
  'X-Image-Meta-Owner': '',
  'X-Image-Meta-Property-Distro': 'ubuntu',
  Location: 'http://127.0.0.1:9197/v1/images/1',
  Etag: '5eb63bbbe01eeed093cb22bb8f5acdc3',
}

const alphaImage = {
  id: '1',
  uri: 'http://127.0.0.1:9197/v1/images/1',
  name: 'alpha',
  status: 'active',
  isPublic: true,
  diskFormat: 'raw',
  containerFormat: 'ovf',
  size: 11,
  checksum: '5eb63bbbe01eeed093cb22bb8f5acdc3',
  location: 'file:///STORE/1',
  minRam: 0,
  minDisk: 0,
  owner: null,
  deleted: false,
  createdAt: '2026-11-21T07:52:02.840677',
  updatedAt: '2026-11-21T07:52:02.867219',
  deletedAt: null,
  properties: {distro: 'ubuntu'},
}

describe('version 1 against Glance 2011.3', () => {
  useNock()
  let api: ClosableImageApi
  beforeEach(async () => {
    api = await openImageApi({
      url,
      version: 1,
      retryPolicy: new RetryPolicy({retries: 0}),
      dispatcher: new NockDispatcher(),
    })
  })

  /** It requires a number as the marker (wire/v1.md#p44), and fails for an id that is not a number (wire/v1.md#p17). */
  function countsIds(): void {
    nock(url)
      .get('/v1/images')
      .query(({limit, marker}) => limit === '1' && /^[-0-9a-f]{36}$/.test(String(marker)))
      .reply(400, '<body><h1>400 Bad Request</h1>marker param must be an integer<br /></body>')
  }

  it('adds an image whose id is a number, and reads it as text (wire/v1.md#p10)', async () => {
    countsIds()
    nock(url, {
      badheaders: ['x-image-meta-id'],
      reqheaders: {'x-image-meta-is_public': 'True', 'x-image-meta-property-distro': 'ubuntu'},
    })
      .post('/v1/images', 'hello world')
      .reply(201, {image: alpha}, {Etag: '5eb63bbbe01eeed093cb22bb8f5acdc3'})
    const draft = {name: 'alpha', isPublic: true, diskFormat: 'raw', properties: {distro: 'ubuntu'}}
    assert.deepEqual(await api.add(draft, file('hello world')), alphaImage)
  })

  it('deletes an image that it reported, and says what may remain of another', async () => {
    const draft = {name: 'alpha', diskFormat: 'raw', properties: {}}
    countsIds()
    nock(url).post('/v1/images').reply(201, {image: alpha})
    nock(url).delete('/v1/images/1').reply(200, 'null')
    await assert.rejects(api.add(draft, file('hello, image')), {
      kind: 'unverified',
      message: 'the data of image 1 does not match the announced size or checksum',
      why: 'the service stored 11 bytes, expected 12',
      advice: 'Its image record, 1, was deleted.',
    })
    countsIds()
    nock(url).post('/v1/images').reply(500, 'Traceback (most recent call last):\nOSError: disk full')
    await assert.rejects(api.add(draft, file('hello world')), {
      kind: 'failed',
      advice:
        'This server numbers its images and does not report the number of a failed one: its record may remain.',
    })
  })

  it('reserves an image (wire/v1.md#p12)', async () => {
    nock(url)
      .post('/v1/images', '')
      .reply(
        201,
        {image: {...alpha, id: 3, status: 'queued', checksum: null, updated_at: null}},
        {Etag: 'None'},
      )
    const image = await api.add({name: 'gamma', properties: {}})
    assert.deepEqual([image.id, image.status, image.checksum, image.updatedAt], ['3', 'queued', null, null])
  })

  it('detects a different size itself, because the server does not compare (wire/v1.md#p20)', async () => {
    const why = 'it has 3 bytes, and size=10 was given'
    await assert.rejects(
      api.add({size: 10, properties: {}}, pipe('abc')),
      failure('unverified', 'the image data does not match the announced size', why),
    )
  })

  it('shows an image; empty headers are null (wire/v1.md#p36)', async () => {
    nock(url).head('/v1/images/1').reply(200, '', alphaHeaders)
    assert.deepEqual(await api.show('1'), alphaImage)
  })

  it('shows a reservation (wire/v1.md#p38)', async () => {
    const headers = {...alphaHeaders, 'X-Image-Meta-Checksum': '', 'X-Image-Meta-Location': '', Etag: 'None'}
    nock(url).head('/v1/images/3').reply(200, '', headers)
    const image = await api.show('3')
    assert.deepEqual([image.checksum, image.location], [null, null])
  })

  it('reads None as null, except in names and properties', async () => {
    const headers = {
      ...alphaHeaders,
      'X-Image-Meta-Checksum': 'None',
      'X-Image-Meta-Owner': 'None',
      'X-Image-Meta-Size': 'None',
      'X-Image-Meta-Name': 'None',
      'X-Image-Meta-Property-Distro': 'None',
    }
    nock(url).head('/v1/images/1').reply(200, '', headers)
    const {checksum, owner, size, name, properties} = await api.show('1')
    assert.deepEqual([checksum, owner, size, name], [null, null, null, 'None'])
    assert.deepEqual(properties, {distro: 'None'})
  })

  it('lists and pages by numbers (wire/v1.md#p34, #p42)', async () => {
    const gamma = {id: 3, name: 'gamma', size: 0, disk_format: 'raw', container_format: 'ovf', checksum: null}
    nock(url)
      .get('/v1/images?limit=1&marker=77')
      .reply(200, {images: [gamma]})
    const page = await api.index({limit: 1, marker: '77'})
    assert.equal(page.images[0]?.id, '3')
    assert.equal(page.next, '3')
  })

  it('lists in detail, without protected and location (wire/v1.md#p35)', async () => {
    const {location: _, ...rest} = alpha
    nock(url)
      .get('/v1/images/detail?limit=500')
      .reply(200, {images: [rest]})
    const {location: __, ...listed} = alphaImage
    assert.deepEqual((await api.details({})).images, [listed])
  })

  it('keeps properties: reads, merges and writes, because this server always purges (wire/v1.md#p59)', async () => {
    nock(url)
      .head('/v1/images/1')
      .reply(200, '', {...alphaHeaders, 'X-Image-Meta-Property-Empty': ''})
    nock(url, {
      reqheaders: {
        'x-image-meta-property-distro': 'ubuntu',
        'x-image-meta-property-empty': '',
        'x-image-meta-property-arch': 'i386',
        'x-glance-registry-purge-props': 'false',
      },
      badheaders: ['x-image-meta-name', 'x-image-meta-location'],
    })
      .put('/v1/images/1', '')
      .reply(200, {image: {...alpha, properties: {distro: 'ubuntu', empty: null, arch: 'i386'}}})
    const image = await api.update('1', {properties: {arch: 'i386'}})
    assert.deepEqual(image.properties, {distro: 'ubuntu', empty: null, arch: 'i386'})
  })

  it('sends a property once when the draft spells it differently from the server', async () => {
    nock(url)
      .head('/v1/images/1')
      .reply(200, '', {...alphaHeaders, 'X-Image-Meta-Property-Os_type': 'old'})
    nock(url, {reqheaders: {'x-image-meta-property-os_type': 'new'}})
      .put('/v1/images/1', '')
      .reply(200, {image: alpha})
    await api.update('1', {properties: {'OS-Type': 'new'}})
  })

  it('does not read first when the properties are purged', async () => {
    nock(url, {badheaders: ['x-image-meta-property-distro']})
      .put('/v1/images/1', '')
      .reply(200, {image: {...alpha, properties: {}}})
    assert.deepEqual((await api.update('1', {properties: {}}, {purgeProperties: true})).properties, {})
  })

  it('deletes, whatever the response body says (wire/v1.md#p66)', async () => {
    nock(url).delete('/v1/images/1').reply(200, 'null', {'Content-Type': 'application/json'})
    await api.delete('1')
  })

  it('explains that members cannot be changed without authentication (wire/v1.md#p72, #p73, #p74)', async () => {
    const text =
      'This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.<br /><br />\nNo authenticated user'
    const unauthorized = html('401 Unauthorized', text)
    nock(url).put('/v1/images/2/members/t1').reply(401, unauthorized, asHtml)
    nock(url).delete('/v1/images/2/members/t1').reply(401, unauthorized, asHtml)
    nock(url).put('/v1/images/2/members').reply(401, unauthorized, asHtml)
    const why =
      'this server does not allow changes of members without authentication (it says: No authenticated user)'
    await assert.rejects(
      api.addMember('2', {memberId: 't1', canShare: false}),
      failure('denied', 'cannot add t1 to image 2', why),
    )
    await assert.rejects(api.removeMember('2', 't1'), failure('denied', 'cannot remove t1 from image 2', why))
    await assert.rejects(
      api.replaceMembers('2', []),
      failure('denied', 'cannot replace the members of image 2', why),
    )
  })

  it('reads registry errors that are nested in others (wire/v1.md#p44, #p61)', async () => {
    const inner =
      '400 Bad Request\n\nThe server could not comply with the request since it is either malformed or otherwise incorrect.\n\n marker param must be an integer  <br /><br />\n'
    nock(url).get('/v1/images?limit=500&marker=abc').reply(400, html('400 Bad Request', inner), asHtml)
    await assert.rejects(
      api.index({marker: 'abc'}),
      failure('not-found', 'cannot list the images', 'marker param must be an integer'),
    )
  })

  it('extracts the reason from a traceback (wire/v1.md#p17)', async () => {
    const trace =
      'Traceback (most recent call last):\n  File "wsgi.py", line 1, in x\n    y()\nValueError: invalid literal\n'
    nock(url).head('/v1/images/x').reply(404)
    nock(url).post('/v1/images').reply(500, trace, {'Content-Type': 'text/plain', Connection: 'close'})
    nock(url).delete('/v1/images/x').twice().reply(404)
    await assert.rejects(
      api.add({id: 'x', properties: {}}),
      failure('failed', 'cannot add the image', 'ValueError: invalid literal'),
    )
  })
})
