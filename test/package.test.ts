/** The package as it is published: installed on Node 20 without warnings and scripts, small, and complete. */
import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {mkdir, readdir, readFile, realpath, stat, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {startProcess} from './support/glance-process.js'
import {useTempDir} from './support/temp-dir.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const readJson = (name: string) => JSON.parse(readFileSync(path.join(ROOT, name), 'utf8'))

interface LockedPackage {
  readonly version?: string
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
  readonly engines?: {readonly node?: string}
}

/** True if one of the alternatives of a range includes Node 20.19. */
function includesNode20(range: string): boolean {
  return range.split('||').some(text => {
    const [, operator, major] = /^\s*(\D*)(\d+)/.exec(text) ?? []
    return operator?.includes('>') ? Number(major) <= 20 : Number(major) === 20
  })
}

describe('the package', () => {
  const locked: Record<string, LockedPackage> = readJson('package-lock.json').packages
  const installed = Object.entries(locked).filter(([name, {dev}]) => name !== '' && !dev)

  it('needs no library that excludes Node 20', () => {
    assert.ok(installed.length > 2)
    assert.deepEqual(
      installed
        .filter(([, {engines}]) => engines?.node && !includesNode20(engines.node))
        .map(([name]) => name),
      [],
    )
  })

  it('runs no script of a library when it is installed', () => {
    const names = Object.entries(locked).filter(([, {hasInstallScript}]) => hasInstallScript)
    assert.deepEqual(names, [])
  })

  it('has no overrides, which do not reach users', () => {
    assert.equal(readJson('package.json').overrides, undefined)
  })

  it('installs the native code of SQLite of the release that is bundled', () => {
    const {dependencies, optionalDependencies, devDependencies} = readJson('package.json')
    assert.equal(dependencies, undefined)
    assert.deepEqual([...new Set(Object.values(optionalDependencies))], [devDependencies['libsql']])
    assert.equal(locked['node_modules/libsql']?.version, devDependencies['libsql'])
  })
})

describe('the bundle of the tool', () => {
  it('has no import(), which fails in code from the cache', async () => {
    const folder = path.join(ROOT, 'dist/tool')
    const files = (await readdir(folder)).filter(name => name.endsWith('.js'))
    assert.ok(files.includes('base.js'))
    for (const name of files) {
      const code = await readFile(path.join(folder, name), 'utf8')
      assert.doesNotMatch(code, /(?<![\w$.])import\([^)]/, name)
    }
  })
})

describe('the packed package', function () {
  this.timeout(180_000)
  const folder = useTempDir()

  it('runs without the libraries that it was built from', async () => {
    const installed = await installPackage(folder())
    const glance = path.join(installed, 'bin/run.js')
    const run = async (...argv: string[]) => {
      const {code, stdout, stderr} = await startProcess(glance, argv, url).ended
      assert.deepEqual([code, stderr], [0, ''], argv.join(' '))
      return stdout
    }
    const service = startProcess(
      glance,
      ['serve', '--port', '0', '--data-dir', path.join(folder(), 'data')],
      '',
    )
    const url = await readAddress(service)
    try {
      // Large enough to be hashed in threads.
      const disk = path.join(folder(), 'disk.img')
      await writeFile(disk, Buffer.alloc(24 * 1024 * 1024, 'glance'))
      const added = await run('add', 'name=disk', 'disk_format=raw', 'container_format=bare', '--file', disk)
      assert.match(added, /^Added new image with ID: [\w-]{36}\n$/)
      assert.match(await run('index'), / disk .* 25165824 active\n$/)
      assert.match(await run('show', 'disk'), /^Name: disk$/m)
      assert.match(await run('help'), /^Usage: glance /)
      assert.equal(await run('--version'), `glance ${readJson('package.json').version}\n`)
      await run('download', 'disk', '--file', path.join(folder(), 'copy.img'))
      assert.ok((await readFile(disk)).equals(await readFile(path.join(folder(), 'copy.img'))))
      const missing = await startProcess(glance, ['show', 'none', '--debug'], url).ended
      assert.equal(missing.code, 3)
      assert.match(missing.stderr, /^glance: No image with ID none was found\n/m)
      assert.match(missing.stderr, /at noImageError \(.*\/dist\/tool\/tool\.js:/)
      const program = path.join(installed, 'list.mjs')
      await writeFile(program, LISTING_PROGRAM)
      const {stdout} = await promisify(execFile)(process.execPath, [program, url])
      assert.equal(stdout, 'disk 25165824\ntrue\n')
    } finally {
      service.process.kill('SIGTERM')
      await service.ended
    }
  })

  it('has the client of S3, which does not warn about the version of Node', async () => {
    const installed = await installPackage(folder())
    const settings = path.join(folder(), 'glance.conf')
    const lines = ['host = http://127.0.0.1:9', 'bucket = images', 'access_key = a', 'secret_key = s']
    await writeFile(settings, ['default_store = s3', ...lines.map(line => `s3_store_${line}`)].join('\n'))
    const argv = [
      'serve',
      '--port',
      '0',
      '--data-dir',
      path.join(folder(), 'data'),
      '--config-file',
      settings,
    ]
    const {code, stderr} = await startProcess(path.join(installed, 'bin/run.js'), argv, '').ended
    assert.deepEqual(
      [code, stderr.split('\n')[0], stderr.split('\n').length],
      [6, 'glance: cannot reach S3 at http://127.0.0.1:9', 4],
    )
  })

  it('takes less than 15 MB with SQLite, and carries the licences of the libraries', async () => {
    const installed = await installPackage(folder())
    const files = await readdir(installed, {recursive: true, withFileTypes: true})
    const sizes = await Promise.all(
      files
        .filter(file => file.isFile())
        .map(async file => (await stat(path.join(file.parentPath, file.name))).size),
    )
    const native = await stat(path.join(ROOT, 'node_modules/@libsql/linux-x64-gnu/index.node')).catch(
      () => undefined,
    )
    const total = sizes.reduce((sum, size) => sum + size, native?.size ?? 0)
    assert.ok(total < 15_000_000, `${total} bytes`)
    const notices = await readFile(path.join(installed, 'dist/THIRD_PARTY_NOTICES'), 'utf8')
    for (const name of [
      '@oclif/core',
      'undici',
      'fastify',
      'kysely',
      'yaml',
      'enquirer',
      'libsql',
      'ms',
      '@aws-sdk/client-s3',
      'openid-client',
    ]) {
      assert.match(
        notices,
        new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|Apache-2.0|ISC|BSD-[23]-Clause)\\)$`, 'm'),
      )
    }
  })
})

const LISTING_PROGRAM = `
  import {Client, Failure} from 'glance-cli'
  const {hostname, port} = new URL(process.argv[2])
  const client = new Client(hostname, Number(port))
  for await (const image of client.getImages()) console.log(image.name, image.size)
  console.log(await client.getImageMeta('none').catch(error => error instanceof Failure))
  await client.close()`

/** Packs the package, and unpacks it where none of its libraries is but the native code of SQLite. */
async function installPackage(folder: string): Promise<string> {
  const run = promisify(execFile)
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {cwd: ROOT})
  const installed = path.join(folder, 'node_modules/glance-cli')
  await mkdir(installed, {recursive: true})
  const [name = ''] = (await readdir(folder)).filter(file => file.endsWith('.tgz'))
  await run('tar', ['-xzf', path.join(folder, name), '--strip-components=1', '-C', installed])
  await symlink(path.join(ROOT, 'node_modules/@libsql'), path.join(folder, 'node_modules/@libsql'))
  return installed
}

async function readAddress({process}: ReturnType<typeof startProcess>): Promise<string> {
  for await (const text of process.stdout ?? []) {
    const [, url] = /^Listening on (\S+)/.exec(String(text)) ?? []
    if (url !== undefined) return url
  }
  throw new Error('the service did not start')
}
/** A module of a strict project; the same for ES modules and CommonJS, whose imports become `require`. */
const PROGRAM = `import {createReadStream} from 'node:fs'
import {Client, isFailure, type Image} from 'glance-cli'

export async function run(): Promise<Image> {
  const client = Client.fromCloud('mycloud', {region: 'North', logger: console})
  for await (const {id, uri} of client.getImages({filters: {status: 'active'}})) console.log(id, uri)
  try {
    return await client.addImage({name: 'n', minRam: 512}, createReadStream('n.img'))
  } catch (error) {
    if (isFailure(error, 'denied')) console.log(error.why?.length)
    throw error
  } finally {
    await client.close()
  }
}
// @ts-expect-error an unknown option
new Client({hots: 'h'})
`

describe('the types of the package', () => {
  const folder = useTempDir()

  /** Type-checks programs that have the package installed, including its own types. @returns the files that were read */
  async function check(files: readonly string[], module: string, resolution: string) {
    const modules = path.join(folder(), 'node_modules')
    await mkdir(modules)
    await symlink(ROOT, path.join(modules, 'glance-cli'), 'junction')
    await symlink(path.join(ROOT, 'node_modules/@types'), path.join(modules, '@types'), 'junction')
    for (const file of files) await writeFile(path.join(folder(), file), PROGRAM)
    const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc')
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--noEmit']
    const target = ['--target', 'es2023', '--lib', 'es2023', '--types', 'node', '--listFiles']
    const args = [compiler, ...strict, ...target, '--module', module, '--moduleResolution', resolution]
    const {stdout} = await promisify(execFile)(process.execPath, [...args, ...files], {cwd: folder()}).catch(
      ({stdout: text}) => assert.fail(text),
    )
    return stdout.split('\n')
  }

  it('fit strict ES modules and CommonJS, and come from what is packed', async () => {
    const root = `${(await realpath(ROOT)).replaceAll('\\', '/')}/`
    const read = await check(['esm.mts', 'cjs.cts'], 'nodenext', 'nodenext')
    const own = read.filter(file => file.startsWith(root) && !file.includes('/node_modules/'))
    assert.ok(own.length > 10)
    assert.deepEqual(
      own.filter(file => !/^dist\/src\/lib\/(?!cli\/).*\.d\.ts$/.test(file.slice(root.length))),
      [],
    )
    assert.ok(readJson('package.json').files.includes('dist/src/lib/**/*.d.ts'))
  })

  it('fit a project for a bundler', async () => {
    await check(['bundled.mts'], 'esnext', 'bundler')
  })
})
