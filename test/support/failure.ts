/** Checks that an error is the expected failure. */
import assert from 'node:assert/strict'
import {Failure} from '../../src/lib/model/errors.js'

export function failure(kind: string, what: string, why: string | RegExp): (error: unknown) => true {
  return error => {
    assert.ok(error instanceof Failure, String(error))
    assert.deepEqual([error.kind, error.message], [kind, what])
    if (typeof why === 'string') assert.equal(error.why, why)
    else assert.match(error.why ?? '', why)
    return true
  }
}

/** Checks only the kind, for suites whose services have different messages; `why` may be matched too. */
export function failureKind(kind: string, why = /(?:)/): (error: unknown) => true {
  return error => {
    assert.ok(error instanceof Failure, String(error))
    assert.equal(error.kind, kind, `${error.message}: ${error.why}`)
    assert.match(error.why ?? '', why)
    return true
  }
}
