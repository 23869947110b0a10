/** Where tokens come from. */
import assert from 'node:assert/strict'
import {anonymous} from '../../../src/lib/identity/none.js'
import {tokenIdentity} from '../../../src/lib/identity/token.js'
import type {Failure} from '../../../src/lib/model/errors.js'

describe('identity', () => {
  it('none has no token', async () => assert.deepEqual(await anonymous.credentials(), {}))

  it('a token is used as it is', async () => {
    assert.deepEqual(await tokenIdentity('alice:tenantA:member').credentials(), {
      token: 'alice:tenantA:member',
    })
  })

  for (const token of ['', 'a b', 'geheim\n', 'gehéim']) {
    it(`${JSON.stringify(token)} is no token, and is not repeated`, () => {
      assert.throws(
        () => tokenIdentity(token),
        (error: Failure) => {
          assert.equal(error.kind, 'usage')
          assert.doesNotMatch(`${error.message} ${error.why}`, /geh/)
          return true
        },
      )
    })
  }
})
