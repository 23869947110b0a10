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
  const inFolder = (name: string) => path.join(folder(), name)
  const toTarget = (name: string) => ({path: inFolder(name), name})
  const text = async (name: string) => String(await readFile(inFolder(name)))

  async function writePart(data: string): Promise<PartFile> {
    const part = await PartFile.open(toTarget('out'), false)
    await part.write([Buffer.from(data)], 0)
    return part
  }

  it('gets its name at the end', async () => {
    const part = await writePart('new')
    assert.deepEqual(await readdir(folder()), ['out.part'])
    await part.publish(false)
    assert.deepEqual([await readdir(folder()), await text('out')], [['out'], 'new'])
  })

  it('replaces a file only if allowed', async () => {
    const part = await writePart('new')
    await writeFile(inFolder('out'), 'came meanwhile')
    await assert.rejects(part.publish(false), failureKind('failed', /EEXIST/))
    assert.equal(await text('out'), 'came meanwhile')
    await (await writePart('newer')).publish(true)
    assert.deepEqual([await readdir(folder()), await text('out')], [['out'], 'newer'])
  })

  it('replaces what a link points to, not the link', async () => {
    await writeFile(inFolder('real'), 'old')
    await symlink('real', inFolder('link'))
    const target = await resolveDestination('link', {cwd: folder(), home: '/nonexistent'})
    const part = await PartFile.open(target, false)
    await part.write([Buffer.from('new')], 0)
    await part.publish(true)
    assert.deepEqual([(await lstat(inFolder('link'))).isSymbolicLink(), await text('real')], [true, 'new'])
  })

  it('creates what a chain of links points to', async () => {
    await symlink('middle', inFolder('link'))
    await symlink(inFolder('there'), inFolder('middle'))
    const target = await resolveDestination('link', {cwd: folder(), home: '/nonexistent'})
    assert.deepEqual(target, {path: inFolder('there'), name: inFolder('there'), exists: false})
    await symlink('loop', inFolder('loop'))
    await assert.rejects(
      resolveDestination('loop', {cwd: folder(), home: '/nonexistent'}),
      failure('usage', 'cannot save the image as loop', 'it is a loop of links'),
    )
  })

  const foreignParts: readonly [string, string, () => Promise<unknown>][] = [
    ['a link', 'it is not a regular file', () => symlink('precious', inFolder('out.part'))],
    ['a hard link', 'it has other hard links', () => link(inFolder('precious'), inFolder('out.part'))],
    ['a named pipe', 'it is not a regular file', () => promisify(execFile)('mkfifo', [inFolder('out.part')])],
    [
      'a file of another user',
      'it belongs to another user',
      async () => {
        await writeFile(inFolder('out.part'), '')
        await chown(inFolder('out.part'), 12_345, 12_345)
      },
    ],
  ]
  for (const [name, why, create] of foreignParts) {
    it(`is not resumed if it is ${name}`, async function () {
      if (name === 'a file of another user' && process.getuid?.() !== 0) this.skip()
      await writeFile(inFolder('precious'), 'precious')
      await create()
      await assert.rejects(
        PartFile.open(toTarget('out'), true),
        failure('conflict', 'cannot resume out.part', why),
      )
      await (await writePart('new')).publish(false)
      assert.deepEqual([await text('precious'), await text('out')], ['precious', 'new'])
    })
  }

  it('is not shared by two downloads that start at the same time', async () => {
    const [first, second] = [await writePart('first'), await writePart('second')]
    await assert.rejects(first.publish(false), failureKind('conflict'))
    await first.remove()
    await second.publish(false)
    assert.equal(await text('out'), 'second')
  })

  it('resumes from existing bytes only when asked to', async () => {
    await (await writePart('abc')).close()
    const resumed = await PartFile.open(toTarget('out'), true)
    assert.equal(resumed.initialSize, 3)
    await resumed.write([Buffer.from('def')], 3)
    await resumed.truncate(5)
    assert.equal(String(Buffer.concat(await resumed.read(4).toArray())), 'abcd')
    await resumed.close()
    assert.equal(await text('out.part'), 'abcde')
    const again = await PartFile.open(toTarget('out'), false)
    assert.equal(again.initialSize, 0)
    await again.remove()
    assert.deepEqual(await readdir(folder()), [])
  })
})
