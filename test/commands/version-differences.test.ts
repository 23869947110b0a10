/** The twelve commands compared between both versions of the API. */
import assert from 'node:assert/strict'
import {compareSessions, VERSION_DIFFERENCES} from '../contract/compare-sessions.js'
import {glance} from '../support/fake-io.js'
import {createTokenReply, startFakeKeystone} from '../support/fake-keystone.js'
import {useTempDir} from '../support/temp-dir.js'
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

describe('a version that was detected and is remembered with the token', () => {
  const folder = useTempDir()

  it('is not taken for one that the user named: members may share further through version 1', async () => {
    const [service, keystone] = [await startService(), await startFakeKeystone()]
    keystone.answer(() => createTokenReply())
    const env = {
      ...{OS_AUTH_URL: keystone.url, OS_USERNAME: 'alpha', OS_PASSWORD: 'hunter2', OS_PROJECT_NAME: 'alpha'},
      ...{OS_IMAGE_ENDPOINT_OVERRIDE: service.url, XDG_CACHE_HOME: folder()},
    }
    await glance(['add', 'name=x'], {env})
    const ran = await glance(['member-add', 'x', 't1', '--can-share'], {env})
    assert.equal(ran.code, 0, ran.stderr)
    await Promise.all([service.close(), keystone.close()])
  })
})
