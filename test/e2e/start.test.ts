/** The start of the tool: what it loads, and the compiled code that it keeps for the next start. */
import assert from 'node:assert/strict'
import {chmod, mkdir, readdir, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {shell} from '../support/glance-process.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'

/** Prints the files and the modules of Node that are loaded in addition to those of an empty program. */
const LIST_LOADED = `
  const before = new Set(process.moduleLoadList)
  process.on('exit', () => {
    const files = Object.keys(require.cache).filter(file => file !== __filename).map(file => require('path').basename(file))
    const modules = process.moduleLoadList
      .filter(name => !before.has(name) && /^NativeModule (?!internal|_)/.test(name))
      .map(name => name.replace('NativeModule ', ''))
    require('fs').writeSync(2, JSON.stringify({files: files.sort(), modules}))
  })`

/** Prints which modules of Node were compiled from their text, although Node has most of them compiled in advance. */
const LIST_COMPILED = `
  const {getCacheUsage} = require('internal/test/binding').internalBinding('builtins')
  process.on('exit', () => {
    require('fs').writeSync(2, JSON.stringify([...getCacheUsage().compiledWithoutCache]))
  })`

const ENTRY = ['rolldown-runtime.js', 'run.js', 'start.js', 'start2.js']
const HELP = ['base.js', ...ENTRY]
const COMMAND = ['tool.js', ...HELP]
const STREAMS = ['stream', 'stream/promises', 'string_decoder']
const REQUESTS = [...STREAMS, 'diagnostics_channel', 'net', 'os', 'v8', 'vm']

describe('start', () => {
  const folder = useTempDir()
  const run = (env: Readonly<Record<string, string>>) =>
    shell('glance help show', 'http://127.0.0.1:1', {NODE_DISABLE_COMPILE_CACHE: undefined, ...env}).ended

  describe('loads no more than', () => {
    let service: TestService
    before(async () => {
      service = await startService()
    })
    after(() => service.close())

    const limits: readonly (readonly [line: string, files: readonly string[], modules: readonly string[]])[] =
      [
        ['glance --version', ENTRY, []],
        ['printf glance | glance __complete bash', HELP, ['diagnostics_channel', 'net', 'os', ...STREAMS]],
        ['glance help', HELP, []],
        ['glance help index', HELP, []],
        ['glance index --none', HELP, []],
        ['glance index --limit x', ['lists.js', ...COMMAND], []],
        ['glance --dry-run add name=x disk_format=raw container_format=bare', ['changes.js', ...COMMAND], []],
        ['glance index', ['lists.js', 'requests.js', ...COMMAND], REQUESTS],
        [
          'glance add name=x disk_format=raw container_format=bare < list.cjs',
          ['changes.js', 'requests.js', ...COMMAND],
          [...REQUESTS, 'crypto'],
        ],
      ]
    for (const [line, files, modules] of limits) {
      it(`${files.length} files for ${line}`, async () => {
        const list = path.join(folder(), 'list.cjs')
        await writeFile(list, LIST_LOADED)
        const ran = await shell(`cd ${folder()}; ${line}`, service.url, {NODE_OPTIONS: `--require=${list}`})
          .ended
        const loaded = JSON.parse(/\{.*\}$/s.exec(ran.stderr)?.[0] ?? '')
        assert.deepEqual(loaded.files, [...files].sort())
        assert.deepEqual(
          loaded.modules.filter((name: string) => !modules.includes(name)),
          [],
        )
      })
    }
  })

  it('uses the modules of Node as Node compiled them in advance', async () => {
    const service = await startService()
    const list = path.join(folder(), 'compiled.cjs')
    await writeFile(list, LIST_COMPILED)
    const line = `"$NODE" --no-warnings --expose-internals --require="${list}" "$GLANCE" index`
    const {stderr} = await shell(line, service.url).ended
    await service.close()
    assert.equal(stderr, '[]')
  })

  it("keeps compiled code in the user's own cache", async () => {
    const home = folder()
    for (const _ of [1, 2]) {
      const ran = await run({HOME: home})
      assert.deepEqual([ran.code, ran.stderr], [0, ''])
      assert.deepEqual(await readdir(path.join(home, '.cache/glance/code')), ['base.js.code'])
    }
  })

  it('keeps more code when a command loads more, and none of a command that fails', async () => {
    const service = await startService()
    const cache = path.join(folder(), '.cache/glance/code')
    const env = {HOME: folder(), NODE_DISABLE_COMPILE_CACHE: undefined}
    const measure = async () => {
      const names = (await readdir(cache)).sort()
      return Promise.all(names.map(async name => [name, (await stat(path.join(cache, name))).size] as const))
    }
    const ran = [await run({HOME: folder()}), await shell('glance index', 'http://127.0.0.1:1', env).ended]
    const [help, ...others] = await measure()
    ran.push(await shell('glance index', service.url, env).ended)
    const [base, ...rest] = await measure()
    await service.close()
    assert.deepEqual(
      ran.map(({code}) => code),
      [0, 6, 0],
    )
    assert.deepEqual([help?.[0], base?.[0], others], ['base.js.code', 'base.js.code', []])
    assert.ok((base?.[1] ?? 0) > (help?.[1] ?? 0))
    assert.deepEqual(
      rest.map(([name]) => name),
      ['lists.js.code', 'requests.js.code', 'tool.js.code'],
    )
  })

  it('keeps none where that is turned off', async () => {
    await run({HOME: folder(), NODE_DISABLE_COMPILE_CACHE: '1'})
    assert.deepEqual(await readdir(folder()), [])
  })

  it('runs no code that others may have written', async () => {
    const cache = path.join(folder(), '.cache/glance/code')
    await mkdir(cache, {recursive: true})
    await chmod(cache, 0o777)
    assert.equal((await run({HOME: folder()})).code, 0)
    assert.deepEqual(await readdir(cache), [])
  })

  for (const home of ['/dev/null', '/proc']) {
    it(`starts without a usable cache: ${home}`, async () => {
      const ran = await run({HOME: home})
      assert.deepEqual([ran.code, ran.stderr], [0, ''])
    })
  }
})
