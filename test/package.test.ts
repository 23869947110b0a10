/** Checks that the package can be installed as the README says: on Node 20, without warnings and install scripts. */
import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {mkdir, realpath, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {useTempDir} from './support/temp-dir.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const readJson = (name: string) => JSON.parse(readFileSync(path.join(ROOT, name), 'utf8'))

interface LockedPackage {
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
    assert.ok(installed.length > 60)
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
})

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
      own.filter(file => !file.startsWith(`${root}dist/src/lib/`) || !file.endsWith('.d.ts')),
      [],
    )
    assert.ok(readJson('package.json').files.includes('dist/src'))
  })

  it('fit a project for a bundler', async () => {
    await check(['bundled.mts'], 'esnext', 'bundler')
  })
})
