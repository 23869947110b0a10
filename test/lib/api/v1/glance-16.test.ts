/** Version 1 with exchanges recorded from Glance 16.0.1. */
import assert from 'node:assert/strict'
import nock from 'nock'
import {type ClosableImageApi, openImageApi} from '../../../../src/lib/api/open-api.js'
import {RetryPolicy} from '../../../../src/lib/http/retry/retry-policy.js'
import type {Failure} from '../../../../src/lib/model/errors.js'
import {file, pipe} from '../../../support/data.js'
import {failure} from '../../../support/failure.js'
import {html} from '../../../support/html.js'
import {NockDispatcher, useNock} from '../../../support/http/nock-dispatcher.js'

const url = 'http://127.0.0.1:9191'
const ID1 = '00000001-0000-4000-8000-000000000000'

const alpha = {
  min_ram: 0,
  updated_at: '2026-11-21T07:51:18.209555',
  virtual_size: null,
  status: 'active',
  protected: false,
  created_at: '2026-11-21T07:51:18.171676',
  disk_format: 'raw',
  name: 'alpha',
  deleted_at: null,
  min_disk: 0,
  deleted: false,
  owner: 'someone',
  container_format: 'bare',
  size: 11,
  is_public: true,
  id: ID1,
  checksum: '5eb63bbbe01eeed093cb22bb8f5acdc3',
  properties: {distro: 'ubuntu', arch: 'x86_64'},
}

const alphaImage = {
  id: ID1,
  uri: `${url}/v1/images/${ID1}`,
  name: 'alpha',
  status: 'active',
  isPublic: true,
  protected: false,
  diskFormat: 'raw',
  containerFormat: 'bare',
  size: 11,
  virtualSize: null,
  checksum: '5eb63bbbe01eeed093cb22bb8f5acdc3',
  minRam: 0,
  minDisk: 0,
  owner: 'someone',
  deleted: false,
  createdAt: '2026-11-21T07:51:18.171676',
  updatedAt: '2026-11-21T07:51:18.209555',
  deletedAt: null,
  properties: {distro: 'ubuntu', arch: 'x86_64'},
}

const asHtml = {
  'Content-Type': 'text/html; charset=UTF-8',
  'X-Openstack-Request-Id': 'req-0e63976a-30cb-45f1-9a90-f3842f872a68',
}

