/** Protected properties in both versions of the API: created, shown, listed, filtered, changed and removed. */
import assert from 'node:assert/strict'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {startService, type TestService} from '../../support/test-service.js'

const OWNER = 'ann:alpha:member'
const BILLING = 'bill:alpha:member,billing'
const READER = 'ray:alpha:reader'
const ADMIN = 'root:ops:admin'

/** Members set x_code once, and only billing changes it; nobody but billing sees x_secret. */
const RULES = `
[^x_code$]
create = member
read = @
update = billing
delete = !
[^x_secret]
create = billing
read = billing
update = billing
delete = billing
[.*]
create = member
read = @
update = member
delete = member
`

describe('protected properties', () => {
  let folder: string
  let service: TestService
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'glance-test-'))
    const path = join(folder, 'protections.conf')
    await writeFile(path, RULES)
    const given = new GivenSettings({assignments: [`property_protection_file=${path}`], env: {}})
    service = await startService({auth: 'fake', given})
  })
  after(async () => {
    await service.close()
    await rm(folder, {recursive: true})
  })

  async function send(token: string, method: string, path: string, more: RequestInit = {}) {
    const headers = {'x-auth-token': token, ...(more.headers as object)}
    const reply = await fetch(service.url + path, {...more, method, headers})
    const text = await reply.text()
    return {status: reply.status, text, headers: reply.headers, json: () => JSON.parse(text)}
  }
  const create = async (token: string, properties: object) => {
    const body = JSON.stringify({disk_format: 'raw', container_format: 'bare', ...properties})
    return send(token, 'POST', '/v2/images', {body})
  }
  const patch = (token: string, id: string, ...operations: object[]) =>
    send(token, 'PATCH', `/v2/images/${id}`, {
      headers: {'content-type': 'application/openstack-images-v2.1-json-patch'},
      body: JSON.stringify(operations),
    })
  const show = async (token: string, id: string): Promise<string> => {
    const {x_code, x_secret, other} = (await send(token, 'GET', `/v2/images/${id}`)).json()
    return [x_code, x_secret, other].join(' ')
  }
  const createBoth = async (): Promise<string> =>
    (await create(BILLING, {x_code: 'c', x_secret: 's', other: 'o'})).json().id

  describe('in version 2', () => {
    it('are created by those who may, and not by others', async () => {
      const refused = await create(OWNER, {x_code: 'c', x_secret: 's'})
      assert.deepEqual(
        [refused.status, /Attribute 'x_secret' is reserved/.test(refused.text.replaceAll('&#x27;', "'"))],
        [403, true],
      )
      const created = await create(OWNER, {x_code: 'c', other: 'o'})
      assert.deepEqual([created.status, created.json().x_code], [201, 'c'])
      assert.equal((await create(READER, {})).status, 403)
    })

    it('are shown and listed for those who may read them', async () => {
      const id = await createBoth()
      assert.equal(await show(BILLING, id), 'c s o')
      assert.equal(await show(OWNER, id), 'c  o')
      assert.equal(await show(READER, id), 'c  o')
      assert.equal(await show(ADMIN, id), 'c  o')
      const list = await send(OWNER, 'GET', '/v2/images?other=o')
      assert.deepEqual(
        [list.status, /x_code/.test(list.text), /x_secret/.test(list.text)],
        [200, true, false],
      )
      assert.match((await send(BILLING, 'GET', '/v2/images?other=o')).text, /x_secret/)
    })

    it('cannot be found by a filter', async () => {
      await createBoth()
      const find = async (token: string) =>
        (await send(token, 'GET', '/v2/images?x_secret=s')).json().images.length > 0
      assert.deepEqual([await find(BILLING), await find(OWNER)], [true, false])
    })

    it('are changed and removed by those who may', async () => {
      const id = await createBoth()
      const replace = {op: 'replace', path: '/x_code', value: 'd'}
      assert.equal((await patch(OWNER, id, replace)).status, 403)
      assert.equal((await patch(OWNER, id, {op: 'add', path: '/x_code', value: 'd'})).status, 403)
      assert.equal((await patch(OWNER, id, {op: 'remove', path: '/x_code'})).status, 403)
      assert.equal((await patch(BILLING, id, {op: 'remove', path: '/x_code'})).status, 403)
      assert.equal(await show(BILLING, id), 'c s o')
      assert.equal((await patch(BILLING, id, replace, {op: 'remove', path: '/x_secret'})).status, 200)
      assert.equal(await show(BILLING, id), 'd  o')
    })

    it('are kept by changes of those who do not see them, and do not exist for them', async () => {
      const id = await createBoth()
      const changed = await patch(OWNER, id, {op: 'replace', path: '/other', value: 'p'})
      assert.deepEqual([changed.status, /x_secret/.test(changed.text)], [200, false])
      assert.equal(await show(BILLING, id), 'c s p')
      assert.equal((await patch(OWNER, id, {op: 'replace', path: '/x_secret', value: 't'})).status, 409)
      assert.equal((await patch(OWNER, id, {op: 'remove', path: '/x_secret'})).status, 409)
      assert.equal((await patch(OWNER, id, {op: 'add', path: '/x_secret', value: 't'})).status, 403)
      assert.equal((await patch(OWNER, id, {op: 'replace', path: '/name', value: 'n'})).status, 200)
      assert.equal(await show(BILLING, id), 'c s p')
    })
  })

  describe('in version 1', () => {
    const header = (name: string) => `x-image-meta-property-${name}`
    const put = (token: string, id: string, headers: object) =>
      send(token, 'PUT', `/v1/images/${id}`, {headers: headers as Record<string, string>})

    it('are created by those who may, and not by others', async () => {
      const refused = await send(OWNER, 'POST', '/v1/images', {headers: {[header('x_secret')]: 's'}})
      assert.equal(refused.status, 403)
      assert.match(refused.text.replaceAll('&#x27;', "'"), /Property 'x_secret' is protected/)
      const created = await send(OWNER, 'POST', '/v1/images', {headers: {[header('x_code')]: 'c'}})
      assert.deepEqual([created.status, created.json().image.properties], [201, {x_code: 'c'}])
    })

    it('are shown and listed for those who may read them', async () => {
      const id = await createBoth()
      const names = async (token: string) => {
        const {headers} = await send(token, 'HEAD', `/v1/images/${id}`)
        return [...headers.keys()].filter(name => name.startsWith('x-image-meta-property')).sort()
      }
      assert.deepEqual(await names(BILLING), ['other', 'x_code', 'x_secret'].map(header))
      assert.deepEqual(await names(OWNER), ['other', 'x_code'].map(header))
      const detail = (token: string) => send(token, 'GET', '/v1/images/detail?limit=1')
      assert.deepEqual((await detail(OWNER)).json().images[0].properties, {other: 'o', x_code: 'c'})
      assert.equal((await detail(BILLING)).json().images[0].properties.x_secret, 's')
      const filtered = await send(OWNER, 'GET', '/v1/images/detail?property-x_secret=s')
      assert.deepEqual(filtered.json().images, [])
    })

    it('are changed and removed by those who may, and kept by others', async () => {
      const id = await createBoth()
      assert.equal((await put(OWNER, id, {[header('x_code')]: 'd', [header('other')]: 'o'})).status, 403)
      assert.equal((await put(OWNER, id, {[header('other')]: 'o'})).status, 403)
      assert.equal(await show(BILLING, id), 'c s o')
      const kept = await put(OWNER, id, {[header('x_code')]: 'c', [header('other')]: 'p'})
      assert.deepEqual([kept.status, kept.json().image.properties], [200, {x_code: 'c', other: 'p'}])
      assert.equal(await show(BILLING, id), 'c s p')
      assert.equal((await put(BILLING, id, {[header('x_code')]: 'd'})).status, 200)
      assert.equal(await show(BILLING, id), 'd  ')
    })
  })
})
