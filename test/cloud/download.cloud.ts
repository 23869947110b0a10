/** Downloads from a real Glance: whole, in parts at once, taken up again, and none where there is none. */
import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {glance, type Ran, type World} from '../support/fake-io.js'
import {useTempDir} from '../support/temp-dir.js'
import {assertReachable, IMAGE_URL, KEYSTONE_URL, logIn, PASSWORD} from './clouds.js'

const MIB = 1024 * 1024
const DATA = randomBytes(40 * MIB)

describe('downloads from a cloud', () => {
  const folder = useTempDir()
  const out = () => path.join(folder(), 'out')
  const env = {
    OS_AUTH_URL: KEYSTONE_URL,
    OS_USERNAME: 'alpha',
    OS_PASSWORD: PASSWORD,
    OS_PROJECT_NAME: 'alpha',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
  }
  let id = ''

  const run = (words: readonly string[], world: World = {}): Promise<Ran> =>
    glance(['--no-token-cache', ...words], {env, ...world})

  before(async function () {
    this.timeout(60_000)
    await assertReachable(KEYSTONE_URL)
    const words = ['add', 'name=download test', 'disk_format=raw', 'container_format=bare']
    const ran = await run(words, {stdin: DATA, kind: 'file'})
    id = /ID: (\S+)/.exec(ran.stdout)?.[1] ?? assert.fail(ran.stderr)
  })
  after(() => run(['delete', '--force', id]))

  for (const words of [[], ['--parallel', '4']]) {
    it(`saves it ${words.join(' ')}`, async () => {
      const ran = await run(['download', id, '--file', out(), ...words])
      assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, `Downloaded image ${id} to ${out()}\n`, ''])
      assert.ok((await readFile(out())).equals(DATA))
      assert.deepEqual(await readdir(folder()), ['out'])
    })

    it(`goes on with a part ${words.join(' ')}`, async () => {
      await writeFile(`${out()}.part`, DATA.subarray(0, 11 * MIB))
      const ran = await run(['--debug', 'download', id, '--file', out(), '--resume', ...words])
      assert.equal(ran.code, 0, ran.stderr)
      assert.match(ran.stderr, /range: bytes=11534336-/)
      assert.ok((await readFile(out())).equals(DATA))
    })
  }

  it('starts over when the part is of something else', async () => {
    await writeFile(`${out()}.part`, DATA.subarray(1, 11 * MIB))
    const ran = await run(['download', id, '--file', out(), '--resume'])
    assert.deepEqual(
      [ran.code, ran.stderr],
      [0, `note: ${out()}.part does not belong to this image; starting over\n`],
    )
    assert.ok((await readFile(out())).equals(DATA))
  })

  it('is told when an image is deactivated', async () => {
    const {token} = await logIn('admin')
    const act = (action: string) =>
      fetch(`${IMAGE_URL}/v2/images/${id}/actions/${action}`, {
        method: 'POST',
        headers: {'x-auth-token': token},
      })
    assert.equal((await act('deactivate')).status, 204)
    const ran = await run(['download', id, '--file', out()])
    assert.equal((await act('reactivate')).status, 204)
    assert.deepEqual([ran.code, ran.stdout], [4, ''])
    assert.match(ran.stderr, /^glance: cannot download image .*\n {2}.*deactivated/)
    assert.deepEqual(await readdir(folder()), [])
  })

  it('has nothing of an image without data', async () => {
    const {stdout} = await run(['add', 'name=empty'])
    const queued = /ID: (\S+)/.exec(stdout)?.[1] ?? ''
    const ran = await run(['download', queued, '--file', out()])
    assert.equal(ran.code, 5)
    assert.match(ran.stderr, /it has no data: its status is queued/)
    assert.equal((await run(['delete', '--force', queued])).code, 0)
  })
})
