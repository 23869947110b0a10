/** Version 2 with exchanges recorded from Glance 25.1.0. */
import assert from 'node:assert/strict'
import nock from 'nock'
import {type ClosableImageApi, openImageApi} from '../../../../src/lib/api/open-api.js'
import type {Failure} from '../../../../src/lib/model/errors.js'
import {file, pipe} from '../../../support/data.js'
import {failure, failureKind} from '../../../support/failure.js'
import {NockDispatcher, useNock} from '../../../support/http/nock-dispatcher.js'

const url = 'http://127.0.0.1:9292'
const ID = 'f9cec318-413d-4ca1-941e-d11d7b73edda'
const path = `/v2/images/${ID}`
const ALPHA = '6f1d3c86f6a0479d8f1f2b2d7c8d3b11'
const BETA = 'c4a9ae8274944702b99d5b6627407b73'
const MD5 = '1cbd8cdd6965af2fa4535a0a1dec1f6c'
const SHA512 =
  '3848ec2673bd87a4cdc9d3895445abd91a09d2673d30335365f912533f6fb228f62f6749ce739b435a992643aa8fed8a6a2e84e68d1831a2e97bfe9f88cd370f'

const queued = {
  os_distro: 'debian',
  name: 'full',
  disk_format: 'qcow2',
  container_format: 'bare',
  visibility: 'private',
  size: null,
  virtual_size: null,
  status: 'queued',
  checksum: null,
  protected: false,
  min_ram: 64,
  min_disk: 1,
  owner: ALPHA,
  os_hidden: false,
  os_hash_algo: null,
  os_hash_value: null,
  id: ID,
  created_at: '2026-11-21T08:30:20Z',
  updated_at: '2026-11-21T08:30:20Z',
  locations: [],
  tags: ['b', 'a'],
  self: path,
  file: `${path}/file`,
  schema: '/v2/schemas/image',
}

const active = {
  ...queued,
  status: 'active',
  size: 13,
  virtual_size: 13,
  checksum: MD5,
  os_hash_algo: 'sha512',
  os_hash_value: SHA512,
  stores: 'fast',
  os_glance_importing_to_stores: '',
  os_glance_failed_import: '',
}

const queuedImage = {
  id: ID,
  uri: `${url}${path}`,
  name: 'full',
  status: 'queued',
  isPublic: false,
  visibility: 'private',
  diskFormat: 'qcow2',
  containerFormat: 'bare',
  size: null,
  virtualSize: null,
  checksum: null,
  protected: false,
  minRam: 64,
  minDisk: 1,
  owner: ALPHA,
  osHidden: false,
  osHashAlgo: null,
  osHashValue: null,
  tags: ['b', 'a'],
  locations: [],
  createdAt: '2026-11-21T08:30:20Z',
  updatedAt: '2026-11-21T08:30:20Z',
  properties: {os_distro: 'debian'},
}

const activeImage = {
  ...queuedImage,
  status: 'active',
  size: 13,
  virtualSize: 13,
  checksum: MD5,
  osHashAlgo: 'sha512',
  osHashValue: SHA512,
  stores: ['fast'],
}

/** An error as this server writes it for clients that accept JSON. */
const error = (code: string, message: string) => ({
  message: `${message}<br /><br />\n\n\n`,
  code,
  title: code.slice(4),
})

const plain = {diskFormat: 'raw', containerFormat: 'bare', properties: {}}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

