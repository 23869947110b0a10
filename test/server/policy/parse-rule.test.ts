/** Rules in the language of oslo.policy: what they allow, and what is not a rule. */
import assert from 'node:assert/strict'
import {parseRule, RuleError} from '../../../src/server/policy/parse-rule.js'
import type {Subject, TargetValue} from '../../../src/server/policy/rule.js'

const ann: Subject = {user: 'ann', project: 'alpha', roles: ['member', 'reader'], isAdmin: false}

function allows(text: string, target: Record<string, TargetValue> = {}, subject = ann): boolean {
  const allowed = (rule: string) => rule === 'yes'
  return parseRule(text).check({subject, target: name => target[name], allows: allowed})
}

describe('rules of a policy', () => {
  for (const [text, expected] of [
    ['', true],
    ['@', true],
    ['!', false],
    ['role:member', true],
    ['role:MEMBER', true],
    ['role:admin', false],
    ['rule:yes', true],
    ['rule:no', false],
    ['not role:admin', true],
    ['not not role:admin', false],
    ['role:admin or role:member', true],
    ['role:admin and role:member', false],
    ['@ or @ and !', true],
    ['(@ or @) and !', false],
    ['! and @ or @', true],
    ['not (! or !)', true],
    ['  ( role:member AND ( role:reader OR ! ) )  ', true],
    ['is_admin:True', false],
    ['is_admin:False', true],
    ['user_id:ann', true],
    ['project_id:%(owner)s', true],
    ['tenant:%(owner)s', true],
    ['project_id:%(nothing)s', false],
    ['project_id:x%(owner)s', false],
    ["'public':%(visibility)s", true],
    ['"public":%(visibility)s', true],
    ["'two words':%(text)s", true],
    ['True:%(protected)s', true],
    ['None:%(empty)s', true],
    ['5:%(min_ram)s', true],
    ['system_scope:all', false],
  ] as const) {
    it(`${text || 'an empty text'} ${expected ? 'allows' : 'refuses'}`, () => {
      const target = {
        owner: 'alpha',
        visibility: 'public',
        text: 'two words',
        protected: true,
        empty: null,
        min_ram: 5,
      }
      assert.equal(allows(text, target), expected)
    })
  }

  it('do not make a caller without a project the owner of what has none', () => {
    assert.equal(allows('project_id:%(owner)s', {owner: null}, {...ann, project: null}), false)
    assert.equal(allows('project_id:None', {}, {...ann, project: null}), false)
  })

  it('name the rules that they refer to', () => {
    assert.deepEqual(parseRule('rule:a or (not rule:b and role:c)').references, ['a', 'b'])
  })

  for (const [text, message] of [
    ['member', /^expected KIND:VALUE in place of 'member'$/],
    ['role:', /^expected KIND:VALUE in place of 'role:'$/],
    ['role:a role:b', /^expected 'and' or 'or' before 'role:b'$/],
    ['role:a and', /^it ends too early$/],
    ['or role:a', /^expected a check before 'or'$/],
    ['(role:a', /^expected '\)'$/],
    ['role:a)', /^expected 'and' or 'or' before '\)'$/],
    ['()', /^expected a check before '\)'$/],
    ['proyect_id:%(owner)s', /^unknown check 'proyect_id': expected role, rule, .*project_id/],
    ['http://example.com', /^unknown check 'http'/],
  ] as const) {
    it(`${text} is not a rule`, () => {
      assert.throws(
        () => parseRule(text),
        error => {
          assert.ok(error instanceof RuleError)
          assert.match(error.message, message)
          return true
        },
      )
    })
  }
})
