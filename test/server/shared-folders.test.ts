/** How services tell whether they share their folders. */
import assert from 'node:assert/strict'
import {mkdir, readdir, rename} from 'node:fs/promises'
import {join} from 'node:path'
import {identifyFolders, unsharedFailure} from '../../src/server/shared-folders.js'
import {FilesystemStore} from '../../src/server/stores/filesystem-store.js'
import {useTempDir} from '../support/temp-dir.js'

describe('folders of data', () => {
  const folder = useTempDir()
  const path = (name: string) => join(folder(), name)
  beforeEach(() => Promise.all(['a', 'b'].map(name => mkdir(path(name)))))

  it('have ids that stay, wherever they are, and in any order', async () => {
    const ids = await identifyFolders([path('a'), path('b')])
    assert.match(ids ?? '', /^[0-9a-f-]{36} [0-9a-f-]{36}$/)
    assert.equal(await identifyFolders([path('b'), path('a')]), ids)
    await rename(path('a'), path('c'))
    assert.equal(await identifyFolders([path('c'), path('b')]), ids)
    assert.notEqual(await identifyFolders([path('b')]), ids)
  })

  it('have one id, when several services give it at the same time', async () => {
    const ids = await Promise.all(Array.from({length: 20}, () => identifyFolders([path('a')])))
    assert.equal(new Set(ids).size, 1)
    assert.deepEqual(await readdir(path('a')), ['.folder-id'])
    assert.equal(await new FilesystemStore(path('a')).sweep(async keys => keys), 0)
    assert.deepEqual(await readdir(path('a')), ['.folder-id'])
  })

  it('have none when it cannot be written', async () => {
    assert.equal(await identifyFolders([path('missing')]), undefined)
    assert.equal(await identifyFolders([]), '')
  })

  it('are named in the failure of a service that has others', () => {
    const {kind, message, why} = unsharedFailure({id: 'p', host: 'h1', pid: 7})
    assert.deepEqual(
      [kind, message, why],
      [
        'conflict',
        'cannot share the registry with a service that has its data in another folder',
        'the process 7 on h1 uses the registry, and neither would find the images of the other',
      ],
    )
  })
})
