import assert from 'node:assert/strict'
import {mkdir, readdir, readFile, stat, truncate, utimes, writeFile} from 'node:fs/promises'
import {createRequire} from 'node:module'
import path from 'node:path'
import {reuseCompiledFiles} from '../../../../src/lib/io/code/compiled-files.js'
import {useTempDir} from '../../../support/temp-dir.js'

const SOURCE = 'exports.read = () => [__filename, require("./other.js").name, typeof module]'

describe('compiled files', () => {
  const folder = useTempDir()
  const file = () => path.join(folder(), 'program/main.js')
  const kept = () => path.join(folder(), 'cache/main.js.code')

  beforeEach(async () => {
    await mkdir(path.join(folder(), 'program'))
    await mkdir(path.join(folder(), 'cache'))
    await writeFile(file(), SOURCE)
    await writeFile(path.join(folder(), 'program/other.js'), 'exports.name = "other"')
  })

  /** What a process does that runs the program once. */
  const run = (): unknown => {
    const require = createRequire(file())
    for (const name of Object.keys(require.cache)) {
      if (name.startsWith(folder())) delete require.cache[name]
    }
    const save = reuseCompiledFiles(path.dirname(file()), path.join(folder(), 'cache'))
    try {
      return require('./main.js').read()
    } finally {
      save()
    }
  }

  /** True if a run keeps the code that is there. */
  const isReused = async (): Promise<boolean> => {
    const {ino} = await stat(kept())
    run()
    return (await stat(kept())).ino === ino
  }

  it('runs a file as Node does, and keeps one file of code for each', async () => {
    assert.deepEqual(run(), [file(), 'other', 'object'])
    assert.deepEqual((await readdir(path.join(folder(), 'cache'))).sort(), ['main.js.code', 'other.js.code'])
    assert.equal((await stat(kept())).mode & 0o777, 0o600)
  })

  it('reuses the code', async () => {
    run()
    assert.equal(await isReused(), true)
    assert.deepEqual(run(), [file(), 'other', 'object'])
  })

  it('runs a file that has changed', async () => {
    run()
    await writeFile(file(), SOURCE.replace('[__filename', '["changed"'))
    assert.deepEqual(run(), ['changed', 'other', 'object'])
    await writeFile(file(), SOURCE.replace('[__filename', '["replaced"'))
    assert.deepEqual(run(), ['replaced', 'other', 'object'])
  })

  it('compiles a file of another time again', async () => {
    run()
    await utimes(file(), 1, 1)
    assert.equal(await isReused(), false)
    assert.equal(await isReused(), true)
  })

  for (const [what, damage] of Object.entries({
    'cut off': (name: string) => truncate(name, 400),
    empty: (name: string) => truncate(name, 0),
    'of other content': (name: string) => writeFile(name, 'x'.repeat(1000)),
    'with a sector of zeros': async (name: string) => {
      const content = await readFile(name)
      await writeFile(name, content.fill(0, 512, 1024))
    },
  })) {
    it(`replaces code that is ${what}`, async () => {
      await writeFile(
        file(),
        `${SOURCE}\nexports.more = [${'() => 1,'.repeat(400)}]; for (const f of exports.more) f()`,
      )
      run()
      assert.ok((await stat(kept())).size > 2000)
      await damage(kept())
      assert.equal(await isReused(), false)
      assert.deepEqual(run(), [file(), 'other', 'object'])
      assert.equal(await isReused(), true)
    })
  }

  it('saves again after a process was killed while it saved', async () => {
    await writeFile(`${kept()}.new`, 'half')
    run()
    run()
    assert.deepEqual((await readdir(path.join(folder(), 'cache'))).sort(), ['main.js.code', 'other.js.code'])
  })
})
