/** Access rules of application credentials: which paths they match. */
import assert from 'node:assert/strict'
import {isAllowed, parseAccessRules} from '../../../src/server/auth/access-rules.js'

describe('access rules', () => {
  for (const [pattern, path, expected] of [
    ['/v2/images', '/v2/images', true],
    ['/v2/images', '/v2/images/', false],
    ['/v2/images', '/v2/image', false],
    ['/v2/images/{image_id}', '/v2/images/a', true],
    ['/v2/images/{image_id}', '/v2/images/', false],
    ['/v2/images/{image_id}', '/v2/images/a/file', false],
    ['/v2/images/*/file', '/v2/images/a/file', true],
    ['/v2/*/x*z/{b}', '/v2/images/xyz/c', true],
    ['/v2/**', '/v2/images/a/file', true],
    ['/v2/**/file', '/v2/images/a/file', true],
    ['/v2/**/file', '/v2/images/a/files', false],
    ['**', '/v1/images', true],
    ['/v2/image.', '/v2/images', false],
  ] as const) {
    it(`${pattern} ${expected ? 'allows' : 'does not allow'} ${path}`, () => {
      assert.equal(isAllowed([{service: 'image', method: 'GET', path: pattern}], 'GET', path), expected)
    })
  }

  it('decide soon, whatever wildcards they have', () => {
    const rules = [{service: 'image', method: 'GET', path: '**a'.repeat(40)}]
    assert.equal(isAllowed(rules, 'GET', `/${'a'.repeat(4_000)}b`), false)
    assert.equal(
      isAllowed([{service: 'image', method: 'GET', path: '**'}], 'GET', `/${'a'.repeat(16_000)}`),
      false,
    )
  })

  it('allow nothing where they are not understood', () => {
    assert.equal(parseAccessRules(undefined), undefined)
    assert.equal(parseAccessRules(null), undefined)
    for (const value of ['all', {}, [{service: 'image', method: 'GET'}], [null]]) {
      assert.deepEqual(parseAccessRules(value), [])
    }
  })
})
