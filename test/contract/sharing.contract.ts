/** The contract of the commands of several users: what they see of each other's images, and what they may do with them. */
import assert from 'node:assert/strict'
import {addImage, type Facts, parseId, run, runSuccessfully, type SharedTarget} from './target.js'

/** @param open reaches the service; others may use it at the same time */
export function sharingContract(service: string, facts: Facts, open: () => Promise<SharedTarget>): void {
  describe(`users of two projects: ${service}`, () => {
    const name = `glance sharing ${process.pid} ${Date.now()}`
    let target: SharedTarget
    let id = ''

    before(async () => {
      target = await open()
    })
    after(() => target.close())
    beforeEach(async () => {
      id = await addImage(target.own, [`name=${name}`, 'container_format=bare'], {stdin: 'hello'})
    })
    afterEach(() => runSuccessfully(target.own, ['delete', '--force', id]))

    const isListed = async (user: SharedTarget['own'], ...words: string[]): Promise<boolean> =>
      (await runSuccessfully(user, ['index', `name=${name}`, ...words])).includes(id)

    it('only the owner sees an image', async () => {
      const {own, other} = target
      assert.deepEqual([await isListed(own), await isListed(other)], [true, false])
      for (const words of [
        ['show', id],
        ['update', id, 'name=x'],
        ['delete', '--force', id],
        ['download', id],
        ['image-members', id],
        ['member-add', id, other.project ?? ''],
      ]) {
        assert.equal((await run(other, words)).code, 3, words.join(' '))
      }
    })

    it('a member sees an image, and may not change it', async () => {
      const {own, other} = target
      const member = other.project ?? ''
      await runSuccessfully(own, ['member-add', id, member])
      if (facts.hasVisibility) {
        assert.equal(await runSuccessfully(own, ['image-members', id]), `${member}\n`)
        assert.equal(await runSuccessfully(own, ['-v', 'image-members', id]), `${member} pending\n`)
        assert.equal(await isListed(other), false)
        assert.equal((await run(own, ['member-update', id, member, 'accepted'])).code, 4)
        await runSuccessfully(other, ['member-update', id, member, 'accepted'])
        assert.equal(await runSuccessfully(own, ['-v', 'image-members', id]), `${member} accepted\n`)
      }
      assert.equal(await isListed(other, ...facts.notPublicToo), true)
      assert.equal(await runSuccessfully(other, ['download', id]), 'hello')
      assert.match(await runSuccessfully(other, ['member-images', member]), new RegExp(`^${id}`, 'm'))
      for (const words of [
        ['update', id, 'name=mine'],
        ['delete', '--force', id],
        ['member-add', id, 'tenant1'],
      ]) {
        assert.equal((await run(other, words)).code, 4, words.join(' '))
      }
      await runSuccessfully(own, ['member-delete', id, member])
      assert.equal((await run(other, ['show', id])).code, 3)
    })

    it('everyone may read a public image, and an administrator may publish one', async () => {
      const {own, other, admin} = target
      assert.equal((await run(own, ['update', id, 'is_public=yes'])).code, facts.everybodyPublishes ? 0 : 4)
      await runSuccessfully(admin, ['update', id, 'is_public=yes'])
      assert.equal(await isListed(other), true)
      assert.equal(await runSuccessfully(other, ['download', id]), 'hello')
      assert.equal((await run(other, ['update', id, 'name=mine'])).code, 4)
      assert.equal((await run(other, ['delete', '--force', id])).code, 4)
    })

    if (!facts.hasVisibility) {
      it('a member with the right shares an image further', async () => {
        const {own, other} = target
        await runSuccessfully(own, ['member-add', id, other.project ?? '', '--can-share'])
        await runSuccessfully(other, ['member-add', id, 'tenant1'])
        const members = (await runSuccessfully(own, ['image-members', id])).split('\n')
        assert.deepEqual(
          members.filter(Boolean).sort(),
          [`${other.project} *`, 'tenant1', '(*: Can share image)'].sort(),
        )
        assert.match(
          await runSuccessfully(own, ['member-images', other.project ?? '']),
          new RegExp(`^${id} \\*$`, 'm'),
        )
      })
    }

    if (facts.hasVisibility) {
      it('the owner sees the members of an image, also one that rejected it', async () => {
        const {own, other} = target
        const member = other.project ?? ''
        await runSuccessfully(own, ['member-add', id, member])
        await runSuccessfully(other, ['member-update', id, member, 'rejected'])
        assert.match(
          await runSuccessfully(own, ['-v', 'member-images', member]),
          new RegExp(`^${id} rejected$`, 'm'),
        )
        const listedForOwn = await run(own, ['member-images', member])
        assert.match(listedForOwn.stdout, new RegExp(`^${id}$`, 'm'))
        assert.equal(
          listedForOwn.stderr,
          `note: images that other projects share with ${member} are not listed\n`,
        )
        assert.equal((await run(other, ['member-images', member])).stderr, '')
        assert.equal(await isListed(other), false)
      })

      it('an image that was not accepted is found by name only to accept or reject it', async () => {
        const {own, other} = target
        const member = other.project ?? ''
        await runSuccessfully(own, ['member-add', id, member])
        assert.equal((await run(other, ['show', name])).code, 3)
        await runSuccessfully(other, ['member-update', name, member, 'rejected'])
        assert.equal((await run(other, ['download', name])).code, 3)
        await runSuccessfully(other, ['member-update', name, member, 'accepted'])
        assert.equal(await runSuccessfully(other, ['download', name]), 'hello')
      })
    }

    if (facts.memberVisibility === 'shared') {
      it('a community image is never used in place of an own image', async () => {
        const {own, other} = target
        await runSuccessfully(own, ['update', id, 'visibility=community'])
        assert.match(await runSuccessfully(other, ['show', name]), new RegExp(`^Id: ${id}$`, 'm'))
        const theirs = await addImage(other, [`name=${name}`, ...(facts.hasHidden ? ['os_hidden=yes'] : [])])
        assert.match(await runSuccessfully(other, ['show', name]), new RegExp(`^Id: ${theirs}$`, 'm'))
        await runSuccessfully(other, ['delete', '--force', theirs])
      })

      it('a community image is read by id, and listed only on request', async () => {
        const {own, other} = target
        await runSuccessfully(own, ['update', id, 'visibility=community'])
        assert.equal(await isListed(other), false)
        assert.equal(await isListed(other, 'visibility=community'), true)
        assert.match(await runSuccessfully(other, ['show', id]), /^Visibility: community$/m)
        const refused = await run(own, ['member-add', id, other.project ?? ''])
        assert.equal(refused.code, 5)
        assert.match(refused.stderr, /it is community, and only shared images have members/)
        const wayOut = `To restrict it to members: glance update ${id} visibility=shared`
        assert.match(refused.stderr, new RegExp(wayOut))
      })
    }

    if (facts.hasHidden) {
      it('a hidden image is listed only on request, for its owner', async () => {
        await runSuccessfully(target.own, ['update', id, 'os_hidden=yes'])
        assert.equal(await isListed(target.own), false)
        assert.equal(await isListed(target.own, 'os_hidden=true'), true)
        assert.equal(await isListed(target.other, 'os_hidden=true'), false)
      })
    }

    it('no user gives an image away, or takes one', async () => {
      const {own, other} = target
      const code = facts.refusesGifts ? 4 : 0
      assert.equal((await run(own, ['update', id, `owner=${other.project}`])).code, code)
      assert.match(await runSuccessfully(own, ['show', id]), new RegExp(`^Owner: ${own.project}$`, 'm'))
      const given = await run(own, ['add', `name=${name} given`, `owner=${other.project}`])
      assert.equal(given.code, code)
      if (code === 0) await runSuccessfully(own, ['delete', '--force', parseId(given.stdout)])
    })

    it('no user deletes a protected image', async () => {
      await runSuccessfully(target.own, ['update', id, 'protected=yes'])
      for (const user of [target.own, target.admin]) {
        assert.equal((await run(user, ['delete', '--force', id])).code, 5)
      }
      await runSuccessfully(target.own, ['update', id, 'protected=no'])
    })

    it('a deactivated image has no readable data', async () => {
      await target.act('deactivate', id)
      const ran = await run(target.own, ['download', id])
      assert.deepEqual([ran.code, ran.stdout], [4, ''])
      assert.match(ran.stderr, /^glance: cannot download image .*\n {2}.*deactivated/)
      await target.act('reactivate', id)
      assert.equal(await runSuccessfully(target.own, ['download', id]), 'hello')
    })

    it('clear keeps the images of others, even if it could delete them', async () => {
      const {admin, other} = target
      const dry = await runSuccessfully(admin, ['--dry-run', 'clear'])
      assert.ok(!dry.includes(id))
      assert.ok((await runSuccessfully(admin, ['--dry-run', 'clear', '--all-projects'])).includes(id))
      assert.ok(!(await runSuccessfully(other, ['--dry-run', 'clear'])).includes(id))
    })
  })
}
