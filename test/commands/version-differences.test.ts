/** The twelve commands compared between both versions of the API. */
import assert from 'node:assert/strict'
import {compareSessions, VERSION_DIFFERENCES} from '../contract/compare-sessions.js'
import {glance} from '../support/fake-io.js'
import {startService} from '../support/test-service.js'

describe('twelve commands', () => {
  it('print the same over both versions of the API, except for known differences', async () => {
    const service = await startService()
    await compareSessions(`${service.url}/v1`, `${service.url}/v2`, VERSION_DIFFERENCES)
    await service.close()
  })

  it('tell the stores of an image on version 2', async () => {
    const service = await startService()
    const url = `${service.url}/v2`
    const added = await glance(['--url', url, '-v', 'add', 'name=x'], {stdin: 'data'})
    assert.match(added.stdout, /^ +stores => \['file'\]$/m)
    assert.match((await glance(['--url', url, 'show', 'x'])).stdout, /^Stores: file$/m)
    const ran = await glance(['--url', url, 'index', 'stores=file'])
    assert.deepEqual([ran.code, ran.stdout], [2, ''])
    assert.match(ran.stderr, /^glance: cannot filter lists by 'stores'$/m)
    await service.close()
  })
})
