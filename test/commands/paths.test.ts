/** Relative paths, wherever they are given: they belong to the working folder of the command, not of the process. */
import assert from 'node:assert/strict'
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {glance, type World} from '../support/fake-io.js'
import {IMAGE_ID, type ImageServer, serveImage} from '../support/image-server.js'
import {startService, type TestService} from '../support/service.js'
import {useTempDir} from '../support/temp-dir.js'

describe('a relative path', () => {
  const folder = useTempDir()
  const at = (name: string) => join(folder(), name)
  const run = (words: readonly string[], world: World = {}) =>
    glance(words, {cwd: folder(), home: at('home'), ...world})

  describe('of data', () => {
    let server: ImageServer
    let service: TestService
    before(async () => {
      server = await serveImage({data: Buffer.from('abc')})
      service = await startService()
    })
    after(async () => {
      await server.close()
      await service.close()
    })
    const download = (...words: string[]) =>
      run(['--url', `${server.url}/v2`, 'download', IMAGE_ID, ...words])

    it('is where a download goes, and is called so', async () => {
      const {code, stdout, stderr} = await download('--file', 'rel')
      assert.deepEqual([code, stdout, stderr], [0, `Downloaded image ${IMAGE_ID} to rel\n`, ''])
      assert.deepEqual([await readdir(folder()), String(await readFile(at('rel')))], [['rel'], 'abc'])
    })

    it('is where a download finds a file that is there, and a part', async () => {
      await writeFile(at('rel'), 'precious')
      const refused = await download('--file', 'rel')
      assert.equal(refused.code, 1)
      assert.match(refused.stderr, /^glance: not replacing .*\/rel\n/)
      await writeFile(at('new.part'), 'ab')
      assert.equal((await download('--file', 'new', '--resume')).code, 0)
      assert.deepEqual(server.ranges.at(-1), 'bytes=2-')
      assert.deepEqual(await readdir(folder()), ['new', 'rel'])
    })

    it('is called so when nothing can be written there', async () => {
      const {code, stderr} = await download('--file', 'nowhere/rel')
      assert.equal(code, 1)
      assert.match(stderr, /^glance: cannot write nowhere\/rel\.part\n {2}ENOENT/)
    })

    it('may begin with the home folder', async () => {
      await mkdir(at('home'))
      assert.equal((await download('--file=~/rel')).code, 0)
      assert.equal(String(await readFile(at('home/rel'))), 'abc')
    })

    it('is where an upload comes from', async () => {
      await writeFile(at('rel'), 'abc')
      const {code, stderr} = await run(['--url', service.url, 'add', 'name=x', '--file', 'rel'])
      assert.deepEqual([code, stderr], [0, ''])
    })

    it('is where a pipe is kept', async () => {
      const words = ['--url', service.url, 'add', 'name=x', '--spool']
      const missing = await run(words, {stdin: 'abc', env: {TMPDIR: 'tmp'}})
      assert.equal(missing.code, 1)
      assert.match(missing.stderr, new RegExp(`^glance: the data could not be kept in ${at('tmp')}\n`))
      await mkdir(at('tmp'))
      assert.equal((await run(words, {stdin: 'abc', env: {TMPDIR: 'tmp'}})).code, 0)
    })
  })

  it('is where the files for TLS are', async () => {
    for (const [flag, name] of [
      ['--os-cacert', 'authority.pem'],
      ['--os-cert', 'client.pem'],
    ] as const) {
      const {code, stderr} = await run(['--url', 'https://127.0.0.1:1', flag, name, 'index'])
      assert.equal(code, 2)
      assert.ok(stderr.includes(at(name)), stderr)
    }
  })

  it('is where clouds.yaml is', async () => {
    const yaml = 'clouds: {mine: {auth_type: none, image_endpoint_override: "http://127.0.0.1:1/rel"}}'
    const url = async (env: Record<string, string>) => {
      const {stdout} = await run(['--retries=0', 'auth-info'], {env: {OS_CLOUD: 'mine', ...env}})
      return /^endpoint\S* +(\S+)/m.exec(stdout)?.[1]
    }
    await mkdir(at('config/openstack'), {recursive: true})
    await writeFile(at('config/openstack/clouds.yaml'), yaml)
    await writeFile(at('rel.yaml'), yaml.replace('rel', 'named'))
    assert.equal(await url({XDG_CONFIG_HOME: 'config'}), 'http://127.0.0.1:1/rel')
    assert.equal(await url({OS_CLIENT_CONFIG_FILE: 'rel.yaml'}), 'http://127.0.0.1:1/named')
  })

  it('is where the embedded service keeps its images', async () => {
    const signal = AbortSignal.abort()
    const {code, stdout} = await run(['serve', '--port=0', '--data-dir=data'], {signal})
    assert.equal(code, 0)
    assert.match(stdout, /^Listening on http:\/\/127\.0\.0\.1:\d+\n$/)
    assert.ok((await readdir(at('data'))).length > 0)
  })
})
