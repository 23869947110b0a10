/** The twelve commands compared between both versions of the API. */
import {compareSessions, VERSION_DIFFERENCES} from '../contract/compare-sessions.js'
import {startService} from '../support/test-service.js'

describe('twelve commands', () => {
  it('print the same over both versions of the API, except for known differences', async () => {
    const service = await startService()
    await compareSessions(`${service.url}/v1`, `${service.url}/v2`, VERSION_DIFFERENCES)
    await service.close()
  })
})
