/** A folder for one test that is gone after it. */
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** Call within `describe`; the function it gives names the folder of the test that runs. */
export function useTempDir(): () => string {
  let path = ''
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'glance-test-'))
  })
  afterEach(() => rm(path, {recursive: true, force: true}))
  return () => path
}
