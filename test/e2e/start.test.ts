/** The start of the tool with the compiled code that Node cached in an earlier run. */
import assert from 'node:assert/strict'
import {chmod, mkdir, readdir} from 'node:fs/promises'
import module from 'node:module'
import path from 'node:path'
import {shell} from '../support/glance-process.js'
import {useTempDir} from '../support/temp-dir.js'

describe('start', () => {
  const folder = useTempDir()
  const run = (env: Readonly<Record<string, string>>) =>
    shell('glance help show', 'http://127.0.0.1:1', {NODE_DISABLE_COMPILE_CACHE: undefined, ...env}).ended

  it("keeps compiled code in the user's own cache", async () => {
    const home = folder()
    const ran = await run({HOME: home})
    assert.deepEqual([ran.code, ran.stderr], [0, ''])
    const kept = await readdir(path.join(home, '.cache/glance/code')).catch(() => [])
    assert.equal(kept.length > 0, 'enableCompileCache' in module)
  })

  it('runs no code that others may have written', async () => {
    const cache = path.join(folder(), '.cache/glance/code')
    await mkdir(cache, {recursive: true})
    await chmod(cache, 0o777)
    assert.equal((await run({HOME: folder()})).code, 0)
    assert.deepEqual(await readdir(cache), [])
  })

  for (const home of ['/dev/null', '/proc']) {
    it(`starts without a usable cache: ${home}`, async () => {
      const ran = await run({HOME: home})
      assert.deepEqual([ran.code, ran.stderr], [0, ''])
    })
  }
})
