/** The twelve commands compared between the embedded service and a real one. */
import {compareSessions, VERSION_DIFFERENCES} from '../contract/compare-sessions.js'
import {startService, type TestService} from '../support/test-service.js'
import {assertReachable, describeLab, NOAUTH_URL} from './clouds.js'

describeLab('twelve commands, embedded and real', () => {
  let service: TestService
  before(async () => {
    await assertReachable(NOAUTH_URL)
    service = await startService()
  })
  after(() => service?.close())

  it('print the same over version 2', () => compareSessions(`${service.url}/v2`, `${NOAUTH_URL}/v2`, []))

  it('print the same over version 1, except for known differences of the API', () =>
    compareSessions(`${service.url}/v1`, `${NOAUTH_URL}/v2`, VERSION_DIFFERENCES))
})
