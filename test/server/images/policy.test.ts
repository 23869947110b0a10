/** A table of the rights of callers. */
import assert from 'node:assert/strict'
import * as policy from '../../../src/server/images/policy.js'
import type {MemberRecord, Visibility} from '../../../src/server/registry/registry.js'

const admin: policy.Caller = {user: 'root', project: 'ops', roles: ['admin'], isAdmin: true}
const owner: policy.Caller = {user: 'ann', project: 'alpha', roles: ['member'], isAdmin: false}
const member: policy.Caller = {user: 'bob', project: 'beta', roles: ['member'], isAdmin: false}
const stranger: policy.Caller = {user: 'eve', project: null, roles: [], isAdmin: false}

const offer: MemberRecord = {
  imageId: 'i',
  memberId: 'beta',
  canShare: false,
  status: 'rejected',
  createdAt: '',
  updatedAt: '',
}

describe('policy', () => {
  const seen: readonly (readonly [Visibility, boolean, boolean, boolean, boolean])[] = [
    ['public', true, true, true, true],
    ['community', true, true, true, true],
    ['shared', true, true, true, false],
    ['private', true, true, false, false],
  ]
  for (const [visibility, byAdmin, byOwner, byMember, byNobody] of seen) {
    it(`shows a ${visibility} image to those who may see it`, () => {
      const image = {owner: 'alpha', visibility}
      assert.equal(policy.maySee(admin, image, undefined), byAdmin)
      assert.equal(policy.maySee(owner, image, undefined), byOwner)
      assert.equal(policy.maySee(member, image, offer), byMember)
      assert.equal(policy.maySee(stranger, image, undefined), byNobody)
    })
  }

  it('shows images without an owner to everybody, private ones too', () => {
    assert.equal(policy.maySee(stranger, {owner: null, visibility: 'private'}, undefined), true)
    assert.equal(policy.maySee(stranger, {owner: '', visibility: 'shared'}, undefined), true)
  })

  it('gives images without an owner to no project', () => {
    assert.equal(policy.owns(stranger, {owner: null}), false)
    assert.equal(policy.mayChange(stranger, {owner: null}), false)
    assert.equal(policy.mayChange(policy.ADMINISTRATOR, {owner: null}), true)
  })

  it('lets members share further only with that right', () => {
    const image = {owner: 'alpha'}
    const mayShare = (caller: policy.Caller, membership?: MemberRecord) =>
      policy.mayShare(caller, image, membership)
    assert.deepEqual([mayShare(admin), mayShare(owner), mayShare(stranger)], [true, true, false])
    assert.deepEqual([mayShare(member, offer), mayShare(member, {...offer, canShare: true})], [false, true])
  })

  it('lets owners change, administrators publish, members set their status', () => {
    const image = {owner: 'alpha'}
    const callers = [admin, owner, member]
    assert.deepEqual(
      callers.map(caller => policy.mayChange(caller, image)),
      [true, true, false],
    )
    assert.deepEqual(callers.map(policy.mayPublish), [true, false, false])
    assert.deepEqual(
      callers.map(caller => policy.mayAnswer(caller, 'beta')),
      [true, false, true],
    )
    assert.deepEqual(
      callers.map(caller => policy.mayAssignOwner(caller, 'alpha')),
      [true, true, false],
    )
    assert.deepEqual(callers.map(policy.maySeeTasks), [true, false, false])
  })

  it('hides deactivated data from all but administrators', () => {
    assert.equal(policy.mayDownload(owner, {status: 'active'}), true)
    assert.equal(policy.mayDownload(owner, {status: 'deactivated'}), false)
    assert.equal(policy.mayDownload(admin, {status: 'deactivated'}), true)
  })
})
