/** Runs every example of the README, the documents and the help against the embedded service. */
import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {createHash} from 'node:crypto'
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'
import {gzipSync} from 'node:zlib'
import {findDocumentProblem, toDefinitions} from '../src/server/metadefs/document.js'
import {readPolicyFile} from '../src/server/policy/policy-file.js'
import {PropertyProtections} from '../src/server/policy/property-protections.js'
import {ALL_SETTINGS} from '../src/server/settings/all-settings.js'
import {parseConfig} from '../src/server/settings/config-file.js'
import {readSettings} from '../src/server/settings/setting.js'
import {GivenSettings} from '../src/server/settings/sources.js'
import {KEYSTONE} from '../src/server/settings/tables/callers.js'
import {STORES, SWIFT_STORE} from '../src/server/settings/tables/stores.js'
import {createPipe} from './support/command-line.js'
import {
  type Example,
  type PlainLine,
  parsePlainLines,
  readBlocks,
  readCommands,
  readHelpExamples,
  readSessions,
} from './support/examples.js'
import {glance} from './support/fake-io.js'
import {createTokenReply, type FakeKeystone, startFakeKeystone} from './support/fake-keystone.js'
import {GLANCE, shell} from './support/glance-process.js'
import {type Served, serve} from './support/http/serve.js'
import {startService, type TestService} from './support/test-service.js'

/** Examples that cannot be run here. A new example that is neither run nor listed fails. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'npm ci && npm run tour': 'installs packages; npm run tour is run by hand',
  'npm ci && npm test': 'installs packages and runs the tests',
  'npm ci && npm pack && npm install --global ./glance-cli-*.tgz': 'installs packages',
  'glance completion fish | source': 'is a line of fish',
  'glance store-copy ubuntu-24.04 slow': 'requires a service of several stores',
  'glance store-copy --all-stores ubuntu-24.04': 'requires a service of several stores',
  'glance store-delete ubuntu-24.04 slow': 'requires a service of several stores',
  'glance store-delete --force ubuntu-24.04 slow': 'requires a service of several stores',
  'glance update new-disk --import glance-direct': 'requires data that was staged before',
  'glance serve': 'runs until it is interrupted, on a fixed port',
  'glance serve &': 'runs until it is interrupted, on a fixed port',
  'glance serve --port 9393 --data-dir /srv/images --log-file /var/log/glance.log':
    'runs until it is interrupted, on a fixed port',
  'glance serve --auth keystone --keystone-url http://127.0.0.1:5000': 'runs until it is interrupted',
  'glance serve [--host ADDRESS] [--port PORT] [--data-dir DIR]': 'a synopsis',
}

/** Programs that this machine may lack, first words of scripts that are not run. */
const OTHER_CLIENTS = /^openstack /

/** Exit codes other than 0. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  'glance show 9f0c2c80-0000-4000-8000-000000000000': 3,
  'glance --json show 9f0c2c80-0000-4000-8000-000000000000': 3,
  'glance task 7d5c1c2e-4a53-4d3c-9b1f-0c8e5a6b7f10': 3,
}

const RAW = Buffer.from('a disk image')
const QCOW2 = Buffer.concat([Buffer.from('QFI\xfb\0\0\0\x03', 'latin1'), Buffer.alloc(504)])
QCOW2.writeUInt32BE(16, 20)
QCOW2.writeBigUInt64BE(1_048_576n, 24)

/** The files that examples read. */
const FILES: Readonly<Record<string, Buffer>> = {
  'myimage.iso': RAW,
  'hello.img': Buffer.alloc(4_194_304),
  'disk.img': RAW,
  'disk.raw': RAW,
  'disk.raw.gz': gzipSync(RAW),
  'disk.raw.zst': RAW,
  'disk.vmdk': RAW,
  'disk.qcow2': QCOW2,
  'x.qcow2': QCOW2,
  'ubuntu.qcow2': QCOW2,
  'ids.txt': Buffer.from('debian-12\n'),
}

