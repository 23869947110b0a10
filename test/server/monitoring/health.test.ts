/** The health check: what is checked, how often, and what its response says to whom. */
import assert from 'node:assert/strict'
import {rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Health, type Probe} from '../../../src/server/monitoring/health.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {request} from '../../support/http/request.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService, type TestService} from '../../support/test-service.js'
import {useTinyDisk} from '../../support/tiny-disk.js'

describe('the health check of a service', () => {
  const folder = useTempDir()
  let service: TestService
  afterEach(() => service.close())

  const start = async (...assignments: string[]) => {
    service = await startService({given: new GivenSettings({assignments, env: {}}), auth: 'fake'})
  }
  const check = async (accept = '', method = 'GET') => {
    const headers = {host: 'balancer.example', accept}
    const {status, body} = await request(`${service.url}/healthcheck`, {method, headers})
    return [status, body]
  }

  it('says OK to anyone, under any host name, as text and as JSON', async () => {
    await start()
    assert.deepEqual(await check(), [200, 'OK'])
    assert.deepEqual(await check('', 'HEAD'), [200, ''])
    assert.deepEqual(await check('application/json'), [200, '{"detailed":false,"reasons":["OK"]}'])
  })

  it('fails while a file disables the service', async () => {
    const file = join(folder(), 'drain')
    await start(`disable_by_file_path=${file}`)
    assert.deepEqual(await check(), [200, 'OK'])
    await writeFile(file, '')
    assert.deepEqual(await check(), [503, 'DISABLED BY FILE'])
    assert.deepEqual(await check('', 'HEAD'), [503, ''])
    assert.deepEqual(await check('application/json'), [
      503,
      '{"detailed":false,"reasons":["DISABLED BY FILE"]}',
    ])
    const list = await request(`${service.url}/v2/images`, {headers: {'x-auth-token': 'a:b:member'}})
    assert.equal(list.status, 200)
    await rm(file)
    assert.deepEqual(await check(), [200, 'OK'])
  })

  it('names what fails, and gives reasons only where they are asked for', async () => {
    await start()
    const images = join(service.dataDir, 'images')
    await rename(images, `${images}-away`)
    assert.deepEqual(await check(), [503, 'store file: unavailable'])
    await service.close()
    await start('healthcheck_detailed=yes')
    const moved = join(service.dataDir, 'images')
    await rename(moved, `${moved}-away`)
    const reason = `store file: ENOENT: no such file or directory, access '${moved}'`
    assert.deepEqual(await check(), [503, reason])
    await service.close()
    await start('healthcheck_detailed=yes')
    const checks = ['registry', 'disk', 'store file'].map(name => ({name, result: 'OK'}))
    const [status, body] = await check('application/json')
    assert.deepEqual([status, JSON.parse(String(body))], [200, {detailed: true, reasons: ['OK'], checks}])
  })
})

describe('the health check on a small disk', () => {
  let service: TestService
  afterEach(() => service?.close())
  const disk = useTinyDisk(8)

  it('fails when less space is free than the settings ask for', async () => {
    const start = async (...assignments: string[]) => {
      const given = new GivenSettings({assignments, env: {}})
      service = await startService({dataDir: join(disk(), 'data'), given})
      const {status, body} = await request(`${service.url}/healthcheck`)
      return [status, body]
    }
    assert.deepEqual(await start(), [503, 'disk: unavailable\nstore file: unavailable'])
    await service.close()
    assert.deepEqual(await start('healthcheck_min_free_space=1MB'), [200, 'OK'])
  })
})

describe('Health', () => {
  const create = (probes: readonly Probe[], times = {}) =>
    new Health({probes, isDrained: async () => false, describe: String, ...times})

  it('runs each probe once for all who ask at the same time, and for a while', async () => {
    let runs = 0
    const health = create([{name: 'a', run: async () => runs++}])
    await Promise.all([health.check(), health.check()])
    await health.check()
    assert.equal(runs, 1)
  })

  it('reports a probe that does not answer, and does not start it once more', async () => {
    let runs = 0
    let end = () => {}
    const run = () => {
      runs += 1
      return new Promise<void>(resolve => {
        end = resolve
      })
    }
    const health = create([{name: 'slow', run}], {timeout: 10, keep: 0})
    const late = [{name: 'slow', problem: 'no answer within 0.01 seconds'}]
    assert.deepEqual(await health.check(), late)
    await new Promise(resolve => setTimeout(resolve))
    assert.deepEqual(await health.check(), late)
    assert.equal(runs, 1)
    end()
  })

  it('has the reasons of all probes', async () => {
    const fail = () => Promise.reject(new Error('broken'))
    const health = create([
      {name: 'good', run: async () => {}},
      {name: 'bad', run: fail},
    ])
    assert.deepEqual(await health.check(), [
      {name: 'good', problem: undefined},
      {name: 'bad', problem: 'Error: broken'},
    ])
  })
})
