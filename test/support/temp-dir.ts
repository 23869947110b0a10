/** A folder for one test that is removed after it. */
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** Call within `describe`; the returned function gives the folder of the running test. */
export function useTempDir(): () => string {
  let path = ''
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'glance-test-'))
  })
  // What a test has killed may still create a file.
  afterEach(() => rm(path, {recursive: true, force: true, maxRetries: 5}))
  return () => path
}
