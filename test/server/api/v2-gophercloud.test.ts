/** The gophercloud and Terraform contract against the embedded service; the same contract runs against a real one. */
import assert from 'node:assert/strict'
import {gophercloudContract} from '../../contract/gophercloud.contract.js'
import {createToken} from '../../support/embedded-targets.js'
import {GophercloudClient, type UnexpectedStatus} from '../../support/gophercloud-requests.js'
import {startService} from '../../support/test-service.js'

gophercloudContract('embedded', async () => {
  const {port, close} = await startService({auth: 'fake', fetchFromAnywhere: true})
  const [alpha, beta, admin] = ['alpha', 'beta', 'admin'].map(createToken) as [string, string, string]
  return {port, alpha, beta, admin, projects: {alpha: 'alpha', beta: 'beta'}, close}
})

describe('tasks of the embedded service', () => {
  it('are created by imports, and not by callers', async () => {
    const service = await startService()
    const client = new GophercloudClient(service.port, '')
    await client.discover()
    const json = {type: 'import', input: {import_from: 'http://127.0.0.1/x'}}
    const making = client.call('POST', 'tasks', {json, ok: [201]})
    await assert.rejects(making, (error: UnexpectedStatus) => error.status === 405)
    await service.close()
  })
})