/** Programs of other packages, reduced to what the examples use them for. */
const PROGRAMS: Readonly<Record<string, string>> = {
  curl: 'cat disk.raw',
  ssh: 'cat "$3"',
  zstd: 'cat',
  zstdcat: 'cat "$1"',
  'qemu-img': 'cp "$4" "$5"',
  jq: `sed -n 's/.*"id":"\\([^"]*\\)".*/\\1/p'`,
  producer: 'head -c 4194304 /dev/zero',
  // The tool itself, for programs like xargs.
  glance: 'exec "$NODE" "$GLANCE" "$@"',
}

const FIXED_ID = '2f1c3a5e-6d0b-4c58-9d8a-8a4c3f0f1b2a'
/** The images that examples name; `new-disk` waits for its data. */
const IMAGES = ['ubuntu-24.04', 'ubuntu-22.04', 'debian-12', 'My Image', 'new-disk']
const PROJECT = '9c2f4b7e1a0d4e6f8b3a5c7d9e1f2a3b'
const UUID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/g

/** An import in a program, up to the end of its line. */
const IMPORT = /^import .*\n/gm

const execute = promisify(execFile)

/** An image in a list of the service. */
interface Listed {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly protected: boolean
}

/** The end of an example: of a command in memory or of a shell. */
interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The questions that were answered with yes. */
  readonly asked: readonly string[]
}

