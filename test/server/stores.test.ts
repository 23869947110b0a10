/** The stores of a service by location. */
import assert from 'node:assert/strict'
import {FilesystemStore} from '../../src/server/stores/filesystem.js'
import {HttpStore} from '../../src/server/stores/http.js'
import {storesByScheme} from '../../src/server/stores/stores.js'

describe('stores by scheme', () => {
  const folder = new FilesystemStore('/nowhere')
  const web = new HttpStore()
  const storeAt = storesByScheme([folder, web])

  it('finds the store that understands a location', () => {
    assert.equal(storeAt('file:///nowhere/a'), folder)
    assert.equal(storeAt('http://127.0.0.1/a'), web)
    assert.equal(storeAt('HTTPS://127.0.0.1/a'), web)
  })

  it('finds none for another location', () => {
    for (const location of ['ftp://127.0.0.1/a', 'filesystem', '', ':', '/file:']) {
      assert.equal(storeAt(location), undefined)
    }
  })
})
