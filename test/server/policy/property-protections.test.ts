/** Protections of properties: which rule decides, and what is refused. */
import assert from 'node:assert/strict'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {openIdentification} from '../../../src/server/auth/open-identification.js'
import {parseRule} from '../../../src/server/policy/parse-rule.js'
import {Policy} from '../../../src/server/policy/policy.js'
import {
  type PropertyAction,
  PropertyProtections,
  type ProtectionFormat,
} from '../../../src/server/policy/property-protections.js'
import {parseConfig} from '../../../src/server/settings/config-file.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {useTempDir} from '../../support/temp-dir.js'

const ACTIONS: readonly PropertyAction[] = ['create', 'read', 'update', 'delete']

function parse(file: string, format: ProtectionFormat = 'roles'): Policy {
  const rules = new Map([['billing_admin', parseRule('role:billing or user_id:root')]])
  return new Policy(rules, new PropertyProtections(parseConfig(file, 'file'), format))
}

/** What a caller with these roles may do with a property: the first letters of the actions. */
function list(policy: Policy, property: string, ...roles: string[]): string {
  const subject = {user: 'ann', project: 'alpha', roles, isAdmin: false}
  return ACTIONS.filter(action => policy.permitsProperty(action, property, subject))
    .map(action => action[0])
    .join('')
}

const RULES = `
[^x_billing_.*]
create = admin, Billing
read = admin,billing,member
update = billing
delete =

[^x_]
create = @
read = @
update = !
delete = ! , admin

[.*]
create = member
read = member
update = member
delete = member
`

describe('protections of properties', () => {
  it('are decided by the first section that matches, for roles in any case', () => {
    const policy = parse(RULES)
    assert.equal(list(policy, 'x_billing_code', 'billing'), 'cru')
    assert.equal(list(policy, 'x_billing_code', 'admin'), 'cr')
    assert.equal(list(policy, 'x_billing_code', 'member'), 'r')
    assert.equal(list(policy, 'x_billing_code'), '')
    assert.equal(list(policy, 'x_other', 'observer'), 'cr')
    assert.equal(list(policy, 'x_other', 'admin'), 'cr')
    assert.equal(list(policy, 'ax_other', 'member'), 'crud')
    assert.equal(list(policy, 'ax_other', 'admin'), '')
  })

  it('match anywhere in a name unless the pattern is anchored, and leave nothing to names without a match', () => {
    const policy = parse(
      '[DEFAULT]\ncreate = @\nread = @\nupdate = @\ndelete = @\n[secret]\nread = !\n[[ab]_]\n',
    )
    assert.equal(list(policy, 'my_secret_x'), 'cud')
    assert.equal(list(policy, 'b_x'), 'crud')
    assert.equal(list(policy, 'other'), '')
  })

  it('name operations of the policy', () => {
    const policy = parse(
      '[.*]\ncreate = billing_admin\nread = @\nupdate = !\ndelete = context_is_admin\n',
      'policies',
    )
    assert.equal(list(policy, 'p', 'billing'), 'cr')
    assert.equal(list(policy, 'p', 'admin'), 'rd')
  })

  it('do not exist without a file', () => {
    assert.equal(list(new Policy(), 'p'), 'crud')
    assert.equal(new Policy().protectsProperties, false)
  })
})

describe('a file of protections', () => {
  const folder = useTempDir()

  async function open(content: string | undefined, format: string): Promise<string> {
    const path = join(folder(), 'protections.conf')
    if (content !== undefined) await writeFile(path, content)
    const assignments = [`property_protection_file=${path}`, `property_protection_rule_format=${format}`]
    const given = new GivenSettings({assignments, env: {}})
    const silent = {log: () => {}, warn: () => {}}
    return openIdentification({auth: 'fake', given}, silent).then(
      () => 'opened',
      error => [error.message, error.why].join(': ').replaceAll(path, 'FILE'),
    )
  }

  const whole = (create: string) => `[.*]\ncreate = ${create}\nread = @\nupdate = @\ndelete = @\n`

  for (const [title, content, format, expected] of [
    ['that is valid opens', whole('admin'), 'roles', 'opened'],
    ['that names an operation opens', whole('add_image'), 'policies', 'opened'],
    [
      'that lacks an action',
      '[^x]\ncreate = a\nread = a\nupdate = a\n',
      'roles',
      'invalid property protections in FILE: [^x] does not say who may delete',
    ],
    [
      'whose section is not a regular expression',
      '[x(]\ncreate = a\nread = a\nupdate = a\ndelete = a\n',
      'roles',
      'invalid property protections in FILE: [x(] is not a regular expression: Invalid regular expression: /x(/u: Unterminated group',
    ],
    [
      'that allows all and none',
      whole('@, !'),
      'roles',
      'invalid property protections in FILE: create of [.*] names both @ and !',
    ],
    [
      'that names several operations',
      whole('add_image,modify_image'),
      'policies',
      'invalid property protections in FILE: create of [.*] names several operations: combine them in the policy file',
    ],
    [
      'that names an unknown operation',
      whole('nope'),
      'policies',
      "invalid property protections in FILE: the policy has no rule 'nope'",
    ],
    ['without sections of its own', 'create\n', 'roles', /^invalid line 1 in FILE/],
    ['that does not exist', undefined, 'roles', /^cannot read the configuration file FILE: ENOENT/],
    ['in an unknown format', whole('a'), 'users', /property_protection_rule_format/],
  ] as const) {
    it(title, async () => {
      const result = await open(content, format)
      if (typeof expected === 'string') assert.equal(result, expected)
      else assert.match(result, expected)
    })
  }
})
