/** Relative paths in arguments and settings are resolved in the working folder of the command, not of the process. */
import assert from 'node:assert/strict'
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {glance, type World} from '../support/fake-io.js'
import {IMAGE_ID, type ImageServer, serveImage} from '../support/http/image-server.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'

describe('a relative path', () => {
  const folder = useTempDir()
  const inFolder = (name: string) => join(folder(), name)
  const run = (words: readonly string[], world: World = {}) =>
    glance(words, {cwd: folder(), home: inFolder('home'), ...world})

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

    it('is the target of a download, and is printed as given', async () => {
      const {code, stdout, stderr} = await download('--file', 'rel')
      assert.deepEqual([code, stdout, stderr], [0, `Downloaded image ${IMAGE_ID} to rel\n`, ''])
      assert.deepEqual([await readdir(folder()), String(await readFile(inFolder('rel')))], [['rel'], 'abc'])
    })

    it('is the path of an existing file and of a part file', async () => {
      await writeFile(inFolder('rel'), 'precious')
      const refused = await download('--file', 'rel')
      assert.equal(refused.code, 1)
      assert.match(refused.stderr, /^glance: not replacing rel\n/)
      await writeFile(inFolder('new.part'), 'ab')
      assert.equal((await download('--file', 'new', '--resume')).code, 0)
      assert.deepEqual(server.ranges.at(-1), 'bytes=2-')
      assert.deepEqual(await readdir(folder()), ['new', 'rel'])
    })

    it('is printed as given when nothing can be written there', async () => {
      const {code, stderr} = await download('--file', 'nowhere/rel')
      assert.equal(code, 1)
      assert.match(stderr, /^glance: cannot write nowhere\/rel\.part\n {2}ENOENT/)
    })

    it('may start with the home folder', async () => {
      await mkdir(inFolder('home'))
      assert.equal((await download('--file=~/rel')).code, 0)
      assert.equal(String(await readFile(inFolder('home/rel'))), 'abc')
    })

    it('is the source of an upload', async () => {
      await writeFile(inFolder('rel'), 'abc')
      const {code, stderr} = await run(['--url', service.url, 'add', 'name=x', '--file', 'rel'])
      assert.deepEqual([code, stderr], [0, ''])
    })

    it('is the folder for the copy of a pipe', async () => {
      const words = ['--url', service.url, 'add', 'name=x', '--spool']
      const missing = await run(words, {stdin: 'abc', env: {TMPDIR: 'tmp'}})
      assert.equal(missing.code, 1)
      assert.match(missing.stderr, new RegExp(`^glance: cannot copy the data to ${inFolder('tmp')}\n`))
      await mkdir(inFolder('tmp'))
      assert.equal((await run(words, {stdin: 'abc', env: {TMPDIR: 'tmp'}})).code, 0)
    })
  })

  it('is the path of the TLS files', async () => {
    for (const [flag, name] of [
      ['--os-cacert', 'authority.pem'],
      ['--os-cert', 'client.pem'],
    ] as const) {
      const {code, stderr} = await run(['--url', 'https://127.0.0.1:1', flag, name, 'index'])
      assert.equal(code, 2)
      assert.ok(stderr.includes(inFolder(name)), stderr)
    }
  })

  it('is the path of clouds.yaml', async () => {
    const yaml = 'clouds: {mine: {auth_type: none, image_endpoint_override: "http://127.0.0.1:1/rel"}}'
    const readUrl = async (env: Record<string, string>) => {
      const {stdout} = await run(['--retries=0', 'auth-info'], {env: {OS_CLOUD: 'mine', ...env}})
      return /^endpoint\S* +(\S+)/m.exec(stdout)?.[1]
    }
    await mkdir(inFolder('config/openstack'), {recursive: true})
    await writeFile(inFolder('config/openstack/clouds.yaml'), yaml)
    await writeFile(inFolder('rel.yaml'), yaml.replace('rel', 'named'))
    assert.equal(await readUrl({XDG_CONFIG_HOME: 'config'}), 'http://127.0.0.1:1/rel')
    assert.equal(await readUrl({OS_CLIENT_CONFIG_FILE: 'rel.yaml'}), 'http://127.0.0.1:1/named')
  })

  it('is the data folder of the embedded service', async () => {
    const signal = AbortSignal.abort()
    const {code, stdout} = await run(['serve', '--port=0', '--data-dir=data'], {signal})
    assert.equal(code, 0)
    assert.match(stdout, /^Listening on http:\/\/127\.0\.0\.1:\d+\n$/)
    assert.ok((await readdir(inFolder('data'))).length > 0)
  })
})
