/** TLS of the service: uploads and downloads, clients with certificates, new files while it runs, and bad files. */
import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {copyFile, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import tls from 'node:tls'
import {loadSettings} from '../../../../src/server/config.js'
import {createServer} from '../../../../src/server/server.js'
import {GivenSettings} from '../../../../src/server/settings/sources.js'
import {glance} from '../../../support/fake-io.js'
import {RawConnection} from '../../../support/http/raw-http.js'
import {request} from '../../../support/http/request.js'
import {useTempDir} from '../../../support/temp-dir.js'
import {startService, type TestService} from '../../../support/test-service.js'
import {ownFiles, pem} from '../../../support/tls.js'

const MIB = 1024 * 1024

describe('TLS of a service', () => {
  const folder = useTempDir()
  let service: TestService | undefined
  afterEach(() => service?.close())

  const start = async (...assignments: string[]) => {
    service = undefined
    service = await startService({given: new GivenSettings({assignments, env: {}})})
    return service
  }
  const pair = (name: 'server' | 'client') => [`cert_file=${pem(name)}`, `key_file=${pem(name)}`]
  const ca = () => readFile(pem('authority'))

  it('serves uploads and downloads, and has https in its URL and links', async () => {
    const {url, log} = await start(...pair('server'))
    assert.match(url, /^https:\/\/127\.0\.0\.1:\d+$/)
    const [disk, copy] = [join(folder(), 'disk.img'), join(folder(), 'copy.img')]
    await writeFile(disk, randomBytes(24 * MIB))
    const env = {OS_IMAGE_URL: url, OS_CACERT: pem('authority')}
    const added = await glance(['add', 'name=disk', '--file', disk], {env})
    assert.deepEqual([added.code, added.stderr], [0, ''])
    const downloaded = await glance(['download', 'disk', '--file', copy], {env})
    assert.deepEqual([downloaded.code, downloaded.stderr], [0, ''])
    assert.ok((await readFile(disk)).equals(await readFile(copy)))
    const versions = await request(`${url}/versions`, {ca: await ca()})
    assert.equal(JSON.parse(versions.body).versions[0].links[0].href, `${url}/v2/`)
    assert.match(log.join('\n'), /127\.0\.0\.1 "PUT \/v2\/images\/[\w-]+\/file HTTP\/1\.1" 204/)
  })

  it('takes pipelined requests in turn', async () => {
    const {port} = await start(...pair('server'))
    const socket = tls.connect({port, host: '127.0.0.1', ca: await ca()})
    const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`
    socket.write(get('/v2/images') + get('/healthcheck') + get('/v1/images', 'Connection: close\r\n'))
    let text = ''
    for await (const chunk of socket) text += chunk
    const found = text.match(/HTTP\/1\.1 \d+|\{"\w+|\r\nOK/g)
    const list = ['HTTP/1.1 200', '{"images']
    assert.deepEqual(found, [...list, 'HTTP/1.1 200', '\r\nOK', ...list])
  })

  it('is not older than 1.2', async () => {
    const {port} = await start(...pair('server'))
    const socket = tls.connect({
      port,
      host: '127.0.0.1',
      ca: await ca(),
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    const [error] = await once(socket, 'error')
    assert.match(String(error), /protocol version/i)
  })

  it('closes a connection without TLS', async () => {
    const {port, url} = await start(...pair('server'))
    const connection = new RawConnection(port)
    await connection.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await connection.waitUntilClosed()
    assert.equal((await request(`${url}/healthcheck`, {ca: await ca()})).status, 200)
  })

  it('with ca_file accepts only clients with a certificate', async () => {
    const {url} = await start(...pair('server'), `ca_file=${pem('authority')}`)
    const refused = request(`${url}/v2/images`, {ca: await ca()})
    await assert.rejects(refused, /certificate required|ECONNRESET|socket hang up/)
    const own = ownFiles('client')
    assert.equal((await request(`${url}/v2/images`, {ca: await ca(), ...own})).status, 200)
  })

  it('uses new files after a reload, and keeps the old ones if they do not fit', async () => {
    const file = join(folder(), 'server.pem')
    await copyFile(pem('server'), file)
    const {port, warnings, reload} = await start(`cert_file=${file}`, `key_file=${file}`)
    const findSubject = async () => {
      const socket = tls.connect({port, host: '127.0.0.1', rejectUnauthorized: false})
      await once(socket, 'secureConnect')
      const {subject} = socket.getPeerCertificate()
      socket.destroy()
      return subject.CN
    }
    const first = await findSubject()
    await copyFile(pem('other'), file)
    assert.equal(await findSubject(), first)
    await reload()
    const second = await findSubject()
    assert.notEqual(second, first)
    await writeFile(file, 'no certificate')
    await assert.rejects(reload(), {
      kind: 'usage',
      message: `cannot use the certificate ${file} with the key ${file}`,
    })
    assert.equal(await findSubject(), second)
    assert.deepEqual(warnings, [])
  })

  it('does not begin or end at a reload', async () => {
    const file = join(folder(), 'tls.conf')
    const write = (...lines: string[]) => writeFile(file, `[DEFAULT]\n${lines.join('\n')}\n`)
    const settings = async () => loadSettings({configFile: file}, {XDG_DATA_HOME: folder()})
    const warnings: string[] = []
    await write('bind_port = 0')
    const server = await createServer(await settings(), {log: () => {}, warn: line => warnings.push(line)})
    const url = await server.listen()
    await write('bind_port = 0', ...pair('server'))
    const commit = await server.prepareReload(await settings())
    commit()
    assert.deepEqual(warnings, ['TLS of the service, or of its clients, changed: restart to apply'])
    assert.equal((await request(`${url}/healthcheck`)).status, 200)
    await server.close()
  })

  const bad: readonly (readonly [assignments: readonly string[], message: string])[] = [
    [[`cert_file=${pem('server')}`], 'TLS requires key_file'],
    [[`ca_file=${pem('authority')}`], 'TLS requires cert_file'],
    [['cert_file=/nowhere.pem', `key_file=${pem('server')}`], 'cannot read cert_file /nowhere.pem'],
    [
      [`cert_file=${pem('server')}`, `key_file=${pem('client-key')}`],
      `cannot use the certificate ${pem('server')} with the key ${pem('client-key')}`,
    ],
    [
      [`cert_file=${pem('client-cert')}`, `key_file=${pem('client-encrypted-key')}`],
      `cannot use the certificate ${pem('client-cert')} with the key ${pem('client-encrypted-key')}`,
    ],
  ]
  for (const [assignments, message] of bad) {
    it(`does not start when it ${message.replace(/\/\S*\//g, '')}`, async () => {
      await assert.rejects(start(...assignments), {kind: 'usage', message})
    })
  }
})
