/** The contract of downloads with any service: whole, in parallel parts, resumed, and without data. */
import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {useTempDir} from '../support/temp-dir.js'
import {addImage, type Facts, run, runSuccessfully, type Target} from './target.js'

const MIB = 1024 * 1024

/** @param open reaches the service; others may use it at the same time */
export function downloadsContract(service: string, facts: Facts, open: () => Promise<Target>): void {
  describe(`downloads: ${service}`, () => {
    const data = randomBytes(24 * MIB)
    const folder = useTempDir()
    const out = () => path.join(folder(), 'out')
    let target: Target
    let id = ''

    before(async function () {
      this.timeout(60_000)
      target = await open()
      id = await addImage(target.own, ['name=download test', 'disk_format=raw'], {stdin: data, kind: 'file'})
    })
    after(async () => {
      await run(target.own, ['delete', '--force', id])
      await target.close()
    })

    for (const words of [[], ['--parallel', '4']]) {
      it(`saves the image ${words.join(' ')}`, async () => {
        const ran = await run(target.own, ['download', id, '--file', out(), ...words])
        assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, `Downloaded image ${id} to ${out()}\n`, ''])
        assert.ok((await readFile(out())).equals(data))
        assert.deepEqual(await readdir(folder()), ['out'])
      })

      it(`resumes a part ${words.join(' ')}`, async () => {
        await writeFile(`${out()}.part`, data.subarray(0, 11 * MIB))
        const ran = await run(target.own, ['--debug', 'download', id, '--file', out(), '--resume', ...words])
        assert.equal(ran.code, 0, ran.stderr)
        if (facts.hasRanges) assert.match(ran.stderr, /range: bytes=11534336-/)
        assert.ok((await readFile(out())).equals(data))
      })
    }

    it('starts over when the part is of another image', async () => {
      await writeFile(`${out()}.part`, data.subarray(1, 11 * MIB))
      const ran = await run(target.own, ['download', id, '--file', out(), '--resume'])
      const note = `note: ${out()}.part does not belong to this image; starting over\n`
      assert.deepEqual([ran.code, ran.stderr], [0, facts.hasRanges ? note : ''])
      assert.ok((await readFile(out())).equals(data))
    })

    it('fails for an image without data', async () => {
      const queued = await addImage(target.own, ['name=empty'])
      const ran = await run(target.own, ['download', queued, '--file', out()])
      assert.equal(ran.code, 5)
      assert.match(ran.stderr, /it has no data: its status is queued/)
      assert.deepEqual(await readdir(folder()), [])
      await runSuccessfully(target.own, ['delete', '--force', queued])
    })
  })
}