describe('version 1 against Glance 16.0.1', () => {
  let api: ClosableImageApi
  beforeEach(async () => {
    api = await openImageApi({
      url,
      version: 1,
      retryPolicy: new RetryPolicy({retries: 0}),
      dispatcher: new NockDispatcher(),
    })
  })
  useNock()

  it('adds an image with data of known length (wire/v1.md#c1)', async () => {
    nock(url).head(`/v1/images/${ID1}`).reply(404)
    nock(url, {
      reqheaders: {
        'x-image-meta-id': ID1,
        'x-image-meta-name': 'alpha',
        'x-image-meta-is_public': 'True',
        'x-image-meta-disk_format': 'raw',
        'x-image-meta-container_format': 'bare',
        'x-image-meta-min_disk': '0',
        'x-image-meta-min_ram': '0',
        'x-image-meta-protected': 'False',
        'x-image-meta-owner': 'someone',
        'x-image-meta-size': '11',
        'x-image-meta-property-distro': 'ubuntu',
        'x-image-meta-property-arch': 'x86_64',
        'content-type': 'application/octet-stream',
        'content-length': '11',
      },
    })
      .post('/v1/images', 'hello world')
      .reply(201, {image: alpha}, {Etag: '5eb63bbbe01eeed093cb22bb8f5acdc3'})
    const image = await api.add(
      {
        id: ID1,
        name: 'alpha',
        isPublic: true,
        diskFormat: 'raw',
        containerFormat: 'bare',
        minDisk: 0,
        minRam: 0,
        protected: false,
        owner: 'someone',
        properties: {distro: 'ubuntu', arch: 'x86_64'},
      },
      file('hello world'),
    )
    assert.deepEqual(image, alphaImage)
  })

  it('adds an image from a pipe in chunks, without a size (wire/v1.md#c2)', async () => {
    nock(url, {badheaders: ['x-image-meta-size', 'content-length']})
      .matchHeader('transfer-encoding', 'chunked')
      .post('/v1/images', 'abc')
      .reply(201, {image: {...alpha, size: 3, checksum: '900150983cd24fb0d6963f7d28e17f72'}})
    assert.equal((await api.add({properties: {}}, pipe('a', 'bc'))).size, 3)
  })

  it('registers an image without data (wire/v1.md#c3)', async () => {
    nock(url, {badheaders: ['content-type', 'transfer-encoding', 'x-image-meta-size']})
      .post('/v1/images', '')
      .reply(201, {image: {...alpha, status: 'queued', size: 0, checksum: null}})
    const image = await api.add({name: 'gamma', properties: {}})
    assert.equal(image.status, 'queued')
    assert.equal(image.checksum, null)
  })

  it('announces empty data by its size, which makes the image active (wire/v1.md#c6)', async () => {
    for (const data of [pipe(), file('')]) {
      nock(url, {reqheaders: {'x-image-meta-size': '0'}})
        .post('/v1/images', '')
        .reply(201, {image: {...alpha, size: 0}})
      assert.equal((await api.add({properties: {}}, data)).status, 'active')
    }
  })

  it('registers data in another place (wire/v1.md#c5), or to be copied (wire/v1.md#c7)', async () => {
    nock(url, {reqheaders: {'x-image-meta-location': 'http://127.0.0.1:9199/src.img'}})
      .post('/v1/images')
      .reply(201, {image: alpha})
    await api.add({location: 'http://127.0.0.1:9199/src.img', properties: {}})
    nock(url, {reqheaders: {'x-glance-api-copy-from': 'http://127.0.0.1:9199/src.img'}})
      .post('/v1/images')
      .reply(201, {image: alpha})
    await api.add({copyFrom: 'http://127.0.0.1:9199/src.img', properties: {}})
  })

  it('lists briefly (wire/v1.md#d1, #d44)', async () => {
    nock(url)
      .get('/v1/images')
      .query({limit: '2', marker: '00000006-0000-4000-8000-000000000000'})
      .reply(200, {
        images: [
          {
            id: '00000005-0000-4000-8000-000000000000',
            name: 'epsilon',
            size: 16,
            disk_format: 'vhd',
            container_format: 'ovf',
            checksum: null,
          },
          {
            id: '00000003-0000-4000-8000-000000000000',
            name: 'gamma',
            size: 0,
            disk_format: 'ami',
            container_format: 'ami',
            checksum: null,
          },
        ],
      })
    const page = await api.index({limit: 2, marker: '00000006-0000-4000-8000-000000000000'})
    assert.deepEqual(page.images[0], {
      id: '00000005-0000-4000-8000-000000000000',
      uri: 'http://127.0.0.1:9191/v1/images/00000005-0000-4000-8000-000000000000',
      name: 'epsilon',
      size: 16,
      diskFormat: 'vhd',
      containerFormat: 'ovf',
      checksum: null,
    })
    assert.equal(page.next, '00000003-0000-4000-8000-000000000000')
  })

  it('lists in detail with filters and order (wire/v1.md#d74, #d56)', async () => {
    nock(url)
      .get('/v1/images/detail')
      .query({
        name: 'alpha',
        size_min: '10',
        'property-os_distro': 'ubuntu',
        limit: '10',
        sort_key: 'name',
        sort_dir: 'asc',
      })
      .reply(200, {images: [alpha]})
    const page = await api.details({
      name: 'alpha',
      sizeMin: 10,
      properties: {'OS-distro': 'ubuntu'},
      limit: 10,
      sort: [{key: 'name', direction: 'asc'}],
    })
    assert.deepEqual(page, {images: [alphaImage], next: alphaImage.id})
  })

  it('compares times in the detailed list, and sends no limit of them', async () => {
    nock(url)
      .get('/v1/images/detail')
      .query({name: 'alpha', limit: '500'})
      .times(2)
      .reply(200, {images: [alpha]})
    const at = {comparison: 'gte', time: String(alphaImage.createdAt)} as const
    const query = {name: 'alpha', limit: 10, createdAt: [at]}
    const {id, uri, name, diskFormat, containerFormat, size, checksum, status} = alphaImage
    const brief = {id, uri, name, diskFormat, containerFormat, size, checksum, status}
    assert.deepEqual(await api.index(query), {images: [brief], next: id})
    const later = await api.details({...query, createdAt: [{...at, comparison: 'gt'}]})
    assert.deepEqual(later, {images: [], next: id})
  })

  it('refuses several sort keys, and sends nothing', async () => {
    const sort = [
      {key: 'name', direction: 'asc'},
      {key: 'size', direction: 'desc'},
    ] as const
    await assert.rejects(api.index({sort}), {
      kind: 'usage',
      why: 'only v2 of the Image API sorts by more than one',
    })
  })

  it('shows an image (wire/v1.md#e1)', async () => {
    nock(url).head(`/v1/images/${ID1}`).reply(200, '', headHeaders)
    const {deletedAt: _, virtualSize: __, ...listed} = alphaImage
    assert.deepEqual(await api.show(ID1), listed)
  })

  it('shows an image without name, checksum and owner (wire/v1.md#e3)', async () => {
    const {
      'X-Image-Meta-Owner': _,
      'X-Image-Meta-Checksum': __,
      'X-Image-Meta-Name': ___,
      ...rest
    } = headHeaders
    nock(url).head(`/v1/images/${ID1}`).reply(200, '', rest)
    const image = await api.show(ID1)
    assert.equal(image.owner, null)
    assert.equal(image.checksum, null)
    assert.equal(image.name, null)
  })

  it('downloads (wire/v1.md#e2)', async () => {
    nock(url)
      .get(`/v1/images/${ID1}`)
      .reply(200, 'hello world', {...headHeaders, 'Content-Type': 'application/octet-stream'})
    const {image, data} = await api.download(ID1)
    assert.equal(image.name, 'alpha')
    assert.equal(Buffer.concat(await data.toArray()).toString(), 'hello world')
  })

  it('keeps properties that an update does not name, unless purged (wire/v1.md#g4, #g3)', async () => {
    nock(url, {reqheaders: {'x-glance-registry-purge-props': 'false', 'x-image-meta-property-c': '3'}})
      .put(`/v1/images/${ID1}`, '')
      .reply(200, {image: {...alpha, properties: {a: '1', b: '2', c: '3'}}})
    const image = await api.update(ID1, {properties: {c: '3'}})
    assert.deepEqual(image.properties, {a: '1', b: '2', c: '3'})
    nock(url, {reqheaders: {'x-glance-registry-purge-props': 'true', 'x-image-meta-property-c': '3'}})
      .put(`/v1/images/${ID1}`, '')
      .reply(200, {image: {...alpha, properties: {c: '3'}}})
    await api.update(ID1, {properties: {c: '3'}}, {purgeProperties: true})
  })

  it('purges with a second request when data comes along, because an upload keeps properties (wire/v1.md#g27)', async () => {
    nock(url, {reqheaders: {'content-type': 'application/octet-stream'}})
      .put(`/v1/images/${ID1}`, 'abcd')
      .reply(200, {
        image: {
          ...alpha,
          size: 4,
          checksum: 'e2fc714c4727ee9395f324cd2e7f331f',
          properties: {a: '1', b: '2'},
        },
      })
    nock(url, {
      reqheaders: {'x-glance-registry-purge-props': 'true', 'x-image-meta-property-b': '2'},
      badheaders: ['x-image-meta-name'],
    })
      .put(`/v1/images/${ID1}`, '')
      .reply(200, {image: {...alpha, size: 4, properties: {b: '2'}}})
    const draft = {name: 'new', properties: {b: '2'}}
    const image = await api.update(ID1, draft, {data: file('abcd'), purgeProperties: true})
    assert.deepEqual(image.properties, {b: '2'})
  })

  it('clears fields and properties (wire/v1.md#g8, #g5)', async () => {
    nock(url, {reqheaders: {'x-image-meta-name': '', 'x-image-meta-property-a': ''}})
      .put(`/v1/images/${ID1}`)
      .reply(200, {image: {...alpha, name: null, properties: {a: null, b: '2'}}})
    const image = await api.update(ID1, {name: null, properties: {a: ''}})
    assert.equal(image.name, null)
    assert.deepEqual(image.properties, {a: null, b: '2'})
  })

  it('deletes (wire/v1.md#h1)', async () => {
    nock(url).delete(`/v1/images/${ID1}`, '').reply(200, '', {'Content-Type': 'text/html; charset=UTF-8'})
    await api.delete(ID1)
  })

  it('changes and lists members (wire/v1.md#i3, #i4, #i18, #i34, #i38)', async () => {
    nock(url)
      .put(`/v1/images/${ID1}/members/tenant2`, '{"member":{"can_share":true}}')
      .matchHeader('content-type', 'application/json')
      .reply(204)
    await api.addMember(ID1, {memberId: 'tenant2', canShare: true})
    nock(url)
      .get(`/v1/images/${ID1}/members`)
      .reply(200, {
        members: [
          {member_id: 'tenant1', can_share: false},
          {member_id: 'tenant2', can_share: true},
        ],
      })
    assert.deepEqual(await api.members(ID1), [
      {memberId: 'tenant1', canShare: false},
      {memberId: 'tenant2', canShare: true},
    ])
    nock(url)
      .put(`/v1/images/${ID1}/members`, '{"memberships":[{"member_id":"tenant1","can_share":false}]}')
      .reply(204)
    await api.replaceMembers(ID1, [{memberId: 'tenant1', canShare: false}])
    nock(url)
      .get('/v1/shared-images/tenant1')
      .reply(200, {shared_images: [{image_id: ID1, can_share: false}]})
    assert.deepEqual(await api.memberImages('tenant1'), [{imageId: ID1, canShare: false}])
    nock(url).delete(`/v1/images/${ID1}/members/tenant%2F1`).reply(204)
    await api.removeMember(ID1, 'tenant/1')
  })

  it('refuses fields and filters of version 2 before it sends a request', async () => {
    await assert.rejects(api.add({visibility: 'shared', properties: {}}), {
      kind: 'usage',
      message: 'Image API v1 does not support visibility; use is_public=',
    })
    await assert.rejects(api.update(ID1, {tags: ['a'], properties: {}}), {
      kind: 'usage',
      message: 'Image API v1 does not support tags',
    })
    await assert.rejects(api.index({owner: 'me'}), {
      kind: 'usage',
      message: "cannot filter lists by 'owner'",
      why: 'only v2 of the Image API has this filter',
    })
  })

  it('has no status of members', async () => {
    await assert.rejects(api.setMemberStatus(ID1, 'beta', 'accepted'), {
      kind: 'failed',
      message: `cannot set beta of image ${ID1} to accepted`,
    })
  })

  describe('failures', () => {
    it('404 on HEAD, which has no body (wire/v1.md#e8)', async () => {
      nock(url).head(`/v1/images/${ID1}`).reply(404)
      await assert.rejects(
        api.show(ID1),
        failure('not-found', `cannot show image ${ID1}`, /^image 0.* does not exist/),
      )
    })

    it('404 on GET (wire/v1.md#e4)', async () => {
      const body = html(
        '404 Not Found',
        `The resource could not be found.<br /><br />\nImage ${ID1} is not active`,
      )
      nock(url).get(`/v1/images/${ID1}`).reply(404, body, asHtml)
      const why = `Image ${ID1} is not active`
      await assert.rejects(api.download(ID1), failure('not-found', `cannot download image ${ID1}`, why))
    })

    it('403 for a protected image is a conflict (wire/v1.md#h5)', async () => {
      const body = html('403 Forbidden', 'Image is protected<br /><br />\n')
      nock(url).delete(`/v1/images/${ID1}`).reply(403, body, asHtml)
      await assert.rejects(
        api.delete(ID1),
        failure('conflict', `cannot delete image ${ID1}`, 'Image is protected'),
      )
    })

    it('409 for an upload into an image that has data (wire/v1.md#g28)', async () => {
      const text =
        'There was a conflict when trying to complete your request.<br /><br />\nCannot upload to an unqueued image'
      nock(url).put(`/v1/images/${ID1}`).reply(409, html('409 Conflict', text), asHtml)
      const updating = api.update(ID1, {properties: {}}, {data: file('abcd')})
      await assert.rejects(
        updating,
        failure('conflict', `cannot update image ${ID1}`, 'Cannot upload to an unqueued image'),
      )
    })

    it('400 for data that does not verify (wire/v1.md#f5)', async () => {
      const text =
        'Supplied size (10) and size generated from uploaded image (3) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />\n'
      nock(url, {reqheaders: {'x-image-meta-size': '10'}})
        .post('/v1/images')
        .reply(400, html('400 Bad Request', text), asHtml)
      const why =
        "Supplied size (10) and size generated from uploaded image (3) did not match. Setting image status to 'killed'."
      await assert.rejects(
        api.add({size: 10, properties: {}}, pipe('0123456789')),
        failure('unverified', 'cannot add the image', why),
      )
    })

    it('keeps status and request id', async () => {
      nock(url).get('/v1/images?limit=500').reply(500, '', asHtml)
      await assert.rejects(api.index({}), (error: Failure) => {
        assert.equal(error.kind, 'failed')
        assert.equal(error.status, 500)
        assert.equal(error.requestId, 'req-0e63976a-30cb-45f1-9a90-f3842f872a68')
        return true
      })
    })

    it('300: the server has no v1 (wire/v1.md#a6)', async () => {
      const versions = {
        versions: [
          {id: 'v2.6', status: 'CURRENT'},
          {id: 'v2.5', status: 'SUPPORTED'},
        ],
      }
      nock(url).get('/v1/images?limit=500').reply(300, versions)
      await assert.rejects(
        api.index({}),
        failure('failed', 'this server has no Image API v1', 'it has v2.6, v2.5'),
      )
    })
  })
})

