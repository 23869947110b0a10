/** The metadata definitions that Debian installs, as the embedded service and the real one in the lab show them. */
import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import {manage} from '../../src/manage.js'
import {fakeIo} from '../support/fake-io.js'
import {startService, type TestService, temporaryFolder} from '../support/test-service.js'
import {assertReachable, describeLab, NOAUTH_URL, OWN} from './clouds.js'

/** The folder that the lab has loaded. */
const FOLDER = '/usr/share/glance-common/metadefs'

type Named = {readonly name: string}

/** Without times, and with lists in the order of names: the order of the real service depends on its database. */
function normalize(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(normalize)
    const isNamed = items.every(item => typeof (item as Named | null)?.name === 'string')
    return isNamed
      ? items.sort((one, other) => ((one as Named).name < (other as Named).name ? -1 : 1))
      : items
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([name]) => !['created_at', 'updated_at'].includes(name))
  return Object.fromEntries(entries.map(([name, part]) => [name, normalize(part)]))
}

describeLab('metadata definitions of Debian, embedded and real', () => {
  let folder: string
  let service: TestService
  before(async function () {
    // There is nothing to compare with if both are ours.
    if (OWN || !existsSync(FOLDER)) return this.skip()
    await assertReachable(NOAUTH_URL)
    folder = await temporaryFolder()
    await (await startService({dataDir: folder})).close()
    const {io, seen} = fakeIo({cwd: folder, home: folder, env: {}})
    assert.equal(await manage(['db_load_metadefs', FOLDER, '--data-dir', folder], io), 0, seen().stderr)
    service = await startService({dataDir: folder})
  })
  after(async () => {
    await service?.close()
    if (folder) await rm(folder, {recursive: true, force: true})
  })

  const get = async (url: string) => normalize(await (await fetch(url)).json())

  it('are the same, with prefixes and without', async () => {
    const list = `${service.url}/v2/metadefs/namespaces?limit=1000`
    const {namespaces} = (await get(list)) as {namespaces: {namespace: string}[]}
    assert.ok(namespaces.length > 30)
    for (const {namespace} of namespaces) {
      for (const query of ['', '?resource_type=OS::Glance::Image', '?resource_type=OS::Nova::Flavor']) {
        const path = `/v2/metadefs/namespaces/${namespace}${query}`
        assert.deepEqual(await get(service.url + path), await get(NOAUTH_URL + path), path)
      }
    }
  })
})
