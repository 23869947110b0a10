/** Logins to a cloud with Keystone: they succeed, fail, are kept, and are renewed. */
import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describeLab, IMAGE_URL, loginVariables, OWN, PASSWORD, useCache} from './clouds.js'

describeLab('logging in to the cloud on this machine', () => {
  const {cache, run} = useCache()

  it('is done once for several commands, and keeps no password', async () => {
    for (let n = 0; n < 2; n++) assert.equal((await run(['index'], loginVariables('alpha'))).code, 0)
    const files = await readdir(path.join(cache(), 'glance'), {recursive: true, withFileTypes: true})
    const texts = await Promise.all(
      files
        .filter(file => file.isFile())
        .map(file => readFile(path.join(file.parentPath, file.name), 'utf8')),
    )
    assert.equal(texts.length, 1)
    assert.doesNotMatch(texts.join(), new RegExp(`"${PASSWORD}"`))
  })

  it('a wrong password is reported, but not printed', async () => {
    const ran = await run(['index'], {...loginVariables('alpha'), OS_PASSWORD: 'not-the-one'})
    assert.equal(ran.code, 4)
    assert.doesNotMatch(ran.stderr, /not-the-one/)
  })

  it('a missing password is asked for at a terminal', async () => {
    const {OS_PASSWORD: _, ...env} = loginVariables('alpha')
    const ran = await run(['index', '--force'], env, {terminal: true, secret: PASSWORD})
    assert.deepEqual([ran.code, ran.asked.length], [0, 1])
    const refused = await run(['--no-token-cache', 'index'], env, {stdin: 'data'})
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /OS_PASSWORD/)
  })

  it('an unknown region is refused with a list of the known ones', async function () {
    // The catalog is of the real service; the address of ours is given in place of it.
    if (OWN) return this.skip()
    const ran = await run(['index'], {...loginVariables('alpha'), OS_REGION_NAME: 'Nowhere'})
    assert.equal(ran.code, 2)
    assert.match(ran.stderr, /RegionOne/)
  })

  it('an expired token is replaced once', async () => {
    assert.equal((await run(['index'], loginVariables('alpha'))).code, 0)
    const folder = path.join(cache(), 'glance')
    let changed = 0
    for (const file of await readdir(folder, {recursive: true, withFileTypes: true})) {
      if (!file.isFile()) continue
      const tokenFile = path.join(file.parentPath, file.name)
      const text = await readFile(tokenFile, 'utf8')
      const spoilt = text.replace(
        /"token":\s*"[^"]+"/,
        `"token": "gAAAAA${createHash('md5').update(text).digest('hex')}"`,
      )
      if (spoilt !== text) changed++
      await writeFile(tokenFile, spoilt)
    }
    assert.ok(changed > 0)
    const ran = await run(['--debug', 'index'], loginVariables('alpha'))
    assert.equal(ran.code, 0, ran.stderr)
    assert.match(ran.stderr, /<- 401/)
  })

  it('a token alone works with an address, and fails clearly when it is invalid', async () => {
    const ran = await run(['--url', IMAGE_URL, '-A', 'gAAAAAnonsense', 'index'], {})
    assert.equal(ran.code, 4)
    assert.doesNotMatch(ran.stderr, /nonsense/)
  })
})
