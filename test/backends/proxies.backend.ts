/** A service after real proxies that terminate TLS, with the configurations of docs/proxy-tls-cors.md. */
import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {createReadStream, readFileSync} from 'node:fs'
import {readFile, writeFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {pipeline} from 'node:stream/promises'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {createPipe} from '../support/command-line.js'
import {glance} from '../support/fake-io.js'
import {request} from '../support/http/request.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'
import {pem} from '../support/tls.js'
import {describeWith, findFreePort, usePrograms, waitUntilListening} from './front-programs.js'

const MIB = 1024 * 1024
const DOCUMENT = readFileSync(resolve(import.meta.dirname, '../../../docs/proxy-tls-cors.md'), 'utf8')

/** The configuration in the document, with the ports and files of a test. */
function readConfiguration(language: string, port: number, servicePort: number): string {
  const [, block = ''] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(DOCUMENT) ?? []
  assert.notEqual(block, '', `no block for ${language}`)
  return block
    .replaceAll(/\/etc\/ssl\/images\.(pem|key)/g, pem('server'))
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace('bind :443', `bind 127.0.0.1:${port}`)
    .replace('127.0.0.1:9292', `127.0.0.1:${servicePort}`)
}

/** What surrounds a server in the main file of nginx, so that it runs in a folder. */
const wrapForNginx = (server: string, folder: string) => `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off; pid ${folder}/nginx.pid; error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  ${server}
}`

const PROXIES = [
  {program: 'nginx', wrap: wrapForNginx, toArgs: (file: string) => ['-c', file, '-e', 'stderr']},
  {program: 'haproxy', wrap: (text: string) => text, toArgs: (file: string) => ['-db', '-f', file]},
] as const

for (const {program, wrap, toArgs} of PROXIES) {
  describeWith(program)(`a service after ${program}`, () => {
    const run = usePrograms()
    const folder = useTempDir()
    let service: TestService
    let url: string
    beforeEach(async () => {
      const assignments = ['enable_proxy_headers_parsing=true', 'allowed_hostnames=images.example.com']
      service = await startService({given: new GivenSettings({assignments, env: {}})})
      const port = await findFreePort()
      const file = join(folder(), 'proxy.conf')
      const language = program
      await writeFile(file, wrap(readConfiguration(language, port, service.port), folder()))
      await waitUntilListening(run(program, toArgs(file)), port)
      url = `https://127.0.0.1:${port}`
    })
    afterEach(() => service.close())

    it('stores an upload of unknown length, and sends it back', async () => {
      const data = randomBytes(64 * MIB)
      const env = {OS_IMAGE_URL: url, OS_CACERT: pem('authority')}
      const added = await glance(['add', 'name=disk', 'disk_format=raw'], {
        env,
        stdin: createPipe(data),
        kind: 'pipe',
      })
      assert.deepEqual([added.code, added.stderr], [0, ''])
      const copy = join(folder(), 'copy.img')
      const downloaded = await glance(['download', 'disk', '--file', copy], {env})
      assert.deepEqual([downloaded.code, downloaded.stderr], [0, ''])
      const hash = createHash('sha256')
      await pipeline(createReadStream(copy), hash)
      assert.equal(hash.digest('hex'), createHash('sha256').update(data).digest('hex'))
    })

    it('has the links of the proxy', async () => {
      const ca = await readFile(pem('authority'))
      const send = (path: string, options = {}) => request(new URL(path, url).href, {ca, ...options})
      const versions = await send('/versions')
      assert.equal(JSON.parse(versions.body).versions[0].links[0].href, `${url}/v2/`)
      for (const name of ['a', 'b', 'c']) {
        const added = await send('/v1/images', {method: 'POST', headers: {'x-image-meta-name': name}})
        assert.ok(added.headers.location?.startsWith(`${url}/v1/images/`), added.headers.location)
      }
      const names: string[] = []
      for (let path = '/v2/images?limit=1'; path; ) {
        const {images, next} = JSON.parse((await send(path)).body)
        names.push(...images.map(({name}: {name: string}) => name))
        path = next ?? ''
      }
      assert.deepEqual(names, ['c', 'b', 'a'])
      const headers = {host: 'images.example.com'}
      const named = await send('/versions', {headers, servername: 'images.example.com'})
      assert.equal(JSON.parse(named.body).versions[0].links[0].href, 'https://images.example.com/v2/')
      const spoofed = await send('/versions', {
        headers: {
          'X-Forwarded-Host': 'evil.example',
          'X-Forwarded-Prefix': '/evil',
          Forwarded: 'host=evil.example',
        },
      })
      assert.equal(JSON.parse(spoofed.body).versions[0].links[0].href, `${url}/v2/`)
    })
  })
}
