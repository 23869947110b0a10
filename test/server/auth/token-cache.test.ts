/** The memory of validated tokens: how long one is remembered, how many are, and who asks Keystone. */
import assert from 'node:assert/strict'
import {TokenFactsCache} from '../../../src/server/auth/token-cache.js'
import type {TokenFacts} from '../../../src/server/auth/token-facts.js'

const facts: TokenFacts = {
  user: 'ann',
  project: 'alpha',
  roles: ['member'],
  isSystemScoped: false,
  expiresAt: 1_000_000,
  accessRules: undefined,
}

describe('the memory of validated tokens', () => {
  let now = 0
  let asked = 0
  const validate = async () => {
    asked += 1
    return facts
  }
  beforeEach(() => {
    now = 0
    asked = 0
  })
  const create = (seconds: number) => new TokenFactsCache(seconds, () => now)

  it('lasts for the given time', async () => {
    const cache = create(300)
    for (const time of [0, 299_999, 300_000]) {
      now = time
      assert.equal(await cache.find('t', 'valid', validate), facts)
    }
    assert.equal(asked, 2)
  })

  it('does not outlast the token', async () => {
    const cache = create(300)
    for (const time of [999_998, 999_999, 1_000_000]) {
      now = time
      await cache.find('t', 'valid', validate)
    }
    assert.equal(asked, 2)
    await cache.find('t', 'valid', validate)
    assert.equal(asked, 3)
  })

  it('keeps kinds of validation apart, and forgets tokens that are not valid', async () => {
    const cache = create(300)
    await cache.find('t', 'valid', validate)
    await cache.find('t', 'also expired', validate)
    assert.equal(asked, 2)
    assert.equal(await cache.find('u', 'valid', async () => undefined), undefined)
    assert.equal(await cache.find('u', 'valid', validate), facts)
  })

  it('asks once for requests at the same time, and again after an error', async () => {
    const cache = create(300)
    let finish: (found: TokenFacts) => void = () => {}
    const slowly = () => {
      asked += 1
      return new Promise<TokenFacts>(resolve => {
        finish = resolve
      })
    }
    const both = [cache.find('t', 'valid', slowly), cache.find('t', 'valid', slowly)]
    finish(facts)
    assert.deepEqual(await Promise.all(both), [facts, facts])
    assert.equal(asked, 1)
    await assert.rejects(
      cache.find('u', 'valid', () => Promise.reject(new Error('away'))),
      /away/,
    )
    assert.equal(await cache.find('u', 'valid', validate), facts)
  })

  it('holds 10000 tokens, those that were used last', async () => {
    const cache = create(300)
    for (let i = 0; i <= 10_000; i += 1) {
      await cache.find(`t${i}`, 'valid', validate)
      await cache.find('t0', 'valid', validate)
    }
    assert.equal(asked, 10_001)
    await cache.find('t0', 'valid', validate)
    assert.equal(asked, 10_001)
    await cache.find('t1', 'valid', validate)
    assert.equal(asked, 10_002)
  })

  it('can be switched off', async () => {
    for (const seconds of [0, -1]) {
      const cache = create(seconds)
      await cache.find('t', 'valid', validate)
      await cache.find('t', 'valid', validate)
    }
    assert.equal(asked, 4)
  })
})
