/** TLS: trust in servers, client certificates, and the errors of both. */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {chmod, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {Readable} from 'node:stream'
import tls, {TLSSocket} from 'node:tls'
import {createTransport, type TransportOptions} from '../../../../src/lib/http/send.js'
import {promptOnce} from '../../../../src/lib/io/prompt-once.js'
import type {Failure} from '../../../../src/lib/model/errors.js'
import {listen, type Served, serveSockets} from '../../../support/http/serve.js'
import {useTempDir} from '../../../support/temp-dir.js'
import {ownFiles, PASSPHRASE, pem, serveTls, type TlsServerOptions} from '../../../support/tls.js'

describe('TLS', () => {
  let served: Served
  let seen: string[]
  const closers: (() => Promise<unknown>)[] = []
  const directory = useTempDir()

  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  async function start(options?: TlsServerOptions): Promise<Served> {
    seen = []
    served = await serveTls((request, response) => {
      const {socket} = request
      seen.push(socket instanceof TLSSocket ? String(socket.getPeerCertificate().subject?.CN) : 'plain')
      response.end('ok')
    }, options)
    closers.push(served.close)
    return served
  }

  async function get(options: TransportOptions, url = served.url): Promise<string> {
    const transport = createTransport({timeoutSeconds: 5, ...options})
    closers.push(transport.close)
    return (await transport.send({method: 'GET', url})).text()
  }

  async function readFailure(options: TransportOptions, url = served.url): Promise<Failure> {
    const failure = await get(options, url).then(
      () => assert.fail('no failure'),
      (error: Failure) => error,
    )
    assert.ok(failure.why, String(failure.stack))
    return failure
  }

  describe('the server', () => {
    it('is trusted through an authority from a file', async () => {
      await start()
      assert.equal(await get({cacert: pem('authority')}), 'ok')
    })

    it('is trusted through an authority of the system', async () => {
      await start()
      assert.equal(await get({env: {SSL_CERT_FILE: pem('authority')}}), 'ok')
    })

    it('is trusted through it for every further connection', async () => {
      await start()
      const {send} = createTransport({env: {SSL_CERT_FILE: pem('authority')}})
      const replies = await Promise.all([1, 2, 3].map(() => send({method: 'GET', url: served.url})))
      for (const reply of replies) assert.equal(await reply.text(), 'ok')
      assert.equal(await (await send({method: 'GET', url: served.url})).text(), 'ok')
    })

    it('is not trusted through the system authorities when a file names others', async () => {
      await start()
      const failure = await readFailure({cacert: pem('self'), env: {SSL_CERT_FILE: pem('authority')}})
      assert.match(failure.why ?? '', /not trusted here/)
    })

    it('receives its name', async () => {
      await start()
      const url = `https://localhost:${served.port}`
      assert.equal(await get({cacert: pem('authority')}, url), 'ok')
    })

    it('is reached at its IPv6 address', async function () {
      await start({host: '::1'}).catch(() => this.skip())
      assert.match(served.url, /^https:\/\/\[::1\]:\d+$/)
      assert.equal(await get({cacert: pem('authority')}), 'ok')
    })

    for (const cert of ['other', 'expired', 'future', 'self', 'server'] as const) {
      it(`is not verified with --insecure (${cert})`, async () => {
        await start({cert})
        assert.equal(await get({insecure: true, cacert: '/nosuch'}), 'ok')
      })
    }

    it('of an unknown authority is refused, and the authority is named', async () => {
      await start()
      const failure = await readFailure({})
      assert.equal(failure.kind, 'failed')
      assert.equal(failure.message, `cannot reach the Image service at ${served.url}`)
      assert.equal(
        failure.why,
        "its certificate is signed by 'glance test authority', which is not trusted here",
      )
      assert.equal(
        failure.advice,
        'Name the certificate of that authority with --os-cacert FILE, or accept any certificate with --insecure (-k).',
      )
      assert.deepEqual(seen, [])
    })

    it('with a self-signed certificate is refused, and can be trusted', async () => {
      await start({cert: 'self'})
      const failure = await readFailure({})
      assert.equal(failure.why, "its certificate, of 'selfmade.example.com', is self-signed")
      assert.equal(
        failure.advice,
        'Trust it with --os-cacert FILE, or accept any certificate with --insecure (-k).',
      )
      assert.equal(await get({cacert: pem('self')}), 'ok')
    })

    it('of another name is refused, and its names are listed', async () => {
      await start({cert: 'other'})
      const failure = await readFailure({cacert: pem('authority')})
      assert.equal(
        failure.why,
        'its certificate is for other.example.com, *.other.example.com, 192.0.2.7, not for 127.0.0.1',
      )
      assert.equal(
        failure.advice,
        'Use a name of the certificate in the URL, or accept any certificate with --insecure (-k).',
      )
      assert.deepEqual(seen, [])
    })

    it('of another name is refused again by the same transport', async () => {
      await start({cert: 'other'})
      const {send, close} = createTransport({cacert: pem('authority')})
      closers.push(close)
      for (let n = 0; n < 3; n += 1) await assert.rejects(send({method: 'GET', url: served.url}))
      assert.deepEqual(seen, [])
    })

    it('whose certificate has expired is refused, with the time it expired', async () => {
      await start({cert: 'expired'})
      const failure = await readFailure({cacert: pem('authority')})
      assert.equal(failure.why, 'its certificate expired at 2021-02-03T04:05:06Z')
      assert.match(failure.advice ?? '', /^Ask its operator to renew it, .*--insecure \(-k\)\.$/)
    })

    it('whose certificate is not valid yet is refused', async () => {
      await start({cert: 'future'})
      const failure = await readFailure({cacert: pem('authority')})
      assert.equal(failure.why, 'its certificate is not valid before 2123-01-01T00:00:00Z')
      assert.match(failure.advice ?? '', /^Check the clock of this machine, /)
    })

    it('without TLS is reported as that', async () => {
      const plain = await serveSockets(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
      closers.push(plain.close)
      const failure = await readFailure({}, plain.url.replace('http:', 'https:'))
      assert.equal(failure.why, 'the server does not use TLS on this port')
    })

    it('that is silent during the handshake times out', async () => {
      const silent = await serveSockets(() => {})
      closers.push(silent.close)
      const failure = await readFailure({timeoutSeconds: 1}, silent.url.replace('http:', 'https:'))
      assert.equal(failure.why, 'no connection within the time allowed')
    })

    it('without a TLS version in common is reported as that', async () => {
      const old = tls.createServer({...ownFiles('server'), ALPNCallback: () => undefined})
      served = await listen(old)
      closers.push(served.close)
      const failure = await readFailure({cacert: pem('authority')}, served.url.replace('http:', 'https:'))
      assert.equal(failure.kind, 'failed')
      assert.match(failure.why ?? '', /^TLS failed: .*alert no application protocol$/)
    })

    it('accepts long streams', async () => {
      let bytes = 0
      served = await serveTls(async (request, response) => {
        for await (const chunk of request) bytes += chunk.length
        response.end('ok')
      })
      closers.push(served.close)
      const {send, close} = createTransport({cacert: pem('authority')})
      closers.push(close)
      const body = Readable.from(Array.from({length: 100}, () => Buffer.alloc(100_000)))
      assert.equal(await (await send({method: 'POST', url: served.url, body})).text(), 'ok')
      assert.equal(bytes, 10_000_000)
    })

    it('is heard when it responds before it has read everything', async () => {
      served = await serveTls((_request, response) => {
        response.writeHead(413, {connection: 'close'}).end('too much', () => response.socket?.destroySoon())
      })
      closers.push(served.close)
      const {send, close} = createTransport({cacert: pem('authority'), timeoutSeconds: 5})
      closers.push(close)
      const body = new Readable({read: () => void body.push(Buffer.alloc(65_536))})
      const reply = await send({method: 'POST', url: served.url, body})
      assert.equal(reply.status, 413)
      assert.equal(await reply.text(), 'too much')
      assert.ok(body.destroyed)
    })
  })

  describe('the client', () => {
    beforeEach(() => start({wantsClient: true}))
    const cacert = pem('authority')
    const askSecret = async () => PASSPHRASE

    it('without a certificate is refused', async () => {
      await readFailure({cacert})
      assert.deepEqual(seen, [])
    })

    for (const [cert, why] of [
      [undefined, 'the server requires a client certificate'],
      ['self', 'the server rejected the client certificate'],
    ] as const) {
      it(`reports the reason that a server sends after the handshake: ${why}`, async function () {
        const {port, close} = await strictServer().catch(() => this.skip())
        closers.push(close)
        const options = cert ? {cacert, cert: pem(cert)} : {cacert}
        const failure = await readFailure(options, `https://127.0.0.1:${port}`)
        assert.deepEqual([failure.kind, failure.why], ['failed', why])
      })
    }

    it('sends a certificate and its key from one file', async () => {
      assert.equal(await get({cacert, cert: pem('client')}), 'ok')
      assert.deepEqual(seen, ['glance test client'])
    })

    it('sends them from two files', async () => {
      assert.equal(await get({cacert, cert: pem('client-cert'), key: pem('client-key')}), 'ok')
      assert.deepEqual(seen, ['glance test client'])
    })

    it('sends them to a server that it does not verify', async () => {
      assert.equal(await get({insecure: true, cert: pem('client')}), 'ok')
      assert.deepEqual(seen, ['glance test client'])
    })

    it('sends them to a server of a system authority', async () => {
      assert.equal(await get({env: {SSL_CERT_FILE: cacert}, cert: pem('client')}), 'ok')
      assert.deepEqual(seen, ['glance test client'])
    })

    it('asks once for the passphrase of an encrypted key', async () => {
      const questions: string[] = []
      const {send, close} = createTransport({
        cacert,
        cert: pem('client-cert'),
        key: pem('client-encrypted-key'),
        askSecret: async question => {
          questions.push(question)
          return PASSPHRASE
        },
      })
      closers.push(close)
      const replies = await Promise.all([1, 2].map(() => send({method: 'GET', url: served.url})))
      for (const reply of replies) assert.equal(await reply.text(), 'ok')
      assert.deepEqual(questions, [`Passphrase of the key ${pem('client-encrypted-key')}: `])
    })

    it('asks once for several transports', async () => {
      let refuseQuestion = 0
      const sharing = promptOnce(async () => {
        refuseQuestion += 1
        return PASSPHRASE
      })
      const options = {cacert, cert: pem('client-cert'), key: pem('client-encrypted-key'), askSecret: sharing}
      assert.deepEqual(await Promise.all([get(options), get(options)]), ['ok', 'ok'])
      assert.equal(refuseQuestion, 1)
    })

    it('asks nothing when the key is not encrypted', async () => {
      const asked = () => assert.fail('asked')
      assert.equal(await get({cacert, cert: pem('client'), askSecret: asked}), 'ok')
    })

    const encrypted = pem('client-encrypted-key')
    for (const [what, options, message, why] of [
      [
        'a wrong passphrase',
        {cert: pem('client-cert'), key: encrypted, askSecret: async () => 'sesame street'},
        `cannot use ${encrypted} as client key`,
        'the passphrase is wrong',
      ],
      [
        'an encrypted key without a terminal',
        {cert: pem('client-cert'), key: encrypted},
        `cannot use ${encrypted} as client key`,
        'it is encrypted, and its passphrase cannot be asked for',
      ],
      [
        'an unknown passphrase',
        {cert: pem('client-cert'), key: encrypted, askSecret: async () => undefined},
        `cannot use ${encrypted} as client key`,
        'it is encrypted, and its passphrase cannot be asked for',
      ],
      [
        'the key of another certificate',
        {cert: pem('client-cert'), key: pem('server')},
        `cannot use ${pem('server')} as client key`,
        `it does not belong to the certificate in ${pem('client-cert')}`,
      ],
      [
        'a certificate without its key',
        {cert: pem('client-cert')},
        `cannot use ${pem('client-cert')} as client key`,
        'it contains no private key',
      ],
      [
        'a key instead of the certificate',
        {cert: pem('client-key'), key: pem('client-key')},
        `cannot use ${pem('client-key')} as client certificate`,
        'it contains no certificate',
      ],
    ] as [string, TransportOptions, string, string][]) {
      it(`cannot use ${what}`, async () => {
        const failure = await readFailure({
          cacert,
          askSecret,
          ...options,
          ...('askSecret' in options ? {} : {askSecret: undefined}),
        })
        assert.deepEqual([failure.kind, failure.message, failure.why], ['usage', message, why])
        assert.doesNotMatch(JSON.stringify([failure, failure.stack, String(failure.cause)]), /sesame/)
        assert.deepEqual(seen, [])
      })
    }
  })

  describe('a file', () => {
    beforeEach(() => start())

    for (const [option, as] of [
      ['cacert', 'CA bundle'],
      ['cert', 'client certificate'],
    ] as const) {
      it(`that does not exist is named, as ${as}`, async () => {
        const failure = await readFailure({[option]: '/nosuch/x.pem'})
        assert.equal(failure.kind, 'usage')
        assert.equal(failure.message, `cannot use /nosuch/x.pem as ${as}`)
        assert.equal(failure.why, 'the file does not exist')
        assert.equal(failure.advice, `Name another file with --os-${option}.`)
      })
    }

    it('is named with the setting it comes from', async () => {
      const failure = await readFailure({cacert: {value: '/nosuch/x.pem', from: 'OS_CACERT'}})
      assert.equal(failure.advice, 'Name another file with --os-cacert; this one comes from OS_CACERT.')
    })

    it('that is a folder is refused', async () => {
      assert.equal((await readFailure({cacert: directory()})).why, 'it is a folder')
    })

    it('without read permission is refused', async function () {
      const file = join(directory(), 'secret.pem')
      await writeFile(file, '')
      await chmod(file, 0o000)
      if (
        await readFile(file).then(
          () => true,
          () => false,
        )
      )
        this.skip()
      assert.equal((await readFailure({cacert: file})).why, 'permission denied')
    })

    for (const [what, content, why] of [
      ['nothing', '', 'it contains no certificate'],
      ['text', 'hello', 'it contains no certificate'],
      [
        'a damaged certificate',
        '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
        'one of its certificates is damaged',
      ],
    ] as const) {
      it(`that holds ${what} is refused`, async () => {
        const file = join(directory(), 'x.pem')
        await writeFile(file, content)
        assert.equal((await readFailure({cacert: file})).why, why)
      })
    }

    it('may hold several authorities and text around them', async () => {
      const file = join(directory(), 'x.pem')
      const [self, authority] = await Promise.all([pem('self'), pem('authority')].map(path => readFile(path)))
      await writeFile(file, `# mine\n${self}\n# theirs\n${authority}\n`)
      assert.equal(await get({cacert: file}), 'ok')
    })

    it('may hold an authority in binary form', async () => {
      const file = join(directory(), 'x.der')
      const text = await readFile(pem('authority'), 'latin1')
      await writeFile(file, Buffer.from(text.replace(/-----.*-----/g, ''), 'base64'))
      assert.equal(await get({cacert: file}), 'ok')
    })

    it('that cannot be used closes the data', async () => {
      const {send} = createTransport({cacert: '/nosuch'})
      const body = Readable.from(['abc'])
      await assert.rejects(send({method: 'POST', url: served.url, body}))
      assert.ok(body.destroyed)
    })

    it('is not read without TLS', async () => {
      const plain = await serveSockets(socket => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))
      closers.push(plain.close)
      assert.equal(await get({cacert: '/nosuch'}, plain.url), 'ok')
    })
  })
})

/** The server of OpenSSL if installed: Node's sends no alert to clients it refuses. */
async function strictServer(): Promise<{port: string; close: () => Promise<void>}> {
  const files = ['-cert', pem('server'), '-key', pem('server'), '-CAfile', pem('authority')]
  const verifying = ['-Verify', '1', '-verify_return_error', '-tls1_3']
  const child = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', '-www', ...files, ...verifying])
  await once(child, 'spawn')
  const closed = once(child, 'close')
  const close = async () => {
    child.kill()
    await closed
  }
  for await (const line of createInterface({input: child.stdout})) {
    const [, port] = /^ACCEPT .*:(\d+)$/.exec(line) ?? []
    if (port) return {port, close}
  }
  throw new Error('it does not say its port')
}
