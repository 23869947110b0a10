/** The short and long help, and the reference in the README, compared with the golden files. */
import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {glance} from '../support/fake-io.js'
import {withReference} from '../support/reference.js'

const ROOT = path.resolve(import.meta.dirname, '../../..')
const golden = (name: string) => readFile(path.join(ROOT, 'test/golden', `${name}.help`), 'utf8')

const COMMANDS = [
  'add',
  'update',
  'delete',
  'index',
  'details',
  'show',
  'download',
  'copy',
  'wait',
  'clear',
  'image-members',
  'member-images',
  'member-add',
  'member-delete',
  'members-replace',
  'member-update',
  'completion',
  'auth-info',
  'serve',
]

describe('help', () => {
  it('glance', async () => {
    const ran = await glance([])
    const [commands = ''] = (await golden('glance')).split('Cloud and login options;')
    const more = 'For cloud and login options, run: glance help\n'
    assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, commands + more, ''])
  })

  for (const words of [['help'], ['--help'], ['-h'], ['-v', '--help']]) {
    it(`glance ${words.join(' ')}`, async () => {
      const ran = await glance(words)
      assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, await golden('glance'), ''])
    })
  }

  for (const command of COMMANDS) {
    it(`glance help ${command}, ${command} --help, --help ${command}, -h`, async () => {
      for (const words of [
        ['help', command],
        [command, '--help'],
        ['--help', command],
        ['-v', command, '-h'],
      ]) {
        const ran = await glance(words)
        assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, await golden(command), ''])
      }
    })
  }

  it('fits the terminal, and COLUMNS where it is set', async () => {
    const longest = (text: string) => Math.max(...text.split('\n').map(({length}) => length))
    for (const words of [['help'], ['help', 'index'], ['index', '--help'], []]) {
      assert.equal((await glance(words, {terminal: true})).stdout, (await glance(words)).stdout)
      const {stdout} = await glance(words, {terminal: true, env: {COLUMNS: '40'}})
      assert.ok(longest(stdout) <= 40, `${words}: ${longest(stdout)}`)
    }
  })

  it('glance --version', async () => {
    const {version} = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8'))
    assert.deepEqual(await glance(['--version']), {
      code: 0,
      stdout: `glance ${version}\n`,
      stderr: '',
      asked: [],
    })
  })

  it('suggests a command for an unknown one', async () => {
    for (const [typed, meant] of [
      ['ad', 'add'],
      ['idnex', 'index'],
      ['list', 'index'],
      ['member-list', 'image-members'],
    ]) {
      const ran = await glance([typed ?? ''])
      assert.deepEqual([ran.code, ran.stdout], [2, ''])
      assert.match(
        ran.stderr,
        new RegExp(`^glance: unknown command '${typed}'\n {2}Did you mean '${meant}'\\?\n`),
      )
    }
    assert.match(
      (await glance(['help', 'xyzzy'])).stderr,
      /^glance: unknown command or field 'xyzzy'\n {2}Run /,
    )
  })

  it('is in the README', async () => {
    const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8')
    assert.equal(readme, await withReference(readme), 'run: npm run reference')
  })
})
