/** A service on PostgreSQL that is replaced by a new process under load: both accept requests for a while. */
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {GLANCE} from '../support/glance-process.js'
import {startLoad} from '../support/http/load.js'
import {endUpload, ServiceClient} from '../support/shared-services.js'
import {useTempDir} from '../support/temp-dir.js'
import {describePostgres, useDatabase} from './postgres.js'

const ID = '00000001-0000-4000-8000-000000000000'

describePostgres('a service on PostgreSQL that is restarted', () => {
  const database = useDatabase()
  // Before the folder goes, which knows the last process.
  afterEach(async () => {
    child.kill('SIGKILL')
    process.kill(await readPid(), 'SIGKILL')
  })
  const folder = useTempDir()
  let child: ChildProcess
  const readPid = async () => Number(await readFile(join(folder(), 'service.pid'), 'utf8'))

  it('accepts requests while the old process finishes an upload, and none fails', async () => {
    const env = {...process.env, GLANCE_SQL_CONNECTION: database.url}
    const args = [GLANCE, 'serve', '--port', '0', '--data-dir', folder()]
    child = spawn(process.execPath, args, {env, stdio: ['ignore', 'pipe', 'ignore']})
    const announced = createInterface({input: child.stdout!})
    const [line] = (await once(announced, 'line')) as [string]
    const url = line.replace('Listening on ', '')
    const client = new ServiceClient(url)
    await client.create(ID)
    const upload = await client.beginUpload(ID)
    const load = startLoad(url)
    await load.waitForRound()
    child.kill('SIGUSR2')
    assert.deepEqual(await once(announced, 'line'), [line])
    // The old process still has the upload: only the new one accepts connections.
    assert.notEqual(await readPid(), child.pid)
    await load.waitForRound()
    assert.equal(child.exitCode, null)
    assert.equal(await endUpload(upload), 204)
    assert.deepEqual(await once(child, 'exit'), [0, null])
    await load.waitForRound()
    assert.deepEqual(await load.end(), [])
    assert.equal(await client.readStatus(ID), 'active')
  })
})