describe('version 2 against Glance 25.1.0', () => {
  let api: ClosableImageApi
  beforeEach(async () => {
    api = await openImageApi({url, version: 2, token: 'T', project: ALPHA, dispatcher: new NockDispatcher()})
  })
  useNock()

  describe('adds', () => {
    it('an image with every field, without data', async () => {
      nock(url, {reqheaders: {'x-auth-token': 'T', 'content-type': 'application/json'}})
        .post('/v2/images', {
          id: ID,
          name: 'full',
          visibility: 'private',
          protected: false,
          disk_format: 'qcow2',
          container_format: 'bare',
          min_ram: 64,
          min_disk: 1,
          owner: ALPHA,
          tags: ['b', 'a'],
          os_hidden: false,
          os_distro: 'debian',
        })
        .reply(201, queued, {'Openstack-Image-Import-Methods': 'glance-direct,web-download'})
      const image = await api.add({
        id: ID.toUpperCase(),
        name: 'full',
        isPublic: true,
        visibility: 'private',
        protected: false,
        diskFormat: 'qcow2',
        containerFormat: 'bare',
        minRam: 64,
        minDisk: 1,
        owner: ALPHA,
        tags: ['b', 'a'],
        osHidden: false,
        properties: {os_distro: 'debian'},
      })
      assert.deepEqual(image, queuedImage)
    })

    for (const [isPublic, visibility] of [
      [true, 'public'],
      [false, 'shared'],
    ] as const) {
      it(`is_public=${isPublic} as ${visibility}`, async () => {
        nock(url)
          .post(
            '/v2/images',
            body => UUID.test(body.id) && body.visibility === visibility && body.name === null,
          )
          .reply(201, {...queued, visibility})
        const image = await api.add({isPublic, name: null, properties: {}})
        assert.deepEqual([image.isPublic, image.visibility], [isPublic, visibility])
      })
    }

    it('data of known length, and checks the stored image', async () => {
      nock(url)
        .post('/v2/images', {disk_format: 'raw', container_format: 'bare', id: /^[-0-9a-f]{36}$/})
        .reply(201, queued)
      nock(url, {
        reqheaders: {
          'content-type': 'application/octet-stream',
          'content-length': '13',
          'x-openstack-image-size': '13',
        },
      })
        .put(`${path}/file`, 'hello, image\n')
        .reply(204)
      nock(url).get(path).reply(200, active)
      assert.deepEqual(await api.add(plain, file('hello, image\n')), activeImage)
    })

    it('data from a pipe in chunks', async () => {
      nock(url).post('/v2/images').reply(201, queued)
      nock(url, {badheaders: ['content-length', 'x-openstack-image-size']})
        .matchHeader('transfer-encoding', 'chunked')
        .put(`${path}/file`, 'hello, image\n')
        .reply(204)
      nock(url).get(path).reply(200, active)
      assert.equal(
        (await api.add({...plain, checksum: MD5.toUpperCase()}, pipe('hello, ', 'image\n'))).size,
        13,
      )
    })

    it('no image whose fields the service would change', async () => {
      for (const name of ['self', 'locations', 'os_glance_importing_to_stores', 'visibility', 'status']) {
        await assert.rejects(api.add({properties: {[name]: 'x'}}), {
          kind: 'usage',
          message: `invalid property name '${name}'`,
        })
      }
      await assert.rejects(api.add({id: '7', properties: {}}), {
        kind: 'usage',
        why: 'Image API v2 accepts only UUIDs',
      })
    })

    it('no image whose data has another length than announced, and sends nothing', async () => {
      await assert.rejects(
        api.add({...plain, size: 10}, file('abc')),
        failure(
          'unverified',
          'the image data does not match the announced size',
          'it has 3 bytes, and size=10 was given',
        ),
      )
    })

    it('no location that it cannot verify, and none that is not allowed for users', async () => {
      await assert.rejects(api.add({...plain, location: 'file:///etc/passwd'}), {kind: 'usage'})
      await assert.rejects(api.add({...plain, location: 'http://h/x', checksum: MD5}), {kind: 'usage'})
      await assert.rejects(api.add({...plain, copyFrom: 'swift://h/x'}), {kind: 'usage'})
    })
  })

  describe('deletes what it added', () => {
    const deleted = `Its image record, ${ID}, was deleted.`

    it('when the service refuses the data', async () => {
      nock(url).post('/v2/images').reply(201, queued)
      const text =
        `The request returned a 413 Request Entity Too Large. This generally means that rate limiting or a quota ` +
        `threshold was breached.\n\nThe response body:\nProject ${ALPHA} is over a limit for [Resource ` +
        `image_size_total is over limit of 1 due to current usage 2 and delta 0]`
      nock(url).put(`${path}/file`).reply(413, error('413 Request Entity Too Large', text))
      nock(url).delete(path).reply(204)
      await assert.rejects(api.add(plain, file('hello, image\n')), (thrown: Failure) => {
        assert.equal(thrown.message, `cannot upload the data of image ${ID}`)
        assert.equal(
          thrown.why,
          `Project ${ALPHA} is over a limit for [Resource image_size_total is over limit of 1 due to current usage 2 and delta 0]`,
        )
        assert.equal(
          thrown.advice,
          `Delete images, or ask the operator to raise the limit: a quota or the capacity of the store is reached. ${deleted}`,
        )
        return true
      })
    })

    it('when the service stored another size', async () => {
      nock(url).post('/v2/images').reply(201, queued)
      nock(url).put(`${path}/file`).reply(204)
      nock(url)
        .get(path)
        .reply(200, {...active, size: 12})
      nock(url).delete(path).reply(204)
      await assert.rejects(api.add(plain, pipe('hello, image\n')), (thrown: Failure) => {
        assert.deepEqual(
          [thrown.kind, thrown.why, thrown.advice],
          ['unverified', 'the service stored 12 bytes, expected 13', deleted],
        )
        return true
      })
    })

    it('when the checksum differs, also if it is protected', async () => {
      nock(url)
        .post('/v2/images')
        .reply(201, {...queued, protected: true})
      nock(url)
        .patch(path, [{op: 'replace', path: '/protected', value: false}])
        .reply(200, active)
      nock(url).delete(path).reply(204)
      const checksum = '0'.repeat(32)
      await assert.rejects(
        api.add({...plain, protected: true, checksum}, pipe('hello, image\n')),
        failureKind('unverified', /^its checksum is 1cbd8cdd6965af2fa4535a0a1dec1f6c, expected 0{32}$/),
      )
    })

    it('and says so when that fails', async () => {
      nock(url).post('/v2/images').reply(201, queued)
      nock(url).put(`${path}/file`).reply(503)
      nock(url).delete(path).reply(503)
      await assert.rejects(api.add(plain, pipe('x')), {
        kind: 'unavailable',
        advice: `Try again later: the store did not take the data. Use --spool to keep a copy on disk: data from a pipe cannot be sent again. Its image record may remain. If it does, delete it with: glance delete ${ID}`,
      })
    })
  })

  describe('lists', () => {
    const link = `/v2/images?limit=2&sort=name%3Aasc&marker=${ID}`

    it('in detail, and follows the marker of the link alone', async () => {
      nock(url)
        .get('/v2/images')
        .query({limit: '2', name: 'eq:ubuntu:22.04', sort_key: 'name', sort_dir: 'asc', marker: 'M'})
        .reply(200, {images: [active], first: '/v2/images', schema: '/v2/schemas/images', next: link})
      const page = await api.details({
        name: 'ubuntu:22.04',
        limit: 2,
        marker: 'M',
        sort: [{key: 'name', direction: 'asc'}],
      })
      assert.deepEqual(page, {images: [activeImage], next: ID})
    })

    /** Glance on SQLite repeats a list by size, or ends it, after an image without a size. */
    it('by size never continue after an image without a size', async () => {
      const sized = ['1', '2'].map(id => ({...active, id, size: 5}))
      const queued = ['7', '8', '9'].map(id => ({...active, id, status: 'queued', size: null}))
      const serve = (limit: number, images: object[], marker?: string) =>
        nock(url)
          .get('/v2/images')
          .query({limit, sort_key: 'size', sort_dir: 'asc', ...(marker === undefined ? {} : {marker})})
          .reply(200, images.length < limit ? {images} : {images, next: link})
      const list = async (marker?: string) => {
        const sort = [{key: 'size', direction: 'asc'}] as const
        const {images, next} = await api.details({sort, limit: 2, marker})
        return [images.map(({id}) => id).join(''), next]
      }
      serve(2, queued.slice(0, 2))
      serve(1000, [...queued, ...sized])
      assert.deepEqual(await list(), ['78912', undefined])
      serve(2, [...queued.slice(0, 1), ...sized.slice(0, 1)], '0')
      assert.deepEqual(await list('0'), ['71', ID])
      const many = Array.from({length: 999}, () => queued).flat()
      serve(2, queued.slice(0, 2))
      serve(1000, [...sized, ...many].slice(0, 1000))
      assert.deepEqual(await list(), ['12', '2'])
      serve(2, queued.slice(0, 2))
      serve(1000, many.slice(0, 1000))
      await assert.rejects(list(), {
        kind: 'failed',
        why: 'the service cannot continue it: it is sorted by size, and 1000 images have none',
      })
    })

    it('briefly', async () => {
      nock(url)
        .get('/v2/images?limit=500')
        .reply(200, {images: [active], first: '/v2/images'})
      assert.deepEqual(await api.index({}), {
        images: [
          {
            id: ID,
            uri: `http://127.0.0.1:9292/v2/images/${ID}`,
            name: 'full',
            diskFormat: 'qcow2',
            containerFormat: 'bare',
            size: 13,
            status: 'active',
            checksum: MD5,
          },
        ],
      })
    })

    it('an empty last page', async () => {
      nock(url).get('/v2/images?limit=1&marker=M').reply(200, {images: [], first: '/v2/images?limit=1'})
      assert.deepEqual(await api.index({limit: 1, marker: 'M'}), {images: []})
    })

    it('all images, also on servers without a filter for that', async () => {
      nock(url)
        .get('/v2/images?visibility=all&limit=500')
        .reply(200, {images: [active]})
      const query = {isPublic: 'any'} as const
      assert.equal((await api.details(query)).images.length, 1)
      nock(url)
        .get('/v2/images?visibility=all&limit=500')
        .reply(400, error('400 Bad Request', 'Invalid visibility value: all'))
      nock(url)
        .get('/v2/images?limit=500')
        .reply(200, {images: [active]})
      assert.equal((await api.details(query)).images.length, 1)
    })

    it('images that are not public, from a response with all', async () => {
      const others = {...active, id: '57f77eea-8bf1-4fbd-b5b7-8350c130611b', visibility: 'public'}
      nock(url)
        .get('/v2/images?limit=500')
        .reply(200, {images: [others, active], next: '/v2/images?marker=N'})
      const page = await api.details({isPublic: false})
      assert.deepEqual(page, {images: [activeImage], next: 'N'})
    })
  })

  it('shows unknown keys as properties, each store once, and locations without their passwords', async () => {
    nock(url)
      .get(path)
      .reply(200, {
        ...active,
        'a/b~c': 'v',
        Ö: '日本',
        is_public: 'a property here',
        empty: '',
        odd: 7,
        later: {some: 'thing'},
        locations: [{url: 'swift://user:geheim@store/x', metadata: {}}, {url: 'file:///x'}, {}],
        stores: 'fast,slow,fast',
      })
    assert.deepEqual(await api.show(ID), {
      ...activeImage,
      location: 'swift://***@store/x',
      locations: ['swift://***@store/x', 'file:///x'],
      stores: ['fast', 'slow'],
      properties: {
        os_distro: 'debian',
        'a/b~c': 'v',
        Ö: '日本',
        is_public: 'a property here',
        empty: '',
      },
    })
  })

  describe('updates', () => {
    const type = 'application/openstack-images-v2.1-json-patch'

    it('with one patch of the differences', async () => {
      nock(url).get(path).reply(200, queued)
      nock(url, {reqheaders: {'content-type': type}})
        .patch(path, [
          {op: 'replace', path: '/name', value: 'renamed'},
          {op: 'replace', path: '/visibility', value: 'shared'},
          {op: 'add', path: '/hw_disk_bus', value: 'virtio'},
          {op: 'remove', path: '/os_distro'},
        ])
        .reply(200, {...queued, name: 'renamed', hw_disk_bus: 'virtio'})
      const draft = {
        name: 'renamed',
        isPublic: false,
        minRam: 64,
        tags: ['a', 'b'],
        properties: {hw_disk_bus: 'virtio'},
      }
      const image = await api.update(ID, draft, {purgeProperties: true})
      assert.equal(image.name, 'renamed')
    })

    it('with no request when nothing changes', async () => {
      nock(url).get(path).reply(200, queued)
      const image = await api.update(ID, {name: 'full', properties: {os_distro: 'debian'}})
      assert.deepEqual(image, queuedImage)
    })

    it('the data of a queued image', async () => {
      nock(url).get(path).reply(200, queued)
      nock(url).put(`${path}/file`, 'hello, image\n').reply(204)
      nock(url).get(path).reply(200, active)
      assert.deepEqual(await api.update(ID, {properties: {}}, {data: pipe('hello, image\n')}), activeImage)
    })

    it('no data of an image that has some, checked first', async () => {
      nock(url).get(path).reply(200, active)
      const updating = api.update(ID, {name: 'x', properties: {}}, {data: pipe('abc')})
      await assert.rejects(updating, failureKind('conflict', /its status is active/))
    })

    it('nothing of an image that is not what was expected', async () => {
      nock(url).get(path).reply(200, active)
      const updating = api.update(ID, {checksum: '0'.repeat(32), name: 'x', properties: {}})
      await assert.rejects(updating, failureKind('unverified', /^the service computed the checksum 1cbd8cdd/))
    })

    it('no id', async () => {
      nock(url).get(path).reply(200, active)
      await assert.rejects(api.update(ID, {id: ALPHA.padEnd(36, '0'), properties: {}}), {kind: 'usage'})
    })
  })

  it('deletes', async () => {
    nock(url).delete(path).reply(204, '', {'Content-Type': 'text/html; charset=UTF-8'})
    await api.delete(ID)
  })

  it('downloads', async () => {
    nock(url).get(path).reply(200, active)
    nock(url).get(`${path}/file`).reply(200, 'hello, image\n', {'Content-Md5': MD5})
    const {image, data} = await api.download(ID)
    assert.equal(image.checksum, MD5)
    assert.equal(Buffer.concat(await data.toArray()).toString(), 'hello, image\n')
  })

  it('downloads nothing from an image without data', async () => {
    nock(url).get(path).reply(200, queued)
    nock(url).get(`${path}/file`).reply(204)
    await assert.rejects(
      api.download(ID),
      failure('conflict', `cannot download image ${ID}`, 'it has no data: its status is queued'),
    )
  })

  describe('sharing', () => {
    const member = (memberId: string, status: string) => ({
      member_id: memberId,
      image_id: ID,
      status,
      created_at: '2026-11-21T08:36:24Z',
      updated_at: '2026-11-21T08:36:24Z',
      schema: '/v2/schemas/member',
    })
    const members = `${path}/members`

    it('adds a member, and accepts one that exists already', async () => {
      nock(url).post(members, {member: BETA}).reply(200, member(BETA, 'pending'))
      const added = await api.addMember(ID, {memberId: BETA, canShare: false})
      assert.deepEqual(added, {memberId: BETA, canShare: false, status: 'pending'})
      const text = `Member ${BETA} is duplicated for image ${ID}`
      nock(url).post(members).reply(409, error('409 Conflict', text))
      nock(url)
        .get(members)
        .reply(200, {members: [member('other', 'rejected'), member(BETA, 'accepted')]})
      const known = await api.addMember(ID, {memberId: BETA, canShare: false})
      assert.deepEqual(known, {memberId: BETA, canShare: false, status: 'accepted'})
      nock(url).post(members).reply(204)
      nock(url).get(members).reply(200, {members: []})
      const silent = await api.addMember(ID, {memberId: BETA, canShare: false})
      assert.deepEqual(silent, {memberId: BETA, canShare: false})
    })

    it('distinguishes an image without members from an image of another owner', async () => {
      const refused = error('403 Forbidden', `Not allowed to create members for image ${ID}.`)
      nock(url).post(members).reply(403, refused)
      nock(url).get(path).reply(200, active)
      await assert.rejects(api.addMember(ID, {memberId: BETA, canShare: false}), {
        kind: 'conflict',
        code: 'not-shared',
        why: 'it is private, and only shared images have members',
        advice: `Allow members: glance update ${ID} visibility=shared`,
      })
      nock(url).post(members).reply(403, refused)
      nock(url)
        .get(path)
        .reply(200, {...active, visibility: 'shared'})
      await assert.rejects(api.addMember(ID, {memberId: BETA, canShare: false}), {
        kind: 'denied',
        code: undefined,
      })
    })

    it('lists members with their status, and none for an image that is not shared', async () => {
      nock(url)
        .get(members)
        .reply(200, {members: [member(BETA, 'accepted')], schema: '/v2/schemas/members'})
      assert.deepEqual(await api.members(ID), [{memberId: BETA, canShare: false, status: 'accepted'}])
      const text = `Not allowed to list members for image ${ID}: Only shared images have members.`
      nock(url).get(members).reply(403, error('403 Forbidden', text))
      assert.deepEqual(await api.members(ID), [])
    })

    it('replaces members: adds, then removes, and leaves the rest', async () => {
      const seen: string[] = []
      const note = (text: string) => () => {
        seen.push(text)
        return true
      }
      nock(url)
        .get(members)
        .reply(200, {
          members: [member('old', 'accepted'), member('stays', 'accepted'), member('gone', 'pending')],
        })
      nock(url).post(members, note('post')).reply(200, member('new', 'pending'))
      nock(url).delete(`${members}/old`).reply(204)
      nock(url)
        .delete(`${members}/gone`)
        .reply(404, error('404 Not Found', 'gone not found in the member list'))
      const steps: string[] = []
      const wanted = ['stays', 'new'].map(memberId => ({memberId, canShare: false}))
      assert.deepEqual(await api.replaceMembers(ID, wanted, step => steps.push(step)), [
        {memberId: 'stays', canShare: false, status: 'accepted'},
        {memberId: 'new', canShare: false, status: 'pending'},
      ])
      assert.deepEqual(steps, [`added new to image ${ID}`, `removed old from image ${ID}`])
      assert.ok(seen.length > 0)
    })

    it('removes no member when one could not be added', async () => {
      nock(url)
        .get(members)
        .reply(200, {members: [member('old', 'accepted')]})
      nock(url).post(members).reply(413, error('413 Request Entity Too Large', 'The limit has been exceeded'))
      await assert.rejects(
        api.replaceMembers(ID, [{memberId: 'new', canShare: false}]),
        failureKind('failed'),
      )
    })

    it('continues removing when one cannot be removed, and then fails', async () => {
      nock(url)
        .get(members)
        .reply(200, {members: [member('a', 'pending'), member('b', 'pending')]})
      nock(url).delete(`${members}/a`).reply(500)
      nock(url).delete(`${members}/b`).reply(204)
      const steps: string[] = []
      await assert.rejects(
        api.replaceMembers(ID, [], step => steps.push(step)),
        failureKind('failed'),
      )
      assert.deepEqual(steps, [`removed b from image ${ID}`])
    })

    it('accepts, and says who may accept', async () => {
      nock(url).put(`${members}/${BETA}`, {status: 'accepted'}).reply(200, member(BETA, 'accepted'))
      assert.deepEqual(await api.setMemberStatus(ID, BETA, 'accepted'), {
        memberId: BETA,
        canShare: false,
        status: 'accepted',
      })
      const text = `Not allowed to update members for image ${ID}.`
      nock(url).put(`${members}/${BETA}`).reply(403, error('403 Forbidden', text))
      await assert.rejects(api.setMemberStatus(ID, BETA, 'rejected'), {
        kind: 'denied',
        why: text,
        advice:
          'Log in to the project that the image is shared with: only that project accepts or rejects it.',
      })
    })

    it('lists images shared with our own project, hidden ones too', async () => {
      nock(url)
        .get('/v2/images?member_status=all&os_hidden=true&visibility=shared&limit=500')
        .reply(200, {images: [{...active, id: 'hidden', owner: BETA}]})
      const theirs = {...active, id: '57f77eea-8bf1-4fbd-b5b7-8350c130611b', owner: BETA}
      nock(url)
        .get('/v2/images?visibility=shared&member_status=all&limit=500')
        .reply(200, {images: [active, theirs]})
      assert.deepEqual(await api.memberImages(ALPHA), [
        {imageId: '57f77eea-8bf1-4fbd-b5b7-8350c130611b', canShare: false},
        {imageId: 'hidden', canShare: false},
      ])
    })

    it('reads the members of every shared image for other projects, over all pages', async () => {
      const ids = ['a', 'b', 'c', 'd', 'e']
      const list = '/v2/images?visibility=shared&member_status=all&limit=500'
      nock(url)
        .get(list)
        .reply(200, {images: ids.map(id => ({...active, id})), next: '/v2/images?marker=e'})
      nock(url)
        .get(`${list}&marker=e`)
        .reply(200, {images: [{...active, id: 'f'}]})
      for (const id of ['a', 'c', 'f']) {
        nock(url)
          .get(`/v2/images/${id}/members`)
          .reply(200, {members: [member('x', 'pending')]})
      }
      nock(url)
        .get('/v2/images/b/members')
        .reply(200, {members: [member('x', 'pending'), member(BETA, 'accepted')]})
      nock(url).get('/v2/images/d/members').reply(404, error('404 Not Found', 'Image d not found.'))
      nock(url)
        .get('/v2/images/e/members')
        .reply(200, {members: [member(BETA, 'pending')]})
      nock(url)
        .get('/v2/images?member_status=all&os_hidden=true&visibility=shared&limit=500')
        .reply(200, {images: []})
      assert.deepEqual(await api.memberImages(BETA), [
        {imageId: 'b', canShare: false, status: 'accepted'},
        {imageId: 'e', canShare: false, status: 'pending'},
      ])
    })
  })

  describe('failures', () => {
    const cases: [string, () => Promise<unknown>, () => nock.Scope, string, string, RegExp, RegExp][] = [
      [
        'an image that is not there',
        () => api.show(ID),
        () =>
          nock(url)
            .get(path)
            .reply(404, error('404 Not Found', `No image found with ID ${ID}`)),
        'not-found',
        `cannot show image ${ID}`,
        /^No image found with ID f9cec318-413d-4ca1-941e-d11d7b73edda$/,
        /^$/,
      ],
      [
        'a right that administrators keep',
        () => api.add({isPublic: true, properties: {}}),
        () =>
          nock(url)
            .post('/v2/images')
            .reply(403, error('403 Forbidden', 'You are not authorized to complete publicize_image action.')),
        'denied',
        'cannot add the image',
        /publicize_image/,
        /visibility=community/,
      ],
      [
        'a format that the service does not know',
        () => api.add({diskFormat: 'zip', properties: {}}),
        () =>
          nock(url)
            .post('/v2/images')
            .reply(
              400,
              error(
                '400 Bad Request',
                "Provided object does not match schema 'image': 'zip' is not one of [None, 'ami', 'raw']\n\nFailed validating 'enum' in schema['properties']['disk_format']:\n    {'description': 'Format of the disk'}\n\nOn instance['disk_format']:\n    'zip'",
              ),
            ),
        'failed',
        'cannot add the image',
        /^'zip' is not one of \[None, 'ami', 'raw'\]$/,
        /^$/,
      ],
      [
        'a protected image',
        () => api.delete(ID),
        () =>
          nock(url)
            .delete(path)
            .reply(403, error('403 Forbidden', `Image ${ID} is protected and cannot be deleted.`)),
        'conflict',
        `cannot delete image ${ID}`,
        /is protected/,
        /^To delete it anyway, run: glance update f9cec318-413d-4ca1-941e-d11d7b73edda protected=false$/,
      ],
      [
        'an image of another project',
        () => api.delete(ID),
        () => nock(url).delete(path).reply(403, error('403 Forbidden', 'You do not own this image')),
        'denied',
        `cannot delete image ${ID}`,
        /^You do not own this image$/,
        /Ask the project that owns it/,
      ],
      [
        'no token',
        () => api.index({}),
        () =>
          nock(url)
            .get('/v2/images?limit=500')
            .reply(
              401,
              error(
                '401 Unauthorized',
                'This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.',
              ),
              {'Www-Authenticate': 'Keystone uri="http://127.0.0.1:5000"'},
            ),
        'denied',
        'cannot list the images',
        /^not authenticated$/,
        /token/,
      ],
    ]
    for (const [name, act, reply, kind, what, why, advice] of cases) {
      it(name, async () => {
        reply()
        await assert.rejects(act(), (thrown: Failure) => {
          failure(kind, what, why)(thrown)
          assert.match(thrown.advice ?? '', advice)
          return true
        })
      })
    }

    it('a response that is not of an Image service', async () => {
      nock(url).get(path).reply(200, {hello: 'world'})
      await assert.rejects(api.show(ID), failureKind('failed', /no 'id'/))
      nock(url).get('/v2/images?limit=500').reply(200, [])
      await assert.rejects(api.index({}), failureKind('failed', /no 'images'/))
    })
  })
})
