/** Log files: created for their owner, found again after they were moved, and failing without harm. */
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {mkdir, readFile, rename, rm, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {LogFile} from '../../../src/lib/io/log-file.js'
import {useTempDir} from '../../support/temp-dir.js'
import {useTinyDisk} from '../../support/tiny-disk.js'

describe('log file', () => {
  const folder = useTempDir()
  const path = () => join(folder(), 'service.log')
  const content = () => readFile(path(), 'utf8')

  it('is created for its owner alone', async () => {
    await LogFile.open(path())
    assert.equal((await stat(path())).mode & 0o777, 0o600)
  })

  it('is appended to, and keeps its mode', async () => {
    await writeFile(path(), 'before\n', {mode: 0o640})
    const log = await LogFile.open(path())
    await Promise.all(['a\n', 'b\n', 'c\n'].map(text => log.write(text)))
    await log.write('d\n')
    assert.equal(await content(), 'before\na\nb\nc\nd\n')
    assert.equal((await stat(path())).mode & 0o777, 0o640)
  })

  it('has everything when it is closed', async () => {
    const log = await LogFile.open(path())
    void log.write('a\n')
    await new Promise(resolve => setImmediate(resolve))
    void log.write('b\n')
    await log.close()
    assert.equal(await content(), 'a\nb\n')
  })

  it('is a new one after it was moved', async () => {
    const log = await LogFile.open(path())
    await log.write('a\n')
    await rename(path(), `${path()}.1`)
    await log.write('b\n')
    assert.deepEqual([await readFile(`${path()}.1`, 'utf8'), await content()], ['a\n', 'b\n'])
  })

  it('fails while it cannot be written, and takes what comes after', async () => {
    const log = await LogFile.open(path())
    await rm(path())
    await mkdir(path())
    const message = `cannot write the log file ${path()}: EISDIR: illegal operation on a directory, open '${path()}'`
    const failed = {name: 'Error', message}
    await Promise.all([assert.rejects(log.write('a\n'), failed), assert.rejects(log.write('b\n'), failed)])
    await rm(path(), {recursive: true})
    await log.write('c\n')
    assert.equal(await content(), 'c\n')
  })

  const refused: readonly (readonly [string, () => Promise<string>, string])[] = [
    ['a folder', async () => folder(), 'EISDIR'],
    ['a file in a folder that does not exist', async () => join(folder(), 'none', 'log'), 'ENOENT'],
    ['a pipe that nothing reads', makePipe, 'ENXIO'],
  ]
  for (const [kind, make, code] of refused) {
    it(`cannot be ${kind}`, async () => {
      const name = await make()
      await assert.rejects(LogFile.open(name), (failure: Error & {why: string}) => {
        assert.deepEqual(
          [failure.message, failure.why.split(':')[0]],
          [`cannot open the log file ${name}`, code],
        )
        assert.equal((failure as unknown as {kind: string}).kind, 'usage')
        return true
      })
    })
  }

  async function makePipe(): Promise<string> {
    execFileSync('mkfifo', [path()])
    return path()
  }
})

describe('log file on a full disk', () => {
  const folder = useTinyDisk(1)

  it('starts a line after one that was cut off', async () => {
    const path = join(folder(), 'service.log')
    const log = await LogFile.open(path)
    await writeFile(join(folder(), 'other'), Buffer.alloc(1_048_576 - 4096))
    await assert.rejects(log.write(`${'x'.repeat(9999)}\n`), /ENOSPC/)
    await rm(join(folder(), 'other'))
    await log.write('y\n')
    assert.match(await readFile(path, 'utf8'), /^x{1,9998}\ny\n$/)
  })
})
