/** The short and long help, and the reference in the README, compared with the golden files. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {manPage} from '../../scripts/man-page.js'
import {topicDescriptions} from '../../src/lib/cli/help/topics.js'
import {glance} from '../support/fake-io.js'
import {reference, withReference} from '../support/reference.js'

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
  'deactivate',
  'reactivate',
  'stage',
  'store-list',
  'store-copy',
  'store-delete',
  'image-tasks',
  'task',
  'usage',
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

  it('explains fields and filters', async () => {
    const help = async (topic: string) => (await glance(['help', topic])).stdout
    assert.equal(
      await help('min_ram'),
      `min_ram: Minimum memory of an instance, in MiB

  Type        whole number
  Image API   v1 and v2
  Set by      glance add and glance update
  Filter of   index and details: Images with this minimum memory, in MiB
  Printed by  show and details; min_ram in JSON and in columns

Examples:
  glance add min_ram=1024
  glance update ubuntu-24.04 min_ram=1024
  glance index min_ram=1024
`,
    )
    assert.equal(await help('Min-RAM'), await help('min_ram'))
    assert.match(await help('disk_format'), /^ {2}Values {6}aki, ari, ami, raw, .*ploop$/m)
    assert.match(await help('disk_format'), /^ {2}glance index disk_format=qcow2$/m)
    assert.match(await help('created_at'), /^ {2}Set by {6}the service$/m)
    assert.match(await help('visibility'), /^ {2}Image API {3}v2$/m)
    assert.match(await help('copy_from'), /^ {2}Printed by {2}no command$/m)
    assert.match(await help('properties'), /^properties: every name that is not a field/)
    assert.match(await help('changes-since'), /^changes-since: Changed since this time/)
    assert.match(await help('fields'), /^Fields:\n {2}id {2}.*^ {2}sha512 .*glance help FIELD\n$/ms)
    assert.match(await help('filters'), /^Filters:\n {2}id {2}.*^ {2}size_min .*in:A,B/ms)
  })

  it('explains every field, in 40 columns too', async () => {
    for (const topic of Object.keys(topicDescriptions())) {
      const {code, stdout} = await glance(['help', topic], {env: {COLUMNS: '40'}})
      assert.equal(code, 0, topic)
      const long = stdout.split('\n').filter(line => line.length > 40)
      assert.deepEqual(
        long.filter(line => /\S\s+\S/.test(line)),
        [],
        topic,
      )
    }
  })

  it('suggests a command or a field for an unknown topic', async () => {
    for (const [typed, meant] of [
      ['min_rma', 'min_ram'],
      ['idnex', 'index'],
      ['ram', 'min_ram'],
      ['list', 'index'],
    ]) {
      const {code, stdout, stderr} = await glance(['help', typed ?? ''])
      assert.deepEqual([code, stdout], [2, ''])
      const message = `glance: unknown command or field '${typed}'\n  Did you mean '${meant}'?\n`
      assert.ok(stderr.startsWith(message), stderr)
    }
  })

  it('is a manual page', async function () {
    const page = await readFile(path.join(ROOT, 'man/glance.1'), 'utf8')
    assert.equal(page, await manPage(), 'run: npm run reference')
    const titles = [...page.matchAll(/^\.SH "?([A-Z ]+)/gm)].map(([, title]) => title)
    assert.equal(
      titles.join(', '),
      'NAME, SYNOPSIS, DESCRIPTION, COMMANDS, OPTIONS, FIELDS, FILTERS, ENVIRONMENT, FILES, EXIT STATUS, EXAMPLES, SEE ALSO',
    )
    const {error, stdout} = spawnSync('mandoc', ['-Tlint', path.join(ROOT, 'man/glance.1')], {
      encoding: 'utf8',
    })
    if (error !== undefined) return void this.skip()
    const faults = stdout.split('\n').filter(line => line !== '' && !line.includes('missing date'))
    assert.deepEqual(faults, [])
  })

  it('is in docs/commands.md, and its beginning in the README', async () => {
    const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8')
    assert.equal(readme, await withReference(readme), 'run: npm run reference')
    const commands = await readFile(path.join(ROOT, 'docs/commands.md'), 'utf8')
    assert.equal(commands, await reference(), 'run: npm run reference')
  })
})