const headHeaders = {
  'Content-Type': 'text/html; charset=UTF-8',
  'X-Image-Meta-Min_ram': '0',
  'X-Image-Meta-Updated_at': '2026-11-21T07:51:18.209555',
  'X-Image-Meta-Status': 'active',
  'X-Image-Meta-Protected': 'False',
  'X-Image-Meta-Created_at': '2026-11-21T07:51:18.171676',
  'X-Image-Meta-Disk_format': 'raw',
  'X-Image-Meta-Name': 'alpha',
  'X-Image-Meta-Min_disk': '0',
  'X-Image-Meta-Deleted': 'False',
  'X-Image-Meta-Owner': 'someone',
  'X-Image-Meta-Container_format': 'bare',
  'X-Image-Meta-Size': '11',
  'X-Image-Meta-Is_public': 'True',
  'X-Image-Meta-Id': ID1,
  'X-Image-Meta-Checksum': '5eb63bbbe01eeed093cb22bb8f5acdc3',
  'X-Image-Meta-Property-Distro': 'ubuntu',
  'X-Image-Meta-Property-Arch': 'x86_64',
  Etag: '5eb63bbbe01eeed093cb22bb8f5acdc3',
  'X-Openstack-Request-Id': 'req-1038b2cd-d537-4397-a979-877bf4b85bf6',
}
