/** The metrics of a service: what they count, under which labels, and where they are. */
import assert from 'node:assert/strict'
import {rename} from 'node:fs/promises'
import {createServer as createHttpServer} from 'node:http'
import {join} from 'node:path'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {RawConnection} from '../../support/http/raw-http.js'
import {request} from '../../support/http/request.js'
import {listen} from '../../support/http/serve.js'
import {startService, type TestService} from '../../support/test-service.js'

describe('the metrics of a service', () => {
  let service: TestService
  afterEach(() => service?.close())

  const start = async (...assignments: string[]) => {
    service = await startService({given: new GivenSettings({assignments, env: {}})})
    const line = service.log.find(entry => entry.startsWith('metrics on ')) ?? ''
    return line.replace(/^metrics on |\/metrics$/g, '')
  }

  /** The lines of some metrics, without those of empty buckets. */
  const read = async (monitor: string, pattern: RegExp) => {
    const {status, body} = await request(`${monitor}/metrics`)
    assert.equal(status, 200)
    return body.split('\n').filter(line => !line.startsWith('#') && pattern.test(line))
  }

  it('count requests, bytes and errors by route, and name no image', async () => {
    const monitor = await start('monitoring_bind_port=0')
    const {url} = service
    const id = '0000000a-0000-4000-8000-000000000000'
    const headers = {'content-type': 'application/json'}
    const image = JSON.stringify({id, disk_format: 'raw', container_format: 'bare'})
    await request(`${url}/v2/images`, {method: 'POST', headers, body: image})
    const octets = {'content-type': 'application/octet-stream'}
    const body = Buffer.alloc(100_000)
    const put = await request(`${url}/v2/images/${id}/file`, {method: 'PUT', headers: octets, body})
    assert.equal(put.status, 204)
    await request(`${url}/v2/images/${id}/file`)
    await request(`${url}/v2/images/${id}x`)
    await request(`${url}/v1/images/${id}x`, {method: 'HEAD'})
    await request(`${url}/v2/nowhere/${id}`)
    await request(`${url}/v2/images/${id}`, {method: 'PURGE'})
    assert.deepEqual(await read(monitor, /^glance_http_requests_total/), [
      'glance_http_requests_total{method="POST",route="/v2/images",status="201"} 1',
      'glance_http_requests_total{method="PUT",route="/v2/images/:id/file",status="204"} 1',
      'glance_http_requests_total{method="GET",route="/v2/images/:id/file",status="200"} 1',
      'glance_http_requests_total{method="GET",route="/v2/images/:id",status="404"} 1',
      'glance_http_requests_total{method="HEAD",route="/v1/images/:id",status="404"} 1',
      'glance_http_requests_total{method="GET",route="none",status="404"} 1',
      'glance_http_requests_total{method="other",route="/v2/images/:id",status="405"} 1',
    ])
    assert.deepEqual(await read(monitor, /^glance_errors_total/), [
      'glance_errors_total{kind="image-not-found"} 2',
      'glance_errors_total{kind="http-404"} 1',
      'glance_errors_total{kind="http-405"} 1',
    ])
    for (const name of ['received', 'sent']) {
      const [line = ''] = await read(monitor, new RegExp(`^glance_http_${name}_bytes_total`))
      const bytes = Number(line.split(' ')[1])
      assert.ok(bytes > 100_000 && bytes < 110_000, line)
    }
    const durations = await read(monitor, /^glance_http_request_duration_seconds_count.*\/file/)
    assert.equal(durations.length, 2)
    const all = await read(monitor, /./)
    assert.equal(
      all.find(line => line.includes('0000000a')),
      undefined,
    )
    assert.ok(all.some(line => line.startsWith('process_cpu_seconds_total ')))
  })

  it('time the calls of the registry and the stores, with those that fail', async () => {
    const monitor = await start('monitoring_bind_port=0')
    const {url, dataDir} = service
    const octets = {'content-type': 'application/octet-stream'}
    const formats = {'x-image-meta-disk_format': 'raw', 'x-image-meta-container_format': 'bare'}
    const add = () =>
      request(`${url}/v1/images`, {method: 'POST', headers: {...octets, ...formats}, body: 'data'})
    assert.equal((await add()).status, 201)
    await rename(join(dataDir, 'images'), join(dataDir, 'away'))
    assert.notEqual((await add()).status, 201)
    const calls = await read(
      monitor,
      /^glance_(store|registry)_call_duration_seconds_count.*call="(put|create)"/,
    )
    assert.deepEqual(calls, [
      'glance_registry_call_duration_seconds_count{call="create",outcome="done"} 2',
      'glance_store_call_duration_seconds_count{store="file",call="put",outcome="done"} 1',
      'glance_store_call_duration_seconds_count{store="file",call="put",outcome="error"} 1',
    ])
  })

  it('show what is under way and what waits', async () => {
    const monitor = await start('monitoring_bind_port=0')
    const gauges = () => read(monitor, /^glance_(uploads|jobs|unused|events|http_requests_in)/)
    assert.deepEqual(await gauges(), [
      'glance_http_requests_in_progress 0',
      'glance_uploads_in_progress 0',
      'glance_jobs_running 0',
      'glance_jobs_waiting 0',
      'glance_unused_data 0',
      'glance_events_waiting 0',
    ])
    const connection = new RawConnection(service.port)
    const head = 'Host: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: 10\r\n\r\n'
    await connection.write(
      `POST /v1/images HTTP/1.1\r\nx-image-meta-disk_format: raw\r\nx-image-meta-container_format: bare\r\n${head}12345`,
    )
    while (!(await gauges()).includes('glance_uploads_in_progress 1'));
    assert.ok((await gauges()).includes('glance_http_requests_in_progress 1'))
    await connection.write('67890')
    assert.equal((await connection.answer())?.status, 201)
    while (!(await gauges()).includes('glance_http_requests_in_progress 0'));
    assert.ok((await gauges()).includes('glance_uploads_in_progress 0'))
    connection.socket.destroy()
  })

  it('have an address of their own, with the reasons of a failed health check', async () => {
    const monitor = await start('monitoring_bind_port=0')
    assert.equal((await request(`${service.url}/metrics`)).status, 300)
    const {body, headers} = await request(`${monitor}/healthcheck`, {headers: {accept: 'application/json'}})
    assert.equal(headers['content-type'], 'application/json')
    assert.equal(JSON.parse(body).checks.length, 3)
    assert.equal((await request(`${monitor}/v2/images`)).status, 404)
    assert.equal((await request(`${monitor}/metrics`, {method: 'POST'})).status, 405)
    await service.close()
    await assert.rejects(request(`${monitor}/metrics`), {code: 'ECONNREFUSED'})
  })

  it('are absent without a port', async () => {
    assert.equal(await start(), '')
    assert.equal((await request(`${service.url}/metrics`)).status, 300)
  })

  it('need a port that is free', async () => {
    const other = await listen(createHttpServer(), '127.0.0.1')
    const port = Number(new URL(other.url).port)
    await assert.rejects(start(`monitoring_bind_port=${port}`), {
      message: `cannot listen on 127.0.0.1 port ${port}`,
      advice: 'Choose another with monitoring_bind_host or monitoring_bind_port.',
    })
    await other.close()
  })
})
