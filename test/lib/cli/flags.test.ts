/** Flags and arguments as commands declare them, and the failures for wrong values. */
import assert from 'node:assert/strict'
import {loadAllCommands} from '../../../src/commands.js'
import {ALL_FLAGS} from '../../../src/lib/cli/flags/all.js'
import {glance} from '../../support/fake-io.js'

describe('flags', () => {
  it('of every command are declared in the groups', async () => {
    const known = new Map<string, object>(Object.entries(ALL_FLAGS))
    for (const [command, {flags}] of Object.entries(await loadAllCommands())) {
      // Only the description may differ, where the same flag has another effect; the parser adds the name.
      const toDeclaration = (flag: object | undefined) => ({...flag, name: '', description: ''})
      for (const [name, flag] of Object.entries(flags)) {
        assert.deepEqual(toDeclaration(flag), toDeclaration(known.get(name)), `${command} --${name}`)
      }
    }
  })

  it('are all accepted by some command', async () => {
    const taken = Object.values(await loadAllCommands()).flatMap(({flags}) => Object.keys(flags))
    assert.deepEqual([...new Set(taken)].sort(), Object.keys(ALL_FLAGS).sort())
  })

  const refused: readonly (readonly [string, string, string])[] = [
    ['--port 99999 index', "invalid --port '99999': expected a number from 0 to 65535", 'help'],
    ['--timeout 0 index', "invalid --timeout '0': expected a whole number, 1 or greater", 'help'],
    ['index --limit x', "invalid --limit 'x': expected a whole number, 1 or greater", 'help index'],
    ['download x --parallel 33', "invalid --parallel '33': expected a number from 1 to 32", 'help download'],
    ['index --sort-dir up', "invalid --sort-dir 'up': expected one of asc, desc", 'help index'],
    ['index --limit', '--limit requires a value', 'help index'],
    ['index --host', '--host requires a value', 'help'],
    ['member-update x y accepted z', 'unexpected argument: z', 'help member-update'],
    ['auth-info y', 'unexpected argument: y', 'help auth-info'],
  ]
  for (const [line, message, help] of refused) {
    it(`are refused, with the help that lists them: glance ${line}`, async () => {
      const {code, stdout, stderr} = await glance(line.split(' '))
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, new RegExp(`\n  Run glance ${help} to see `))
      assert.equal(stderr.split('\n')[0], `glance: ${message}`)
    })
  }

  it('that the manual and its clients had for all commands do nothing where they mean nothing', async () => {
    for (const flag of [
      '-f',
      '--dry-run',
      '--silent-upload',
      '--limit=10',
      '--marker=x',
      '--sort-key=name',
    ]) {
      const {code, stderr} = await glance([
        flag,
        'show',
        'x',
        '--url',
        'http://127.0.0.1:1',
        '--retries',
        '0',
      ])
      assert.equal(code, 6, `${flag}: ${stderr}`)
    }
  })

  it('of a download that need a file are refused without one', async () => {
    for (const flag of ['--resume', '--parallel=2', '--keep-failed']) {
      const {code, stderr} = await glance(['download', 'x', flag, '--file=-'])
      const [name] = flag.split('=')
      assert.deepEqual([code, stderr], [2, `glance: ${name} requires --file PATH or --dir DIR\n`])
    }
  })

  it('accept one source of data', async () => {
    for (const command of [
      ['download', 'x'],
      ['update', 'x'],
      ['add', 'name=x'],
    ]) {
      const {code, stderr} = await glance([...command, '--file=a', '--file=b'])
      assert.deepEqual([code, stderr], [2, 'glance: --file can be given only once\n  it was given 2 times\n'])
    }
  })
})

describe('required arguments', () => {
  const project = '9c2f4b7e1a0d4e6f8b3a5c7d9e1f2a3b'
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'delete',
      'Please specify the ID of the image you wish to delete as the first argument',
      'glance delete ubuntu-24.04',
    ],
    [
      'update',
      'Please specify the ID of the image you wish to update as the first argument',
      'glance update ubuntu-24.04 name=noble',
    ],
    ['show', 'Please specify the image identifier as the first argument', 'glance show ubuntu-24.04'],
    [
      'wait',
      'Please specify the image identifier as the first argument',
      'glance wait --timeout 600 ubuntu-24.04',
    ],
    [
      'download',
      'Please specify the image identifier as the first argument',
      'glance download ubuntu-24.04 --file disk.qcow2',
    ],
    [
      'image-members',
      'Please specify the ID of the image as the first argument',
      'glance image-members ubuntu-24.04',
    ],
    [
      'member-images',
      'Please specify the ID of the member as the first argument',
      `glance member-images ${project}`,
    ],
    [
      'member-add x',
      'Please specify the image ID and the member name',
      `glance member-add ubuntu-24.04 ${project}`,
    ],
    [
      'member-update x y',
      'Please specify the status: accepted, rejected or pending',
      `glance member-update ubuntu-24.04 ${project} accepted`,
    ],
  ]
  for (const [line, message, example] of cases) {
    it(`are reported when they are absent or empty: glance ${line}`, async () => {
      for (const words of [line.split(' '), [...line.split(' '), '']]) {
        const {code, stdout, stderr} = await glance(words)
        assert.deepEqual([code, stdout, stderr], [2, '', `glance: ${message}\n  Example: ${example}\n`])
      }
    })
  }
})
