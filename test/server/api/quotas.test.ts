/** Quotas: what is refused before the data, what while it arrives, and what a project is shown of its use. */
import assert from 'node:assert/strict'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {RawConnection} from '../../support/http/raw-http.js'
import {startService, type TestService} from '../../support/test-service.js'

const OCTETS = {'content-type': 'application/octet-stream'}
type Data = NonNullable<RequestInit['body']>

const ALPHA = 'ann:alpha:member'

describe('quotas', () => {
  let service: TestService
  const start = async (...assignments: string[]) => {
    service = await startService({auth: 'fake', given: new GivenSettings({assignments, env: {}})})
  }
  afterEach(() => service.close())

  const send = (
    line: string,
    {token = ALPHA, headers = {}, body}: {token?: string; headers?: object; body?: Data} = {},
  ) => {
    const [method = '', path] = line.split(' ')
    const chunked = body instanceof ReadableStream ? {duplex: 'half' as const} : {}
    return fetch(service.url + path, {
      method,
      headers: {'x-auth-token': token, ...headers},
      ...chunked,
      ...(body && {body}),
    })
  }
  const create = async (token = ALPHA) => {
    const body = '{"disk_format": "raw", "container_format": "bare"}'
    const reply = await send('POST /v2/images', {token, body})
    const {id} = (await reply.json().catch(() => ({id: ''}))) as {id: string}
    return {status: reply.status, id}
  }
  const upload = async (id: string, body: Data, token = ALPHA) =>
    (await send(`PUT /v2/images/${id}/file`, {token, headers: OCTETS, body})).status
  const show = async (id: string) => (await (await send(`GET /v2/images/${id}`)).json()) as {status: string}
  const usage = async (token = ALPHA) => (await (await send('GET /v2/info/usage', {token})).json()) as object

  it('limit the size of an image before its bytes, where the size is known', async () => {
    await start('image_size_cap=4')
    const {id} = await create()
    const connection = new RawConnection(service.port)
    const head = `X-Auth-Token: ${ALPHA}\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n`
    await connection.write(
      `PUT /v2/images/${id}/file HTTP/1.1\r\n${head}Content-Type: application/octet-stream\r\n\r\n`,
    )
    const answer = await connection.answer()
    connection.close()
    assert.equal(answer?.status, 413)
    assert.match(answer?.body.toString() ?? '', /Denying attempt to upload image larger than 4 bytes\./)
    assert.equal((await show(id)).status, 'queued')
    assert.equal(await upload(id, '1234'), 204)
  })

  it('limit the size of an image while it arrives, where the size is not known', async () => {
    await start('image_size_cap=4')
    const {id} = await create()
    const chunks = () => new Blob(['123', '45']).stream()
    assert.equal(await upload(id, chunks()), 413)
    assert.equal((await show(id)).status, 'queued')
    assert.deepEqual(await service.remaining(), [])
    assert.equal(await upload(id, new Blob(['1234']).stream()), 204)
    const headers = {
      ...OCTETS,
      'x-image-meta-disk_format': 'raw',
      'x-image-meta-container_format': 'bare',
      'x-image-meta-name': 'n',
    }
    for (const body of ['12345', chunks()]) {
      assert.equal((await send('POST /v1/images', {headers, body})).status, 413)
    }
    const {id: staged} = await create()
    assert.equal((await send(`PUT /v2/images/${staged}/stage`, {headers: OCTETS, body: '12345'})).status, 413)
  })

  it('limit the bytes of a project, until some are deleted', async () => {
    await start('user_storage_quota=10B')
    const [first, second, third] = [await create(), await create(), await create()]
    assert.equal(await upload(first.id, '123456'), 204)
    assert.equal(await upload(second.id, '12345'), 413)
    assert.equal(await upload(second.id, new Blob(['12345']).stream()), 413)
    assert.equal(await upload(second.id, '1234'), 204)
    assert.equal(await upload(third.id, '1'), 413)
    const other = 'bob:beta:member'
    assert.equal(await upload((await create(other)).id, '12345', other), 204)
    assert.equal((await send(`DELETE /v2/images/${first.id}`)).status, 204)
    assert.equal(await upload(third.id, '123456'), 204)
  })

  it('count staged data once', async () => {
    await start('user_storage_quota=6', 'image_count_uploading=1')
    const {id} = await create()
    assert.equal((await send(`PUT /v2/images/${id}/stage`, {headers: OCTETS, body: '123456'})).status, 204)
    const {id: other} = await create()
    assert.equal(await upload(other, '1'), 413)
    const body = '{"method": {"name": "glance-direct"}}'
    assert.equal((await send(`POST /v2/images/${id}/import`, {body})).status, 202)
    let image = await show(id)
    while (image.status === 'uploading' || image.status === 'importing') image = await show(id)
    assert.equal(image.status, 'active')
  })

  it('refuse an import that exceeds them already, before anything is begun', async () => {
    await start('user_storage_quota=6')
    const {id} = await create()
    assert.equal((await send(`PUT /v2/images/${id}/stage`, {headers: OCTETS, body: '123456'})).status, 204)
    const {id: other} = await create()
    const body = '{"method": {"name": "web-download", "uri": "http://8.8.8.8/x"}}'
    const refused = await send(`POST /v2/images/${other}/import`, {body})
    assert.equal(refused.status, 413)
    assert.match(await refused.text(), /user_storage_quota/)
    assert.equal((await show(other)).status, 'queued')
    const {tasks} = (await (await send(`GET /v2/images/${other}/tasks`)).json()) as {tasks: object[]}
    assert.deepEqual(tasks, [])
  })

  it('limit the images of a project', async () => {
    await start('image_count_total=2')
    const {id} = await create()
    assert.deepEqual(
      [(await create()).status, (await create()).status, (await create('bob:beta:member')).status],
      [201, 413, 201],
    )
    const refused = await send('POST /v1/images', {headers: {'x-image-meta-name': 'n'}})
    assert.equal(refused.status, 413)
    assert.match(
      await refused.text(),
      /Resource image_count_total is over limit of 2 due to current usage 2\./,
    )
    await send(`DELETE /v2/images/${id}`)
    assert.equal((await create()).status, 201)
  })

  it('limit the uploads of a project at a time', async () => {
    await start('image_count_uploading=1')
    const [slow, second] = [await create(), await create()]
    const connection = new RawConnection(service.port)
    const head = `X-Auth-Token: ${ALPHA}\r\nHost: localhost\r\nContent-Length: 5\r\n`
    await connection.write(
      `PUT /v2/images/${slow.id}/file HTTP/1.1\r\n${head}Content-Type: application/octet-stream\r\n\r\n123`,
    )
    while ((await show(slow.id)).status !== 'saving') await Promise.resolve()
    assert.equal(await upload(second.id, '1'), 413)
    await connection.write('45')
    assert.equal((await connection.answer())?.status, 204)
    connection.close()
    assert.equal(await upload(second.id, '1'), 204)
  })

  it('are shown with their use', async () => {
    await start('user_storage_quota=2GB', 'image_count_total=5')
    const {id} = await create()
    await create()
    await upload(id, new Uint8Array(3 * 1024 * 1024))
    assert.deepEqual(await usage(), {
      usage: {
        image_size_total: {usage: 3, limit: 2048},
        image_stage_total: {usage: 0, limit: 2048},
        image_count_total: {usage: 2, limit: 5},
        image_count_uploading: {usage: 0, limit: -1},
      },
    })
  })

  it('are not shown where there are none', async () => {
    await start()
    assert.deepEqual(await usage(), {usage: {}})
  })
})
