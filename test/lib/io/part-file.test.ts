/** Files that appear only when they are complete. */
import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {chown, link, lstat, readdir, readFile, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {resolveDestination} from '../../../src/lib/data/destination.js'
import {PartFile} from '../../../src/lib/data/part-file.js'
import {failure, failureKind} from '../../support/failure.js'
import {useTempDir} from '../../support/temp-dir.js'

describe('a part file', () => {
  const folder = useTempDir()
  const at = (name: string) => path.join(folder(), name)
  const named = (name: string) => ({path: at(name), name})
  const text = async (name: string) => String(await readFile(at(name)))

  async function written(data: string): Promise<PartFile> {
    const part = await PartFile.open(named('out'), false)
    await part.write([Buffer.from(data)], 0)
    return part
  }

  it('gets its name at the end', async () => {
    const part = await written('new')
    assert.deepEqual(await readdir(folder()), ['out.part'])
    await part.publish(false)
    assert.deepEqual([await readdir(folder()), await text('out')], [['out'], 'new'])
  })

  it('takes the place of a file only when it may', async () => {
    const part = await written('new')
    await writeFile(at('out'), 'came meanwhile')
    await assert.rejects(part.publish(false), failureKind('failed', /EEXIST/))
    assert.equal(await text('out'), 'came meanwhile')
    await (await written('newer')).publish(true)
    assert.deepEqual([await readdir(folder()), await text('out')], [['out'], 'newer'])
  })

  it('replaces what a link points to, not the link', async () => {
    await writeFile(at('real'), 'old')
    await symlink('real', at('link'))
    const target = await resolveDestination('link', {cwd: folder(), home: '/nonexistent'})
    const part = await PartFile.open(target, false)
    await part.write([Buffer.from('new')], 0)
    await part.publish(true)
    assert.deepEqual([(await lstat(at('link'))).isSymbolicLink(), await text('real')], [true, 'new'])
  })

  it('creates what a chain of links points to', async () => {
    await symlink('middle', at('link'))
    await symlink(at('there'), at('middle'))
    const target = await resolveDestination('link', {cwd: folder(), home: '/nonexistent'})
    assert.deepEqual(target, {path: at('there'), name: at('there'), exists: false})
    await symlink('loop', at('loop'))
    await assert.rejects(
      resolveDestination('loop', {cwd: folder(), home: '/nonexistent'}),
      failure('usage', 'cannot save the image as loop', 'it is a loop of links'),
    )
  })

  const foreignParts: readonly [string, string, () => Promise<unknown>][] = [
    ['a link', 'it is not a regular file', () => symlink('precious', at('out.part'))],
    ['a hard link', 'it has other hard links', () => link(at('precious'), at('out.part'))],
    ['a named pipe', 'it is not a regular file', () => promisify(execFile)('mkfifo', [at('out.part')])],
    [
      'a file of another user',
      'it belongs to another user',
      async () => {
        await writeFile(at('out.part'), '')
        await chown(at('out.part'), 12_345, 12_345)
      },
    ],
  ]
  for (const [name, why, create] of foreignParts) {
    it(`is not resumed if it is ${name}`, async function () {
      if (name === 'a file of another user' && process.getuid?.() !== 0) this.skip()
      await writeFile(at('precious'), 'precious')
      await create()
      await assert.rejects(
        PartFile.open(named('out'), true),
        failure('conflict', 'cannot resume out.part', why),
      )
      await (await written('new')).publish(false)
      assert.deepEqual([await text('precious'), await text('out')], ['precious', 'new'])
    })
  }

  it('is not shared by two that begin at the same time', async () => {
    const [first, second] = [await written('first'), await written('second')]
    await assert.rejects(first.publish(false), failureKind('conflict'))
    await first.remove()
    await second.publish(false)
    assert.equal(await text('out'), 'second')
  })

  it('goes on with what is there only when asked to', async () => {
    await (await written('abc')).close()
    const resumed = await PartFile.open(named('out'), true)
    assert.equal(resumed.initialSize, 3)
    await resumed.write([Buffer.from('def')], 3)
    await resumed.truncate(5)
    assert.equal(String(Buffer.concat(await resumed.read(4).toArray())), 'abcd')
    await resumed.close()
    assert.equal(await text('out.part'), 'abcde')
    const again = await PartFile.open(named('out'), false)
    assert.equal(again.initialSize, 0)
    await again.remove()
    assert.deepEqual(await readdir(folder()), [])
  })
})
