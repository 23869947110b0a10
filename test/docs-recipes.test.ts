/** Runs each recipe of docs/scripting.md, and looks at what it has done. */
import assert from 'node:assert/strict'
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {readRecipes} from './support/examples.js'
import {glance} from './support/fake-io.js'
import {createTokenReply, type FakeKeystone, startFakeKeystone} from './support/fake-keystone.js'
import {type ProcessResult, shell} from './support/glance-process.js'
import {startService, type TestService} from './support/test-service.js'

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
const QCOW2 = Buffer.concat([Buffer.from('QFI\xfb\0\0\0\x03', 'latin1'), Buffer.alloc(504)])

describe('the recipes', () => {
  const recipes = readRecipes()
  let service: TestService
  let west: TestService
  let keystone: FakeKeystone
  let folder: string

  before(async () => {
    service = await startService()
    west = await startService()
    keystone = await startFakeKeystone()
    const endpoints = [
      {interface: 'public', region: 'North', region_id: 'North', url: service.url},
      {interface: 'public', region: 'West', region_id: 'West', url: west.url},
    ]
    keystone.answer(() =>
      createTokenReply({catalog: JSON.stringify([{type: 'image', name: 'glance', endpoints}])}),
    )
    folder = await mkdtemp(path.join(tmpdir(), 'glance-recipes-'))
    await mkdir(path.join(folder, 'bin'))
    // For xargs, which does not see functions of the shell.
    await writeFile(path.join(folder, 'bin/glance'), '#!/bin/sh\nexec "$NODE" "$GLANCE" "$@"\n', {
      mode: 0o755,
    })
    await writeFile(path.join(folder, 'disk.qcow2'), QCOW2)
  })
  beforeEach(() => service.clear())
  after(async () => {
    await keystone.close()
    await west.close()
    await service.close()
    await rm(folder, {recursive: true})
  })

  /** Runs command lines in memory. @returns their output */
  async function run(...lines: readonly string[]): Promise<string> {
    let output = ''
    for (const line of lines) {
      const ran = await glance(line.split(' '), {
        env: {OS_IMAGE_URL: service.url},
        ...(line.startsWith('add') && {stdin: line, kind: 'file' as const}),
      })
      assert.equal(ran.code, 0, ran.stderr)
      output += ran.stdout
    }
    return output
  }

  function follow(heading: string, env: Readonly<Record<string, string>> = {}): Promise<ProcessResult> {
    const script = recipes.get(heading) ?? assert.fail(`no recipe ${heading}`)
    const PATH = `${folder}/bin:${process.env['PATH']}`
    return shell(`cd ${folder}\n${script}\necho "id=\${id-}"`, service.url, {PATH, ...env}).ended
  }

  const CI = {version: '1.2', commit: 'abc'}

  it('Upload in CI', async () => {
    const first = await follow('Upload in CI', CI)
    const second = await follow('Upload in CI', CI)
    assert.equal(first.code, 0, first.stderr)
    const [, id = ''] = /^id=(.*)$/m.exec(first.stdout) ?? []
    assert.match(id, UUID)
    assert.match(second.stdout, new RegExp(`^id=${id}$`, 'm'))
    assert.equal(await run('index -o value -c name,status'), 'app-1.2 active\n')
  })

  it('Newest by name', async () => {
    await run('add name=ubuntu-24.04 n=1', 'add name=ubuntu-24.04 n=2', 'add name=other')
    const [id] = (await run('index -q name=ubuntu-24.04 n=2')).split('\n')
    const {stdout} = await follow('Newest by name')
    assert.equal(stdout, `id=${id}\n`)
    await service.clear()
    assert.equal((await follow('Newest by name')).code, 1)
  })

  it('Wait until active', async () => {
    await run('add name=ubuntu-24.04')
    const {code, stdout} = await follow('Wait until active')
    assert.equal(code, 0)
    assert.match(stdout, /active/)
  })

  it('Keep the newest three', async () => {
    for (const n of [1, 2, 3, 4, 5]) await run(`add name=nightly n=${n}`)
    await run('add name=other')
    const {code, stderr} = await follow('Keep the newest three')
    assert.equal(code, 0, stderr)
    assert.equal(
      await run('index -o csv -c name,properties.n'),
      'name,properties.n\nother,\nnightly,5\nnightly,4\nnightly,3\n',
    )
    assert.equal((await follow('Keep the newest three')).code, 0)
  })

  it('Share with five projects', async () => {
    await run('add name=ubuntu-24.04 visibility=shared')
    const {code, stderr} = await follow('Share with five projects')
    assert.equal(code, 0, stderr)
    const members = await run('image-members ubuntu-24.04')
    assert.deepEqual(members.trim().split('\n').sort(), ['backup', 'build', 'production', 'staging', 'test'])
  })

  it('Copy to another region', async () => {
    await run('add name=ours tags=release,lts distro=noble', 'add name=other')
    const env = {
      OS_IMAGE_URL: '',
      OS_AUTH_URL: `${keystone.url}/v3`,
      OS_USERNAME: 'me',
      OS_PASSWORD: 'secret',
      OS_PROJECT_NAME: 'mine',
      OS_REGION_NAME: 'North',
    }
    const {code, stderr} = await follow('Copy to another region', env)
    assert.equal(code, 0, stderr)
    const ran = await glance(['details', '--json'], {env: {OS_IMAGE_URL: west.url}})
    const copy = JSON.parse(ran.stdout)
    assert.deepEqual(
      [copy.name, copy.tags.sort(), copy.properties.distro],
      ['ours', ['lts', 'release'], 'noble'],
    )
  })

  it('Nightly export', async () => {
    await run('add name=one disk_format=raw', 'add name=two disk_format=raw')
    const {code, stderr} = await follow('Nightly export')
    assert.equal(code, 0, stderr)
    const images: {id: string; name: string}[] = JSON.parse(
      await readFile(path.join(folder, 'export/images.json'), 'utf8'),
    )
    assert.deepEqual(images.map(({name}) => name).sort(), ['one', 'two'])
    const files = images.map(({id}) => `${id}.raw`)
    assert.deepEqual((await readdir(path.join(folder, 'export'))).sort(), ['images.json', ...files].sort())
    assert.equal((await follow('Nightly export')).code, 0)
  })

  it('are all run', function () {
    const tests = this.test?.parent?.tests.map(({title}) => title) ?? []
    assert.deepEqual([...recipes.keys()], tests.slice(0, -1))
  })
})
