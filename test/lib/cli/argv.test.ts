/** Flags before the command, clustered, and spelt with `_`. */
import assert from 'node:assert/strict'
import {hasSwitch, splitArgv, splitCommand, validateArgv} from '../../../src/lib/cli/argv.js'
import {ALL_FLAGS} from '../../../src/lib/cli/flags/all.js'

const cases: readonly (readonly [string, string | undefined, string])[] = [
  ['add name=x', 'add', 'name=x'],
  ['-v add name=x', 'add', '-v name=x'],
  ['--verbose --host h add name=x', 'add', '--verbose --host h name=x'],
  ['--host=h add name=x', 'add', '--host=h name=x'],
  ['-vH h add', 'add', '-vH h'],
  ['-Hh add', 'add', '-Hh'],
  ['-Hvadd show', 'show', '-Hvadd'],
  ['-vfd delete 5', 'delete', '-vfd 5'],
  ['--sort_key name index --sort_dir=asc', 'index', '--sort-key name --sort-dir=asc'],
  ['--auth_token T show 5', 'show', '--auth-token T 5'],
  ['--os_auth_token=a_b show 5', 'show', '--os-auth-token=a_b 5'],
  ['-A add add name=add', 'add', '-A add name=add'],
  ['--dry-run', undefined, '--dry-run'],
  ['--limit', undefined, '--limit'],
  ['-v -- add name=x', 'add', '-v -- name=x'],
  ['--import add name=x', 'add', '--import=web-download name=x'],
  ['add name=x --import', 'add', 'name=x --import=web-download'],
  ['add --import glance-direct name=x', 'add', '--import=glance-direct name=x'],
  ['add --import=glance-direct', 'add', '--import=glance-direct'],
  ['update --import x -- --import', 'update', '--import=web-download x -- --import'],
  ['add a_b=c_d --max_items 5', 'add', 'a_b=c_d --max-items 5'],
]

describe('argv', () => {
  for (const [line, command, rest] of cases) {
    it(`glance ${line}`, () => {
      const words = line.split(' ')
      const arranged = splitArgv(words, ALL_FLAGS)
      assert.deepEqual([arranged.command, arranged.rest], [command, rest === '' ? [] : rest.split(' ')])
    })
  }

  const commands = ['store-list', 'member-add', 'show', 'task', 'task-list']
  for (const [line, command, rest] of [
    ['store list -q', 'store-list', '-q'],
    ['-v store -q list', 'store-list', '-v -q'],
    ['member add list', 'member-add', 'list'],
    ['show list', 'show', 'list'],
    ['task list', 'task', 'list'],
    ['store nope', 'store', 'nope'],
    ['store-list list', 'store-list', 'list'],
  ] as const) {
    it(`finds the command: glance ${line}`, () => {
      const found = splitCommand(line.split(' '), ALL_FLAGS, name => commands.includes(name))
      assert.deepEqual([found.command, found.rest], [command, rest.split(' ')])
    })
  }

  for (const [words, message] of [
    [['delete', '--force=false', '5'], "--force does not take a value (got '=false')"],
    [['delete', '-f=false', '5'], "-f does not take a value (got '=false')"],
    [['index', '--dry-run='], "--dry-run does not take a value (got '=')"],
    [['index', '--url='], 'the value of --url is empty'],
    [['index', '--url', ''], 'the value of --url is empty'],
    [['index', '-vH', ''], 'the value of -vH is empty'],
    [['index', '--auth-token='], 'the value of --auth-token is empty'],
  ] as const) {
    it(`refuses ${words.join(' ')}`, () => {
      assert.throws(() => validateArgv(words, ALL_FLAGS), {kind: 'usage', message})
    })
  }

  it('leaves other arguments unchanged', () => {
    for (const line of [
      '--marker= index',
      '-Hf=1 index',
      '-vf delete 5',
      '--url=x=y index',
      'add -- --force=x',
    ]) {
      validateArgv(line.split(' '), ALL_FLAGS)
    }
  })

  it('lists the flags before the command', () => {
    assert.deepEqual(splitArgv(['-vH', 'h', '--sort_key=x', 'index', '-f'], ALL_FLAGS).leadingFlags, [
      '-vH',
      '--sort-key=x',
    ])
  })

  it('finds a switch in a cluster, up to the first letter that takes a value', () => {
    for (const [word, found] of [
      ['-h', true],
      ['-vh', true],
      ['-Hh', false],
      ['--help', true],
      ['--helper', false],
    ] as const) {
      assert.equal(hasSwitch([word], 'help', ALL_FLAGS, 'h'), found, word)
    }
    assert.equal(hasSwitch(['--', '-h'], 'help', ALL_FLAGS, 'h'), false)
  })

  it('keeps arguments with spaces whole', () => {
    assert.deepEqual(splitArgv(['-v', 'add', 'name=My Image'], ALL_FLAGS).rest, ['-v', 'name=My Image'])
  })
})
