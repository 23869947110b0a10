/** Version 2 of the API against the embedded service, which trusts its callers. */
import assert from 'node:assert/strict'
import {openImageApi} from '../../../../src/lib/api/open-api.js'
import {projectsContract} from '../../../contract/projects.contract.js'
import {embeddedProjects} from '../../../support/embedded-targets.js'
import {failureKind} from '../../../support/failure.js'
import {startService} from '../../../support/test-service.js'

projectsContract(
  'version 2, embedded',
  {importFailure: /^HTTP datastore could not find image at URI\.$/},
  embeddedProjects,
)

describe('imports of the embedded service', () => {
  it('do not reach this machine unless allowed', async () => {
    const service = await startService()
    const api = await openImageApi({url: service.url})
    const draft = {
      diskFormat: 'raw',
      containerFormat: 'bare',
      properties: {},
      copyFrom: `${service.url}/healthcheck`,
    }
    const importing = api.add(draft, undefined, {serverImport: true})
    await assert.rejects(importing, failureKind('failed', /does not pass filtering/))
    await api.close()
    await service.close()
  })
})
