/** The twelve commands over both versions of the API: what differs. */
import {compareSessions, OF_VERSIONS} from '../contract/side-by-side.js'
import {startService} from '../support/service.js'

describe('twelve commands', () => {
  it('print the same on both versions of the API, except where these differ', async () => {
    const service = await startService()
    await compareSessions(`${service.url}/v1`, `${service.url}/v2`, OF_VERSIONS)
    await service.close()
  })
})