describe('the examples', () => {
  let service: TestService
  let users: TestService
  let elsewhere: TestService
  let web: Served
  let keystone: FakeKeystone
  let folder: string
  let requests = 0
  let arePresent = false

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glance-examples-'))
    await mkdir(path.join(folder, 'certificates'))
    const assignments = [`signature_certificates_dir=${path.join(folder, 'certificates')}`]
    const given = new GivenSettings({assignments, env: {}})
    service = await startService({given, fetchFromAnywhere: true, showLocations: true})
    users = await startService({auth: 'fake'})
    elsewhere = await startService()
    web = await serve((_, response) => void response.end(RAW))
    keystone = await startFakeKeystone()
    const endpoint = {interface: 'public', region: 'North', region_id: 'North', url: service.url}
    const catalog = JSON.stringify([{type: 'image', name: 'glance', endpoints: [endpoint]}])
    keystone.answer(() => createTokenReply({catalog}))
    await mkdir(path.join(folder, 'bin'))
    for (const [name, script] of Object.entries(PROGRAMS))
      await writeFile(path.join(folder, 'bin', name), `#!/bin/sh\n${script}\n`, {mode: 0o755})
    await writeFile(path.join(folder, 'clouds.yaml'), describeCloud() + describeOtherClouds())
    await writeFile(path.join(folder, 'secure.yaml'), 'clouds: {mycloud: {auth: {password: secret}}}')
    await send('POST', '/v2/images', {id: FIXED_ID, name: 'fixed', protected: true, os_hidden: true})
  })
  after(async () => {
    await keystone.close()
    await web.close()
    await users.close()
    await elsewhere.close()
    await service.close()
    await rm(folder, {recursive: true})
  })

  /** The file of docs/clouds.md, with the Identity service of this test. */
  function describeCloud(): string {
    const [clouds = ''] = findBlocks('docs/clouds.md', 'yaml')
    return clouds.replace('https://identity.example.com', keystone.url)
  }

  /** More entries for it: the clouds that images are copied between, without logins. */
  function describeOtherClouds(): string {
    const toCloud = ({url}: TestService) => ({auth_type: 'none', image_endpoint_override: url})
    const west = {name: 'west', values: toCloud(elsewhere)}
    const clouds = {prod: toCloud(elsewhere), dev: {...toCloud(service), regions: ['east', west]}}
    return Object.entries(clouds)
      .map(([name, entry]) => `  ${name}: ${JSON.stringify(entry)}\n`)
      .join('')
  }

  /** Writes the files that examples read, or removes them for a download. */
  async function placeFiles(present: boolean): Promise<void> {
    if (present && arePresent) return
    for (const [name, data] of Object.entries(FILES)) {
      const file = path.join(folder, name)
      await (present ? writeFile(file, data) : rm(file, {force: true}))
    }
    arePresent = present
  }

  /** Puts the files and images in place that an example uses. */
  async function prepare(line: string): Promise<void> {
    await placeFiles(!line.includes('download'))
    if (service.log.length === requests) return
    await placeImages()
    if (line.includes(PROJECT)) await runPlain({argv: ['member-add', 'ubuntu-24.04', PROJECT], env: {}})
    requests = service.log.length
  }

  /** Adds the images that examples name, where they are missing, and deletes others of these names. */
  async function placeImages(): Promise<void> {
    const reply = await fetch(`${service.url}/v2/images?limit=1000`)
    const {images} = (await reply.json()) as {images: Listed[]}
    for (const name of IMAGES) {
      const status = name === 'new-disk' ? 'queued' : 'active'
      const found = images.filter(image => image.name === name)
      const kept = found.find(image => image.status === status && !image.protected)
      for (const {id, ...image} of found.filter(image => image !== kept)) {
        if (image.protected) await runPlain({argv: ['update', id, 'protected=false'], env: {}})
        await fetch(`${service.url}/v2/images/${id}`, {method: 'DELETE'})
      }
      if (kept === undefined) await addImage(name)
    }
  }

  async function addImage(name: string): Promise<void> {
    const formats = {disk_format: 'raw', container_format: 'bare'}
    const id = await send('POST', '/v2/images', {name, visibility: 'shared', ...formats})
    if (name !== 'new-disk') await send('PUT', `/v2/images/${id}/file`, RAW)
  }

  /** @returns the id of the answer, if there is one */
  async function send(method: string, target: string, body: object | Buffer): Promise<string | undefined> {
    const isData = Buffer.isBuffer(body)
    const reply = await fetch(service.url + target, {
      method,
      body: isData ? body : JSON.stringify(body),
      headers: {'content-type': isData ? 'application/octet-stream' : 'application/json'},
    })
    assert.ok(reply.ok, `${method} ${target}: ${reply.status}`)
    return isData ? undefined : ((await reply.json()) as {id?: string}).id
  }

  /** The environment of an example: the names that the documents leave open. */
  const variables = () => ({
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    url: `${web.url}/disk.raw`,
    host: 'host.example.com',
    bytes: String(RAW.length),
    md5: createHash('md5').update(RAW).digest('hex'),
    id: 'ubuntu-24.04',
    copy: 'debian-12',
  })

  /** The line with addresses on this machine in place of those of the documents. */
  const localize = (line: string) =>
    line
      .replaceAll(/https?:\/\/example\.com/g, web.url)
      .replace('--to-url http://127.0.0.1:9292', `--to-url ${elsewhere.url}`)

  async function run(example: string): Promise<Ran> {
    const lines = parsePlainLines(localize(example), variables())
    if (lines === undefined) return runInShell(example)
    let ran: Ran | undefined
    for (const line of lines) ran = ran?.code ? ran : await runPlain(line)
    return ran ?? assert.fail('the example is empty')
  }

  async function runPlain({argv, env, input, producer, consumer}: PlainLine): Promise<Ran> {
    const tool = {OS_IMAGE_URL: service.url, NODE: process.execPath, GLANCE, HOME: '/nonexistent'}
    const shellOptions = {cwd: folder, env: {...variables(), ...tool, PATH: searchPath()}}
    const produced =
      producer &&
      (await execute('bash', ['-c', producer], {...shellOptions, encoding: 'buffer', maxBuffer: 1e7}))
    const data = input === undefined ? undefined : await readFile(path.join(folder, input))
    const ran = await glance(argv, {
      cwd: folder,
      kind: 'terminal',
      env: {OS_IMAGE_URL: service.url, ...variables(), ...env},
      ...(data && {stdin: data, kind: 'file'}),
      ...(produced && {stdin: createPipe(produced.stdout), kind: 'pipe'}),
    })
    if (consumer !== undefined) {
      const consuming = execute('bash', ['-c', consumer], shellOptions)
      consuming.child.stdin?.end(ran.stdout)
      await consuming
    }
    return ran
  }

  const searchPath = () => `${folder}/bin:${process.env['PATH']}`

  async function runInShell(script: string): Promise<Ran> {
    const usesService = /^glance serve --auth fake &$/m.test(script)
    const local = usesService
      ? script.replace(/^glance serve.*\n/, '').replace('http://127.0.0.1:9292', users.url)
      : localize(script)
    const env = {...variables(), PATH: searchPath()}
    const {ended} = shell(`set -e; cd ${folder}\n${local}`, service.url, env)
    return {...(await ended), asked: []}
  }

  async function check({line}: Example): Promise<void> {
    await prepare(line)
    const ran = await run(line)
    assert.equal(ran.code, EXIT_CODES[line] ?? 0, ran.stderr + ran.stdout)
  }

  const isRun = ({line}: Example) => !(line in NOT_RUN) && !OTHER_CLIENTS.test(line)

  const commands = new Map(readCommands().map(example => [example.line, example]))
  for (const example of [...commands.values()].filter(isRun))
    it(`${example.source}: ${example.line}`, () => check(example))

  it('of the help', async () => {
    const examples = (await readHelpExamples()).filter(isRun)
    assert.ok(examples.length > 30)
    for (const example of examples) await check(example)
  })

  for (const session of readSessions()) {
    it(`${session[0]?.source}: a session that begins with ${session[0]?.line}`, async () => {
      await prepare('')
      await service.clear()
      requests = 0
      const ids = new Map<string, string>()
      for (const example of session.filter(isRun)) {
        const line = example.line.replaceAll(UUID, id => ids.get(id) ?? id)
        const ran = await run(line)
        assert.equal(ran.code, EXIT_CODES[line] ?? 0, ran.stderr + ran.stdout)
        if (example.output === undefined) continue
        const answers = ran.asked.map(question => `${question} [y/N] y\n`).join('')
        const printed = ran.stderr + answers + ran.stdout
        const [shown, actual] = [normalize(example.output), normalize(printed)]
        assert.equal(actual, shown)
        const [[documented] = [], [used] = []] = [example.output.match(UUID) ?? [], printed.match(UUID) ?? []]
        if (documented && used) ids.set(documented, used)
      }
    })
  }

  const normalize = (text: string) =>
    text
      .replaceAll(/\breq-[-0-9a-f]+/g, 'req-ID')
      .replaceAll(UUID, 'ID')
      .replaceAll(service.url, 'http://127.0.0.1:9292')
      .trimEnd()

  /** The blocks of a document as one program: imports first, later blocks with variables of their own. */
  function joinBlocks(document: string): string {
    const blocks = readBlocks().filter(({source, language}) => source === document && language === 'js')
    const [first = '', ...others] = blocks.map(({text}) => text.replaceAll(IMPORT, ''))
    const imports = new Set(blocks.flatMap(({text}) => text.match(IMPORT) ?? []))
    return [...imports, first, ...others.map(text => `{${text}}`)]
      .join('\n')
      .replace("'glance.example.com', 9292", `'127.0.0.1', ${service.port}`)
  }

  it('README.md and docs/library.md: the programs', async () => {
    await prepare('')
    const documents = ['README.md', 'docs/library.md']
    const blocks = readBlocks().filter(({language}) => language === 'js')
    assert.deepEqual([...new Set(blocks.map(({source}) => source))], documents)
    // In the package, where its own name can be imported.
    const toFile = (document: string) =>
      path.join(import.meta.dirname, `${path.parse(document).name}-program.mjs`)
    const files = documents.map(toFile)
    for (const document of documents) await writeFile(toFile(document), joinBlocks(document))
    try {
      const env = {PATH: process.env.PATH, HOME: folder}
      const args = files.flatMap(file => ['--import', file])
      const options = {cwd: folder, env}
      const {stdout} = await execute(process.execPath, [...args, '--eval', ''], options)
      assert.match(stdout, /^512 512$/m)
      assert.match(stdout, /^[-0-9a-f]{36} ubuntu-24\.04$/m)
      for (const copy of ['copy.qcow2', 'other.qcow2'])
        assert.ok((await readFile(path.join(folder, copy))).equals(QCOW2))
    } finally {
      for (const file of files) await rm(file)
    }
  })

  it('docs/clouds.md: clouds.yaml', async () => {
    const ran = await run('glance --os-cloud mycloud index')
    assert.equal(ran.code, 0, ran.stderr)
  })

  it('docs/server.md: a policy file', async () => {
    const file = path.join(folder, 'policy.yaml')
    const [policy = '', ...more] = findBlocks('docs/server.md', 'yaml')
    assert.deepEqual(more, [])
    await writeFile(file, policy)
    const rules = await readPolicyFile(file, line => assert.fail(line))
    assert.deepEqual([...rules.keys()], ['publicize_image', 'delete_image', 'download_image'])
  })

  it('docs/imports.md: files of settings', () => {
    const [filters, plugins] = readFiles('docs/imports.md').map(one => readSettings(ALL_SETTINGS, one.in()))
    assert.deepEqual(filters?.['allowed_ports'], ['443', '8443'])
    assert.deepEqual(filters?.['allowed_hosts'], ['mirror.example.org', 'images.example.net'])
    const steps = ['image_decompression', 'image_conversion', 'inject_image_metadata']
    assert.deepEqual(plugins?.['image_import_plugins'], steps)
    assert.deepEqual(plugins?.['inject'], ['os_distro:debian', 'hw_disk_bus:virtio'])
  })

  it('docs/server.md: files of settings', () => {
    const given = readFiles('docs/server.md')
    const [swift, stores, keystone, ...more] = given.map(one =>
      readSettings({...KEYSTONE, ...SWIFT_STORE, ...STORES}, one.in()),
    )
    assert.deepEqual(more, [])
    assert.equal(swift?.swift_store_user, 'service:glance')
    assert.deepEqual(
      stores?.enabled_backends.map(({item}) => item),
      ['fast:file', 'archive:swift'],
    )
    assert.equal(keystone?.auth_url, 'http://127.0.0.1:5000')
    assert.deepEqual([keystone?.service_user, keystone?.service_password], ['glance', 'secret'])
  })

  it('docs/metadata-definitions.md: files of definitions and of protections', () => {
    const [file = ''] = findBlocks('docs/metadata-definitions.md', 'json')
    const document = JSON.parse(file)
    assert.equal(findDocumentProblem(document), undefined)
    assert.equal(toDefinitions(document).length, 4)
    const [ini = ''] = findBlocks('docs/metadata-definitions.md', 'ini')
    const protections = new PropertyProtections(parseConfig(ini, 'file'), 'roles')
    const subject = {user: null, project: null, roles: ['member'], isAdmin: false}
    const permits = (name: string) => protections.permits('update', name, subject, () => false)
    assert.deepEqual([permits('x_billing_code'), permits('other')], [false, true])
  })

  /** The files of settings in a document, in which nothing is unknown. */
  function readFiles(source: string): GivenSettings[] {
    const files = findBlocks(source, 'ini').map(text => {
      const values = parseConfig(text, 'glance.conf')
      return new GivenSettings({assignments: [], env: {}, file: {path: 'glance.conf', values}})
    })
    assert.deepEqual(
      files.flatMap(one => one.describeUnknown()),
      [],
    )
    return files
  }

  /** The blocks of a document in that language. */
  function findBlocks(source: string, language: string): string[] {
    return readBlocks()
      .filter(block => block.source === source && block.language === language)
      .map(({text}) => text)
  }

  it('are in languages that are run', () => {
    const languages = new Set(readBlocks().map(({language}) => language))
    // Those of proxies and of backups are run by test/backends/proxies.backend.ts and backup.backend.ts.
    const run = [...languages].filter(language => !['bash', 'haproxy', 'nginx'].includes(language))
    assert.deepEqual(run.sort(), ['', 'ini', 'js', 'json', 'sh', 'yaml'])
    const isKnown = (text: string) =>
      /^(\$ |([A-Z_]+=\S+ )?(glance|npm) |\{"(event|error)"|\d{4}-)/.test(text)
    assert.deepEqual(
      readBlocks().filter(({language, text}) => language === '' && !isKnown(text)),
      [],
    )
  })

  it('that are not run are examples', async () => {
    const all = [...readCommands(), ...(await readHelpExamples()), ...readSessions().flat()]
    const lines = new Set(all.map(({line}) => line))
    assert.deepEqual(
      Object.keys(NOT_RUN).filter(line => !lines.has(line)),
      [],
    )
  })
})
