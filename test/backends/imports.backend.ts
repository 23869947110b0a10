/** Steps of imports where the registry is in PostgreSQL, and data and staged data are in Swift. */
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {ServiceClient} from '../support/shared-services.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService} from '../support/test-service.js'
import {describePostgres, useDatabase} from './postgres.js'
import {describeSwift, useSwift} from './swift-lab.js'

const MIB = 1024 * 1024

describePostgres('an import into Swift', () => {
  describeSwift('from staged data', () => {
    const database = useDatabase()
    const swift = useSwift()
    const folder = useTempDir()

    it('is decompressed, converted and described, and stores no more than the result', async () => {
      const container = await swift().createContainer()
      const assignments = [
        'default_store=swift',
        'image_import_plugins=[image_decompression,image_conversion,inject_image_metadata]',
        'inject=note:x',
        'ignore_user_roles=nobody',
      ]
      const env = {GLANCE_SQL_CONNECTION: database.url, ...swift().variables(container)}
      const service = await startService({given: new GivenSettings({assignments, env})})
      const client = new ServiceClient(service.url)
      execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', 'disk', String(MIB)], {cwd: folder()})
      const disk = gzipSync(await readFile(join(folder(), 'disk')))
      const body = JSON.stringify({disk_format: 'qcow2', container_format: 'bare'})
      const {id} = (await (await client.send('POST', '/v2/images', body)).json()) as {id: string}
      const headers = {'content-type': 'application/octet-stream'}
      const staged = await fetch(`${service.url}/v2/images/${id}/stage`, {method: 'PUT', headers, body: disk})
      assert.equal(staged.status, 204)
      const request = JSON.stringify({method: {name: 'glance-direct'}})
      assert.equal((await client.send('POST', `/v2/images/${id}/import`, request)).status, 202)
      await client.waitForStatus(id, 'active')
      const image = await client.read(`/v2/images/${id}`)
      assert.deepEqual(
        ['disk_format', 'size', 'virtual_size', 'note'].map(name => image[name]),
        ['raw', MIB, MIB, 'x'],
      )
      await service.close()
      assert.deepEqual(
        (await swift().list(container)).map(({bytes}) => bytes),
        [MIB],
      )
      assert.deepEqual(await readdir(join(service.dataDir, 'work')).catch(() => []), [])
    })
  })
})
