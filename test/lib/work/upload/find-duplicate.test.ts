/** The search for an image with the same data, when the data cannot be read. */
import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {useTempDir} from '../../../support/temp-dir.js'

describe('the search for an image with the same data', () => {
  const folder = useTempDir()

  it('lets the process end when the data cannot be read', async () => {
    const program = `
      import {Readable} from 'node:stream'
      const {findDuplicate} = await import('${new URL('../../../../src/lib/work/upload/find-duplicate.js', import.meta.url)}')
      async function* read() {
        for (let n = 0; n < 20; n++) yield Buffer.alloc(1024 * 1024)
        throw new Error('cannot read any more')
      }
      const data = {size: 100 * 1024 * 1024, repeatable: true, open: () => Readable.from(read())}
      await findDuplicate({}, data, {properties: {}}).catch(({message}) => console.log(message))`
    const file = join(folder(), 'program.mjs')
    await writeFile(file, program)
    const {stdout} = await promisify(execFile)(process.execPath, [file], {timeout: 15_000})
    assert.equal(stdout, 'cannot read any more\n')
  })
})
