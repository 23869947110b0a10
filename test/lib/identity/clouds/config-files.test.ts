/** The folders of configuration files, and which of the files is used. */
import assert from 'node:assert/strict'
import {chmod, mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {configFolders, findConfigFile} from '../../../../src/lib/identity/clouds/config-files.js'
import {type ConfigFixture, createConfigFixture} from '../../../support/config-fixture.js'

describe('configuration files', () => {
  let fixture: ConfigFixture
  let warnings: string[]
  const clouds = async (named?: string) => {
    warnings = []
    const file = await findConfigFile('clouds', fixture, text => warnings.push(text), named)
    return file && {path: file.path.slice(fixture.root.length + 1), content: file.content}
  }

  beforeEach(async () => {
    fixture = await createConfigFixture()
  })
  afterEach(() => fixture.remove())

  it('are searched in the working directory, the home folder and the system, in this order', () => {
    const base = {cwd: '/work', home: '/home/u', env: {}}
    const folders = (platform: NodeJS.Platform, env: Record<string, string> = {}) =>
      configFolders({...base, platform, env})
    assert.deepEqual(folders('linux'), [
      '/work',
      '/home/u/.config/openstack',
      '/etc/xdg/openstack',
      '/etc/openstack',
    ])
    assert.deepEqual(folders('linux', {XDG_CONFIG_HOME: '/x', XDG_CONFIG_DIRS: '/s:/t'}), [
      '/work',
      '/x/openstack',
      '/home/u/.config/openstack',
      '/s/openstack',
      '/etc/openstack',
    ])
    assert.deepEqual(
      folders('linux', {SNAP_REAL_HOME: '/home/real', XDG_CONFIG_HOME: '/snap/x'}).slice(0, 2),
      ['/work', '/home/real/.config/openstack'],
    )
    assert.deepEqual(folders('darwin'), [
      '/work',
      '/home/u/Library/Application Support/openstack',
      '/home/u/.config/openstack',
      '/Library/Application Support/openstack',
      '/etc/openstack',
    ])
  })

  it('are not merged: the first one is used, .yaml before .yml before .json', async () => {
    await fixture.put('home/.config/openstack/clouds.yaml', 'clouds: {home: {}}')
    await fixture.put('cwd/clouds.json', '{"clouds": {"json": {}}}')
    assert.deepEqual(await clouds(), {path: 'cwd/clouds.json', content: {clouds: {json: {}}}})
    await fixture.put('cwd/clouds.yml', 'clouds: {yml: {}}')
    assert.equal((await clouds())?.path, 'cwd/clouds.yml')
    await fixture.put('cwd/clouds.yaml', 'clouds: {yaml: {}}')
    assert.equal((await clouds())?.path, 'cwd/clouds.yaml')
    assert.deepEqual(warnings, [])
  })

  it('are replaced by the named one, unless that does not exist', async () => {
    await fixture.put('cwd/clouds.yaml', 'clouds: {}')
    await fixture.put('cwd/mine.yaml', 'clouds: {mine: {}}')
    assert.equal((await clouds('mine.yaml'))?.path, 'cwd/mine.yaml')
    assert.equal((await clouds('/nowhere/mine.yaml'))?.path, 'cwd/clouds.yaml')
    assert.deepEqual(warnings, ['/nowhere/mine.yaml is skipped: the file does not exist'])
  })

  it('are skipped with a warning without quotes when they cannot be parsed', async () => {
    const broken = await fixture.put('cwd/clouds.yaml', 'clouds:\n  a:\n   password: "hunter2\n  - x')
    const list = await fixture.put('cwd/clouds.yml', '- hunter2')
    const json = await fixture.put('cwd/clouds.json', '{"password": "hunter2"')
    await fixture.put('home/.config/openstack/clouds.yaml', 'clouds: {home: {}}')
    assert.equal((await clouds())?.path, 'home/.config/openstack/clouds.yaml')
    assert.deepEqual(warnings, [
      `${broken} is skipped: line 4 is not valid YAML`,
      `${list} is skipped: it does not hold a mapping`,
      `${json} is skipped: it is not valid JSON`,
    ])
  })

  it('are skipped when they cannot be read, or are directories', async () => {
    const folder = join(fixture.cwd, 'clouds.yml')
    await mkdir(folder)
    const locked = await fixture.put('cwd/clouds.yaml', 'clouds: {}')
    await chmod(locked, 0)
    const isRoot = (await clouds()) !== undefined
    if (!isRoot)
      assert.deepEqual(warnings, [
        `${locked} is skipped: permission denied`,
        `${folder} is skipped: it is a directory`,
      ])
    await chmod(locked, 0o600)
    await fixture.put('cwd/clouds.yaml', '[]')
    await clouds()
    assert.deepEqual(warnings, [
      `${locked} is skipped: it does not hold a mapping`,
      `${folder} is skipped: it is a directory`,
    ])
  })

  it('keep a value that looks like a number or a boolean as it is written', async () => {
    await fixture.put(
      'cwd/clouds.yaml',
      `
base: &base
  auth: {project_id: 12345678901234567890123456789012, username: 12e34}
clouds:
  a:
    <<: *base
    password: 007
    verify: no
    insecure: true
    empty:
    null_too: ~
    quoted: "null"
    cert: 'it''s'
`,
    )
    assert.deepEqual((await clouds())?.content['clouds'], {
      a: {
        auth: {project_id: '12345678901234567890123456789012', username: '12e34'},
        password: '007',
        verify: 'no',
        insecure: 'true',
        empty: null,
        null_too: null,
        quoted: 'null',
        cert: "it's",
      },
    })
  })

  it('are skipped when they are not UTF-8, and may start with a byte order mark', async () => {
    const latin = await fixture.put('cwd/clouds.yaml', Buffer.from('clouds: {\xfc: {}}', 'latin1'))
    await fixture.put('cwd/clouds.json', '\ufeff{"clouds": {"json": {}}}')
    assert.deepEqual((await clouds())?.content, {clouds: {json: {}}})
    assert.deepEqual(warnings, [`${latin} is skipped: it is not UTF-8`])
    await fixture.put('cwd/clouds.yaml', '\ufeffclouds: {yaml: {}}')
    assert.deepEqual((await clouds())?.content, {clouds: {yaml: {}}})
  })

  it('may be empty', async () => {
    await fixture.put('cwd/clouds.yaml', '')
    assert.deepEqual(await clouds(), {path: 'cwd/clouds.yaml', content: {}})
  })
})
