/** What completion suggests in each place of a command line, and the images that it keeps in the cache folder. */
import assert from 'node:assert/strict'
import {readdir, readFile, stat, utimes, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {loadAllCommands} from '../../src/commands.js'
import {complete} from '../../src/complete.js'
import {describeForCompletion, shortenTable} from '../../src/lib/cli/completion/describe.js'
import {toKnownImage} from '../../src/lib/cli/completion/image-cache.js'
import {readTable} from '../../src/lib/cli/completion/table.js'
import {ALL_FLAGS} from '../../src/lib/cli/flags/all.js'
import {flagsOf, readStartTable} from '../../src/lib/cli/start-table.js'
import {fakeIo, glance} from '../support/fake-io.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'

/** A start of the tool in the background that completion asked for. */
type Start = readonly [args: readonly string[], env: Readonly<Record<string, string | undefined>>]

describe('completion', () => {
  const folder = useTempDir()
  let starts: Start[] = []
  beforeEach(() => {
    starts = []
  })

  async function answer(shell: string, input: string, env: Record<string, string> = {}): Promise<string[]> {
    const world = {stdin: input, cwd: folder(), home: folder(), env: {XDG_CONFIG_HOME: folder(), ...env}}
    const {io, seen} = fakeIo(world)
    const startAgain = async (...start: Start) => void starts.push(start)
    assert.equal(await complete([shell], io, startAgain), 0)
    assert.equal(seen().stderr, '')
    return seen().stdout.split('\n').slice(0, -1)
  }

  /** The texts for the last of these words. */
  async function suggest(words: readonly string[], env?: Record<string, string>): Promise<string[]> {
    const [kind, ...lines] = await answer('zsh', ['glance', ...words, ''].join('\0'), env)
    return [kind ?? '', ...lines.map(line => line.split('\t')[0] ?? '')]
  }

  const cases: readonly (readonly [line: string, some: readonly string[], none: readonly string[]])[] = [
    ['', ['add', 'members-replace', 'help', 'completion'], ['--url', '__complete']],
    ['-v --os-cloud x ', ['add'], []],
    ['--', ['--url', '--os-cloud', '--version', '--help'], ['--sort-key']],
    ['index --', ['--sort-key', '--url', '--help'], ['--file']],
    ['index --sort-key name --', ['--limit'], ['--sort-key']],
    ['update x --tag a --', ['--tag'], []],
    ['index --sort-key ', ['name', 'created_at'], ['asc']],
    ['index --sort_key=', ['--sort_key=name'], ['name']],
    ['index --sort-dir=', ['--sort-dir=asc', '--sort-dir=desc'], []],
    ['wait x --until ', ['active', 'deleted'], []],
    ['--os-interface ', ['public', 'admin'], []],
    ['add ', ['name=', 'id=', 'copy_from='], ['status=', 'size_min=']],
    ['add name=x ', ['disk_format='], ['name=']],
    ['update x ', ['name='], ['id=']],
    ['index ', ['size_min=', 'changes-since=', 'status='], ['copy_from=']],
    ['add disk_format=', ['disk_format=qcow2'], ['qcow2']],
    ['add Disk-Format=', ['Disk-Format=qcow2'], []],
    ['add is_public=', ['is_public=true', 'is_public=false'], []],
    ['index member_status=', ['member_status=all'], []],
    ['member-update x y ', ['accepted', 'pending'], []],
    ['help ', ['add', 'min_ram', 'filters', 'size_max'], []],
    ['completion ', ['bash', 'fish'], []],
    ['store ', ['list', 'copy', 'delete'], ['add', 'store-list']],
    ['member ', ['add', 'update'], []],
    ['member update x y ', ['accepted'], []],
    ['show ', [], ['list']],
    ['add --import ', ['glance-direct', 'web-download'], []],
    ['add --import glance-direct ', ['name='], ['glance-direct']],
    ['add --import name=x ', ['disk_format='], ['name=']],
    ['add constructor=', [], ['constructor=true']],
    ['toString ', [], ['add']],
  ]
  for (const [line, some, none] of cases) {
    it(`suggests words: glance ${line}`, async () => {
      const [kind, ...words] = await suggest(line.split(' '))
      assert.equal(kind, 'words')
      assert.deepEqual(
        [some.filter(text => !words.includes(text)), none.filter(text => words.includes(text))],
        [[], []],
      )
    })
  }

  it('leaves paths to the shell', async () => {
    assert.deepEqual(await suggest(['add', '--file', 'di']), ['files', ''])
    assert.deepEqual(await suggest(['add', '--file=di']), ['files', '--file='])
    assert.deepEqual(await suggest(['--os-cacert', '']), ['files', ''])
    assert.deepEqual(await suggest(['serve', '--data-dir', '']), ['folders', ''])
    assert.deepEqual(await answer('bash', 'glance add name=x < di\0 \0'), ['files', ''])
  })

  it('describes words', async () => {
    assert.ok((await answer('fish', 'glance\0\0')).includes('index\tList images briefly'))
    assert.ok(
      (await answer('zsh', 'glance\0add\0\0')).includes('min_ram=\tMinimum memory of an instance, in MiB'),
    )
  })

  it('gives bash only what fits, and asks for no blank after =', async () => {
    const bash = (line: string) => answer('bash', `${line}\0 =\0`)
    assert.deepEqual(await bash('glance in'), ['words', 'index'])
    assert.deepEqual(await bash('glance add na'), ['nospace', 'name='])
    assert.deepEqual(await bash('glance index disk_format=q'), ['words', 'qcow2'])
    assert.deepEqual(await bash('glance xyzzy x'), ['words'])
  })

  it('suggests the clouds of clouds.yaml', async () => {
    const clouds = 'clouds: {alpha: {}, "be ta": {}, "$(x)": {}, "a\\e[31mb": {}}'
    await writeFile(path.join(folder(), 'clouds.yaml'), clouds)
    assert.deepEqual(await suggest(['--os-cloud', '']), ['words', '$(x)', 'alpha', 'be ta'])
    assert.deepEqual(await suggest(['--os-cloud=al']), [
      'words',
      '--os-cloud=$(x)',
      '--os-cloud=alpha',
      '--os-cloud=be ta',
    ])
    await writeFile(path.join(folder(), 'clouds.yaml'), '{')
    assert.deepEqual(await suggest(['--os-cloud', '']), ['words'])
  })

  it('knows the commands, flags and fields that are declared', async () => {
    const commands = await loadAllCommands()
    const table = describeForCompletion(commands, ALL_FLAGS)
    assert.deepEqual(readTable(), JSON.parse(JSON.stringify(table)), 'run: npm run build')
    const start = readStartTable()
    assert.deepEqual(start, JSON.parse(JSON.stringify(shortenTable(table))), 'run: npm run build')
    for (const [name, {flags}] of Object.entries(commands))
      assert.deepEqual([...flagsOf(name, start)].sort(), Object.keys(flags).sort())
    assert.deepEqual(flagsOf('constructor', start), [])
  })

  it('answers nothing, with success, where it cannot', async () => {
    const {io, seen} = fakeIo({stdin: ''})
    for (const words of [['tcsh'], [], ['refresh'], ['bash']])
      assert.equal(await complete(words, io, async () => {}), 0)
    assert.equal(seen().stderr, '')
  })

  describe('of images', () => {
    let service: TestService
    before(async () => {
      service = await startService()
    })
    after(() => service.close())
    beforeEach(() => service.clear())

    const add = async (name: string) => {
      const {stdout} = await glance(['add', `name=${name}`, '--url', service.url])
      return stdout.trim().split(': ')[1] ?? ''
    }
    const cached = async () =>
      (await readdir(path.join(folder(), '.cache/glance'))).filter(name => name.startsWith('images-'))

    /** Runs what completion started in the background. */
    async function refresh(): Promise<void> {
      const [start, ...others] = starts.splice(0)
      assert.deepEqual([start?.[0], others], [['__complete', 'refresh'], []])
      const {io, seen} = fakeIo({cwd: folder(), home: folder(), env: start?.[1] as Record<string, string>})
      assert.equal(await complete(['refresh'], io, async () => {}), 0)
      assert.deepEqual(seen(), {stdout: '', stderr: '', asked: []})
    }

    it('suggests names, and ids once something is typed, after a fetch in the background', async () => {
      const ids = [await add('alpha'), await add('My $(x)')]
      const env = {OS_IMAGE_URL: service.url}
      assert.deepEqual(await suggest(['show', ''], env), ['words'])
      await refresh()
      assert.deepEqual(await suggest(['show', ''], env), ['words', 'My $(x)', 'alpha'])
      assert.deepEqual(await suggest(['show', 'a'], env), ['words', 'My $(x)', ids[1], 'alpha', ids[0]])
      assert.deepEqual(await suggest(['delete', 'alpha', ''], env), ['words', 'My $(x)'])
      assert.deepEqual(starts, [])
      const [, line] = await answer('fish', 'glance\0show\0\0', env)
      assert.equal(line, `My $(x)\t${ids[1]}, queued`)
    })

    it('suggests stores, where a store is to be named', async () => {
      const env = {OS_IMAGE_URL: service.url}
      assert.deepEqual(await suggest(['store', 'copy', 'x', ''], env), ['words'])
      await refresh()
      assert.deepEqual(await suggest(['store', 'copy', 'x', ''], env), ['words', 'file', 'http'])
      assert.deepEqual(await suggest(['store-copy', 'file', 'http', ''], env), ['words', 'file'])
      assert.deepEqual(await suggest(['store', 'delete', 'x', ''], env), ['words', 'file', 'http'])
      assert.deepEqual(await suggest(['add', '--store', ''], env), ['words', 'file', 'http'])
      assert.deepEqual(await suggest(['add', '--store=f'], env), ['words', '--store=file', '--store=http'])
      assert.deepEqual(starts, [])
    })

    it('suggests images and clouds as arguments of copy', async () => {
      const id = await add('alpha')
      await writeFile(path.join(folder(), 'clouds.yaml'), 'clouds: {altcloud: {}}')
      const env = {OS_IMAGE_URL: service.url}
      await suggest(['copy', 'x', ''], env)
      await refresh()
      assert.deepEqual(await suggest(['copy', 'x', 'al'], env), ['words', 'alpha', id, 'altcloud:'])
      assert.deepEqual(await suggest(['copy', ''], env), ['words', 'alpha'])
    })

    it('suggests ids for names that are empty, shared, like a flag or not visible', async () => {
      const ids = [
        await add('same'),
        await add('same'),
        await add('-f'),
        await add('a\u001b[31m'),
        await add(''),
      ]
      const env = {OS_IMAGE_URL: service.url}
      await suggest(['show', ''], env)
      await refresh()
      const [, ...lines] = await answer('zsh', 'glance\0show\0\0', env)
      assert.deepEqual(
        lines,
        ['same', 'same', '-f', '\\x1b[31m', '']
          .map((name, n) => `${ids[n]}\t${n === 3 ? `a${name}` : name}, queued`)
          .reverse(),
      )
    })

    it('keeps the images of each service and cloud apart, in private files', async () => {
      await add('alpha')
      await suggest(['--url', service.url, 'show', ''])
      await refresh()
      assert.deepEqual(await suggest(['--url', service.url, 'show', '']), ['words', 'alpha'])
      for (const words of [
        ['show'],
        ['--url=http://127.0.0.1:1', 'show'],
        ['--os-cloud', 'x', 'show'],
        ['-k', 'show'],
      ])
        assert.deepEqual(await suggest([...words, '']), ['words'])
      assert.deepEqual(await answer('bash', `OS_IMAGE_URL=${service.url} glance show \0 \0`), ['words'])
      assert.equal(starts.length, 5)
      for (const file of await cached()) {
        const {mode} = await stat(path.join(folder(), '.cache/glance', file))
        assert.equal(mode & 0o777, 0o600)
      }
      assert.equal((await stat(path.join(folder(), '.cache/glance'))).mode & 0o777, 0o700)
    })

    it('fetches at most once a minute, and keeps what it had when a fetch fails', async () => {
      await add('alpha')
      const words = ['--url', service.url, 'show', '']
      await suggest(words)
      await suggest(words)
      await refresh()
      const [file = ''] = await cached()
      const name = path.join(folder(), '.cache/glance', file)
      const before = await readFile(name, 'utf8')
      await utimes(name, new Date(0), new Date(0))
      assert.deepEqual(await suggest(words), ['words', 'alpha'])
      assert.deepEqual(await suggest(words), ['words', 'alpha'])
      const [[args, env] = [[], {}]] = starts.splice(0)
      const broken = JSON.stringify({path: name, kind: 'images', flags: ['--url=http://127.0.0.1:1']})
      starts.push([args, {...env, GLANCE_COMPLETION_REFRESH: broken}])
      await refresh()
      assert.equal(await readFile(name, 'utf8'), before)
    })

    for (const [what, text] of [
      ['is damaged', '{'],
      ['is of another format', '{"format":0,"images":[]}'],
      ['is too large', `{"format":1,"images":[]}${' '.repeat(5 * 1024 * 1024)}`],
    ] as const) {
      it(`fetches again what ${what}`, async () => {
        await add('alpha')
        const words = ['--url', service.url, 'show', '']
        await suggest(words)
        await refresh()
        const [file = ''] = await cached()
        await writeFile(path.join(folder(), '.cache/glance', file), text)
        assert.deepEqual(await suggest(words), ['words'])
        await refresh()
        assert.deepEqual(await suggest(words), ['words', 'alpha'])
      })
    }

    it('leaves out images with texts that are too long', async () => {
      const record = {id: 'x', name: 'n'.repeat(255), status: 'active'}
      assert.deepEqual(toKnownImage(record), [record])
      assert.deepEqual(toKnownImage({...record, name: 'n'.repeat(256)}), [])
      assert.deepEqual(toKnownImage({...record, name: null}), [{...record, name: ''}])
    })

    it('fetches nothing for a service that the shell has yet to name, and gives secrets to none', async () => {
      assert.deepEqual(await suggest(['--url', '$URL', 'show', '']), ['words'])
      assert.deepEqual(starts, [])
      await suggest(['--os-password', 'geheim-123', 'show', ''])
      assert.equal(starts.length, 1)
      assert.ok(!JSON.stringify([starts, await cached()]).includes('geheim'))
    })
  })
})

describe('glance completion', () => {
  it('prints the script of a shell', async () => {
    for (const [shell, last] of [
      ['bash', 'complete -o default -F _glance glance'],
      ['zsh', 'compdef _glance glance'],
      ['fish', "complete -c glance -f -a '(__glance_complete)'"],
    ] as const) {
      const {code, stdout, stderr} = await glance(['completion', shell])
      assert.deepEqual([code, stderr], [0, ''])
      assert.ok(stdout.includes(`\n${last}\n`) || stdout.includes(`  ${last}\n`))
      assert.ok(!stdout.includes('\\$'))
    }
  })

  it('refuses other shells', async () => {
    const {code, stdout, stderr} = await glance(['completion', 'tcsh'])
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, /^glance: invalid shell 'tcsh': expected one of bash, zsh, fish\n/)
    assert.match(
      (await glance(['completion'])).stderr,
      /^glance: Please specify the shell: bash, zsh or fish\n/,
    )
  })
})
