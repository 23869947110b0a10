/** A table of the rights of callers. */
import assert from 'node:assert/strict'
import * as policy from '../../../src/server/images/policy.js'
import {parseRule} from '../../../src/server/policy/parse-rule.js'
import {DEFAULT_POLICY, Policy} from '../../../src/server/policy/policy.js'
import type {MemberRecord, Visibility} from '../../../src/server/registry/registry.js'

const callerOf = (user: string, project: string | null, ...roles: string[]) =>
  policy.createCaller(DEFAULT_POLICY, {user, project, roles})

const admin = callerOf('root', 'ops', 'Admin')
const owner = callerOf('ann', 'alpha', 'member')
const reader = callerOf('ray', 'alpha', 'Reader')
const member = callerOf('bob', 'beta', 'member')
const stranger = callerOf('eve', null, 'member')
const unknown = callerOf('uma', 'alpha', '_member_')

const invitation: MemberRecord = {
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
  for (const [visibility, byAdmin, byOwner, byMember, byNone] of seen) {
    it(`shows a ${visibility} image to those who may see it`, () => {
      const image = {owner: 'alpha', visibility}
      assert.equal(policy.maySee(admin, image, undefined), byAdmin)
      assert.equal(policy.maySee(owner, image, undefined), byOwner)
      assert.equal(policy.maySee(reader, image, undefined), byOwner)
      assert.equal(policy.maySee(member, image, invitation), byMember)
      assert.equal(policy.maySee(stranger, image, undefined), byNone)
      assert.equal(policy.maySee(unknown, image, undefined), false)
    })
  }

  it('shows images without an owner to everybody, private ones too', () => {
    assert.equal(policy.maySee(stranger, {owner: null, visibility: 'private'}, undefined), true)
    assert.equal(policy.maySee(stranger, {owner: '', visibility: 'shared'}, undefined), true)
  })

  it('gives images without an owner to no project', () => {
    assert.equal(policy.owns(stranger, {owner: null}), false)
    assert.equal(policy.permits(stranger, 'modify_image', {owner: null}), false)
    assert.equal(policy.permits(policy.ADMINISTRATOR, 'modify_image', {owner: null}), true)
  })

  it('shows everything to a reader of the whole cloud, who changes nothing', () => {
    const image = {owner: 'alpha', visibility: 'private'} as const
    const all = policy.createCaller(DEFAULT_POLICY, {
      user: 'u',
      project: null,
      roles: ['reader'],
      isSystemScoped: true,
    })
    assert.equal(policy.seesAll(all), true)
    assert.equal(policy.maySee(all, image, undefined), true)
    assert.equal(policy.permits(all, 'modify_image', image), false)
    assert.equal(policy.permits(all, 'download_image', image), false)
  })

  it('lets members share further only with that right', () => {
    const image = {owner: 'alpha', visibility: 'shared'} as const
    const mayShare = (caller: policy.Caller, membership?: MemberRecord) =>
      policy.mayShare(caller, 'add_member', image, membership)
    const right = {...invitation, canShare: true}
    assert.deepEqual(
      [mayShare(admin), mayShare(owner), mayShare(reader), mayShare(stranger)],
      [true, true, false, false],
    )
    assert.deepEqual([mayShare(member, invitation), mayShare(member, right)], [false, true])
    assert.equal(mayShare(callerOf('b', 'beta', 'reader'), right), false)
  })

  it('lets owners change, administrators publish, members set their status', () => {
    const image = {owner: 'alpha'}
    const callers = [admin, owner, reader, member, unknown]
    const table = {
      modify_image: [true, true, false, false, false],
      add_image: [true, true, false, false, false],
      communitize_image: [true, true, false, false, false],
      publicize_image: [true, false, false, false, false],
      tasks_api_access: [true, false, false, false, false],
      get_images: [true, true, true, true, false],
    } as const
    for (const [operation, expected] of Object.entries(table)) {
      const found = callers.map(caller => policy.permits(caller, operation as keyof typeof table, image))
      assert.deepEqual(found, expected, operation)
    }
    assert.deepEqual(
      [...callers, callerOf('b', 'beta', 'reader')].map(caller => policy.mayAnswer(caller, image, 'beta')),
      [true, false, false, true, false, false],
    )
  })

  it('hides deactivated data from all but administrators', () => {
    assert.equal(policy.mayDownload(owner, {owner: 'alpha', status: 'active'}), true)
    assert.equal(policy.mayDownload(owner, {owner: 'alpha', status: 'deactivated'}), false)
    assert.equal(policy.mayDownload(admin, {owner: 'alpha', status: 'deactivated'}), true)
  })

  it('makes an administrator of a caller with the role that the operator names', () => {
    const given = new Policy(new Map([['context_is_admin', parseRule('role:Operator')]]))
    const caller = (role: string) => policy.createCaller(given, {user: 'u', project: 'alpha', roles: [role]})
    assert.equal(caller('OPERATOR').isAdmin, true)
    assert.equal(policy.permits(caller('operator'), 'modify_image', {owner: 'beta'}), true)
    assert.equal(caller('admin').isAdmin, false)
    assert.equal(policy.permits(caller('admin'), 'modify_image', {owner: 'alpha'}), true)
  })

  it('takes a role of any name', () => {
    const names = ['constructor', '__proto__', 'reader']
    const caller = policy.createCaller(DEFAULT_POLICY, {user: 'u', project: 'alpha', roles: names})
    assert.deepEqual(caller.roles, names)
  })

  it('compares attributes and properties of images in rules', () => {
    const given = new Policy(
      new Map([
        ['delete_image', parseRule('not False:%(protected)s or role:%(keeper)s')],
        ['get_image', parseRule("'bare':%(container_format)s")],
      ]),
    )
    const caller = policy.createCaller(given, {user: 'u', project: 'alpha', roles: ['Gardener']})
    const image = {owner: 'alpha', visibility: 'public'} as const
    assert.equal(policy.permits(caller, 'delete_image', {...image, protected: false}), false)
    assert.equal(policy.permits(caller, 'delete_image', {...image, protected: true}), true)
    const kept = {...image, protected: false, properties: {keeper: 'gardener'}}
    assert.equal(policy.permits(caller, 'delete_image', kept), true)
    assert.equal(policy.maySee(caller, {...image, containerFormat: 'bare'}, undefined), true)
    assert.equal(policy.maySee(caller, {...image, containerFormat: 'ovf'}, undefined), false)
    assert.equal(
      policy.maySee(
        caller,
        {...image, visibility: 'private', owner: 'b', containerFormat: 'bare'},
        undefined,
      ),
      false,
    )
  })
})
