/** What distributes the service: units for systemd, a container, and a Debian package. */
import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {useTempDir} from './support/temp-dir.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const UNITS = ['glance-api', 'glance-registry']
const run = promisify(execFile)
const hasProgram = (name: string) =>
  (process.env['PATH'] ?? '').split(':').some(folder => existsSync(path.join(folder, name)))

describe('the units for systemd', () => {
  const folder = useTempDir()
  before(function () {
    if (!hasProgram('systemd-analyze')) this.skip()
  })

  /** The unit, with the program of this package in place of the one that will be installed. */
  async function copyUnit(name: string): Promise<string> {
    const file = path.join(folder(), `${name}.service`)
    const unit = await readFile(path.join(ROOT, `packaging/${name}.service`), 'utf8')
    assert.match(unit, new RegExp(`^ExecStart=/usr/bin/${name} /etc/glance/${name}\\.conf$`, 'm'))
    await writeFile(
      file,
      unit.replaceAll('/usr/bin/', `${ROOT}/bin/`).replaceAll(`bin/${name}`, `bin/${name}.js`),
    )
    return file
  }

  for (const name of UNITS) {
    it(`${name} is valid`, async () => {
      const {stderr} = await run('systemd-analyze', ['verify', '--recursive-errors=no', await copyUnit(name)])
      assert.doesNotMatch(stderr, new RegExp(name))
    })

    it(`${name} is protected`, async () => {
      const args = ['security', '--offline=true', '--threshold=20', '--no-pager', await copyUnit(name)]
      const {stdout} = await run('systemd-analyze', args)
      assert.match(stdout, /Overall exposure level for .*: [01]\.\d OK/)
    })
  }
})

describe('the container', () => {
  const lines = readFileSync(path.join(ROOT, 'packaging/Containerfile'), 'utf8')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
  const last = lines.slice(lines.findLastIndex(line => line.startsWith('FROM ')))

  it('has an image of a named release below', () => {
    const images = lines.filter(line => line.startsWith('FROM '))
    assert.equal(images.length, 2)
    for (const image of images) assert.match(image, /^FROM docker\.io\/library\/node:2[2-9]-/)
  })

  it('runs without root, with a check of its health', () => {
    const user = last.indexOf('USER node')
    assert.ok(user > 0 && user < last.findIndex(line => line.startsWith('CMD ')))
    assert.ok(last.some(line => /^HEALTHCHECK .*\/healthcheck/.test(line)))
  })

  it('copies files that are there', () => {
    const sources = lines
      .filter(line => /^COPY (?!--from)/.test(line))
      .flatMap(line => line.split(' ').slice(1, -1))
    assert.ok(sources.includes('package-lock.json'))
    for (const source of sources) assert.ok(existsSync(path.join(ROOT, source)), source)
  })
})

describe('the Debian package', () => {
  const folder = useTempDir()
  before(function () {
    if (!(hasProgram('dpkg-deb') && hasProgram('useradd') && process.getuid?.() === 0)) this.skip()
  })

  it('is installed into an empty root, runs there, and is removed', async () => {
    const {stdout: file} = await run(path.join(ROOT, 'packaging/build-deb'), [folder()])
    const {stdout} = await run(path.join(ROOT, 'packaging/try-deb'), [file.trim()])
    const lines = stdout.trimEnd().split('\n')
    assert.match(lines.shift() ?? '', /^glance:[x!]:\d+:\d+::\/var\/lib\/glance:\/usr\/sbin\/nologin$/)
    assert.deepEqual(lines.splice(0, 2), ['-rw-r----- glance-api.conf', '-rw-r----- glance-registry.conf'])
    const names = ['glance', 'glance-api', 'glance-registry', 'glance-manage', 'glance-control']
    assert.deepEqual(
      lines.splice(0, names.length).map(line => line.replace(/ \d[\d.]*$/, '')),
      names,
    )
    assert.match(lines.shift() ?? '', /\/var\/lib\/glance\/registry\.sqlite/)
    assert.deepEqual(lines, ['0'])
  })
})
