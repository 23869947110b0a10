/** Proxies: which requests use one, how they are sent, and that the password stays secret. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import {NotSent} from '../../../../src/lib/http/errors/transport-errors.js'
import {proxyFromEnv} from '../../../../src/lib/http/proxy/proxy-from-env.js'
import {createTransport, type TransportOptions} from '../../../../src/lib/http/send.js'
import {withTrace} from '../../../../src/lib/http/wrappers.js'
import type {Failure} from '../../../../src/lib/model/errors.js'
import {failure} from '../../../support/failure.js'
import {type ForwardProxy, type ProxyOptions, startForwardProxy} from '../../../support/http/forward-proxy.js'
import {type Served, serve, serveSockets} from '../../../support/http/serve.js'
import {pem, serveTls} from '../../../support/tls.js'

type Env = Record<string, string>

describe('the choice of a proxy', () => {
  const proxyUrl = (url: string, env: Env) => proxyFromEnv(new URL(url), env)?.url

  for (const [url, env, expected] of [
    ['http://h/x', {HTTP_PROXY: 'http://p:3128'}, 'http://p:3128'],
    ['http://h/x', {http_proxy: 'http://p:3128'}, 'http://p:3128'],
    ['https://h/x', {HTTPS_PROXY: 'http://p:3128'}, 'http://p:3128'],
    ['https://h/x', {https_proxy: 'https://p'}, 'https://p'],
    ['http://h/x', {http_proxy: 'http://low:1', HTTP_PROXY: 'http://up:2'}, 'http://low:1'],
    ['http://h/x', {http_proxy: '', HTTP_PROXY: 'http://up:2'}, undefined],
    ['http://h/x', {HTTPS_PROXY: 'http://p:3128'}, undefined],
    ['https://h/x', {HTTP_PROXY: 'http://p:3128'}, undefined],
    ['https://h/x', {ALL_PROXY: 'http://p:3128'}, 'http://p:3128'],
    ['https://h/x', {ALL_PROXY: 'socks5://s', HTTPS_PROXY: 'http://p:3128'}, 'http://p:3128'],
    ['http://h/x', {HTTP_PROXY: 'p:3128'}, 'http://p:3128'],
    ['http://h/x', {HTTP_PROXY: ' p:3128 '}, 'http://p:3128'],
    ['http://h/x', {HTTP_PROXY: 'http://user:secret@p:3128/x'}, 'http://p:3128'],
    ['http://h/x', {HTTP_PROXY: 'http://[fd00::1]:3128'}, 'http://[fd00::1]:3128'],
    ['http://h/x', {}, undefined],
  ] as [string, Env, string | undefined][]) {
    it(`${url} uses ${expected ?? 'none'} with ${JSON.stringify(env)}`, () => {
      assert.equal(proxyUrl(url, env), expected)
    })
  }

  for (const host of ['localhost', 'x.localhost', '127.0.0.1', '127.8.9.10', '[::1]']) {
    it(`${host} is this machine, and reached directly`, () => {
      const env = {ALL_PROXY: 'http://p:3128'}
      assert.equal(proxyUrl(`http://${host}:9292/`, env), undefined)
      assert.equal(proxyFromEnv(new URL(`http://${host}:9292/`), env, true)?.url, 'http://p:3128')
    })
  }

  for (const [list, host, isExempt] of [
    ['*', 'h.example.com', true],
    ['a.com,*', 'h.example.com', true],
    ['example.com', 'example.com', true],
    ['example.com', 'h.example.com', true],
    ['EXAMPLE.com.', 'h.Example.com.', true],
    ['.example.com', 'h.example.com', true],
    ['.example.com', 'example.com', true],
    ['*.example.com', 'h.example.com', true],
    ['example.com', 'badexample.com', false],
    ['h.example.com', 'example.com', false],
    ['a.com, b.com c.com', 'c.com', true],
    ['example.com:9292', 'example.com:9292', true],
    ['example.com:9292', 'example.com:9293', false],
    ['example.com:80', 'example.com', true],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3:9292', '10.1.2.3:9292', true],
    ['10.1.2.3', '110.1.2.3', false],
    ['10.0.0.0/8', '10.200.1.1:9292', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/33', '10.0.0.1', false],
    ['10.0.0.0/', '11.0.0.1', false],
    ['0.0.0.0/0', '11.0.0.1', true],
    ['10.0.0.0/8', 'ten.example.com', false],
    ['fd00::/8', '[fd12::1]:9292', true],
    ['fd00::/8', '[fe80::1]', false],
    ['FD12:0::1', '[fd12::1]', true],
    ['[fd12::1]:9292', '[fd12::1]:9292', true],
    ['[fd12::1]:9292', '[fd12::1]', false],
    ['', 'h.example.com', false],
    [',. ,', 'h.example.com', false],
  ] as const) {
    it(`NO_PROXY='${list}' ${isExempt ? 'covers' : 'does not cover'} ${host}`, () => {
      const expected = isExempt ? undefined : 'http://p'
      for (const name of ['NO_PROXY', 'no_proxy']) {
        assert.equal(proxyUrl(`http://${host}/`, {HTTP_PROXY: 'http://p', [name]: list}), expected)
      }
    })
  }

  for (const [value, why] of [
    ['socks5://user:secret@p', 'it is a socks5 proxy'],
    ['http://user:secret@:x', 'it is not a URL'],
  ] as const) {
    it(`cannot be used when ${why}, and keeps its secret`, () => {
      assert.throws(
        () => proxyUrl('https://h/', {HTTPS_PROXY: value}),
        (error: Failure) => {
          assert.deepEqual(
            [error.kind, error.message, error.why],
            ['usage', 'cannot use the proxy in HTTPS_PROXY', why],
          )
          assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /secret/)
          return true
        },
      )
    })
  }

  it('receives our credentials', () => {
    const headers = (url: string) => proxyFromEnv(new URL('http://h/'), {HTTP_PROXY: url})?.headers
    assert.deepEqual(headers('http://p'), {})
    assert.deepEqual(headers('http://user:p%40ss@p'), {'proxy-authorization': 'Basic dXNlcjpwQHNz'})
    assert.deepEqual(headers('http://user@p'), {'proxy-authorization': 'Basic dXNlcjo='})
    assert.deepEqual(headers('http://user:100%25%@p'), {'proxy-authorization': 'Basic dXNlcjoxMDAlMjUl'})
  })
})

describe('requests through a proxy', () => {
  const closers: (() => Promise<unknown>)[] = []
  let served: Served
  let proxy: ForwardProxy
  let seen: string[]
  let lines: string[]

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })

  async function start(how: 'plain' | 'secure', options: Partial<ProxyOptions> = {}): Promise<void> {
    seen = []
    lines = []
    const handler = how === 'plain' ? serve : serveTls
    served = await handler(async (request, response) => {
      const {host, 'proxy-authorization': secret} = request.headers
      seen.push(`${request.method} ${request.url} ${host} ${secret}`)
      if (request.url === '/early') return void response.writeHead(413).end('too much')
      let bytes = 0
      for await (const chunk of request) bytes += chunk.length
      response.end(`${bytes} bytes`)
    })
    closers.push(served.close)
    proxy = await startForwardProxy({port: served.port, ...options})
    closers.push(proxy.close)
  }

  function transport(options: TransportOptions = {}, credentials = '') {
    const url = proxy.url.replace('//', `//${credentials}`)
    const env = {HTTP_PROXY: url, HTTPS_PROXY: url}
    const opened = createTransport({timeoutSeconds: 5, env, cacert: pem('authority'), ...options})
    closers.push(opened.close)
    return withTrace(opened.send, line => void lines.push(line))
  }

  for (const [how, url, asked] of [
    ['plain', 'http://images.example.com:9292', ['GET http://images.example.com:9292/v1/x?a=1']],
    ['secure', 'https://images.example.com', ['CONNECT images.example.com:443']],
  ] as const) {
    describe(how, () => {
      const host = new URL(url).host

      it('a request reaches the server, which does not learn the password', async () => {
        await start(how, {credentials: 'user:p@ss'})
        const reply = await transport({}, 'user:p%40ss@')({method: 'GET', url: `${url}/v1/x?a=1`})
        assert.equal(await reply.text(), '0 bytes')
        assert.deepEqual(proxy.asked, asked)
        assert.deepEqual(seen, [`GET /v1/x?a=1 ${host} undefined`])
        assert.doesNotMatch(lines.join(), /p@ss|p%40ss|dXNlcjpwQHNz/)
      })

      it('a connection is used again', async () => {
        await start(how)
        const send = transport()
        for (let n = 0; n < 3; n += 1) await (await send({method: 'GET', url})).discard()
        assert.equal(proxy.asked.length, how === 'plain' ? 3 : 1)
        assert.equal(seen.length, 3)
      })

      it('a stream is forwarded', async () => {
        await start(how)
        const body = Readable.from(Array.from({length: 50}, () => Buffer.alloc(100_000)))
        const reply = await transport()({method: 'POST', url, body})
        assert.equal(await reply.text(), '5000000 bytes')
      })

      it('an early response is received', async () => {
        await start(how)
        const body = new Readable({read: () => void body.push(Buffer.alloc(65_536))})
        const reply = await transport()({method: 'POST', url: `${url}/early`, body})
        assert.equal(reply.status, 413)
        assert.equal(await reply.text(), 'too much')
        assert.ok(body.destroyed)
      })

      for (const [credentials, why] of [
        ['', 'it requires a user name and a password'],
        ['user:wrongsecret@', 'it rejected the user name and the password'],
      ] as const) {
        it(`${why}`, async () => {
          await start(how, {credentials: 'user:right'})
          const authority = how === 'plain' ? host : `${host}:443`
          const what = `cannot reach ${authority} through the proxy ${proxy.url}`
          const body = Readable.from(['data'])
          const sending = transport({}, credentials)({method: 'POST', url, body})
          await assert.rejects(sending, (error: Failure) => {
            assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)} ${lines.join()}`, /wrongsecret/)
            return failure('denied', what, why)(error)
          })
          assert.ok(body.destroyed)
          assert.deepEqual(seen, [])
        })
      }

      it('an unreachable proxy is named', async () => {
        await start(how)
        await proxy.close()
        const sending = transport({}, 'user:secret@')({method: 'DELETE', url})
        await assert.rejects(sending, (error: Failure) => {
          assert.ok(error instanceof NotSent)
          assert.equal(
            error.advice,
            `Check ${how === 'plain' ? 'HTTP' : 'HTTPS'}_PROXY, or list the host in NO_PROXY to connect without the proxy.`,
          )
          assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /secret/)
          return failure('unavailable', `cannot reach the proxy ${proxy.url}`, 'connection refused')(error)
        })
      })

      it('a host in NO_PROXY is reached directly', async () => {
        await start(how)
        const env = {ALL_PROXY: proxy.url, NO_PROXY: '127.0.0.0/8'}
        const send = transport({env, proxyLoopback: true})
        await (await send({method: 'GET', url: served.url})).discard()
        assert.deepEqual(proxy.asked, [])
        assert.equal(seen.length, 1)
      })
    })
  }

  it('a connection that breaks after the proxy names the proxy', async () => {
    await start('plain')
    const rude = await serveSockets(socket => socket.once('data', () => socket.resetAndDestroy()))
    closers.push(rude.close)
    const send = transport({env: {HTTP_PROXY: rude.url}})
    const what = `the connection to the Image service at http://images.example.com through the proxy ${rude.url} broke`
    await assert.rejects(
      send({method: 'GET', url: 'http://images.example.com/'}),
      failure('unavailable', what, 'the server closed it without a response'),
    )
  })

  for (const [refuses, kind, why] of [
    [403, 'denied', 'it does not allow this'],
    [503, 'unavailable', 'it cannot reach the server'],
    [504, 'unavailable', 'it got no response from the server in time'],
    [400, 'failed', 'it answered 400'],
    ['hang', 'unavailable', 'no connection within the time allowed'],
  ] as const) {
    it(`a tunnel that is refused (${refuses}) says why`, async () => {
      await start('secure', {refuses})
      const body = Readable.from(['data'])
      const sending = transport({timeoutSeconds: 1})({
        method: 'POST',
        url: 'https://images.example.com:9292/',
        body,
        keepBodyIfUnsent: true,
      })
      const what = `cannot reach images.example.com:9292 through the proxy ${proxy.url}`
      await assert.rejects(sending, (error: Failure) => {
        assert.ok(error instanceof NotSent)
        return failure(kind, what, why)(error)
      })
      assert.ok(!body.destroyed, 'the data can still be sent')
    })
  }

  it('a certificate is checked through the tunnel', async () => {
    await start('secure')
    const sending = transport()({method: 'GET', url: 'https://nova.example.com/'})
    await assert.rejects(
      sending,
      failure(
        'failed',
        'cannot reach the Image service at https://nova.example.com',
        'its certificate is for localhost, images.example.com, 127.0.0.1, 0:0:0:0:0:0:0:1, not for nova.example.com',
      ),
    )
    assert.deepEqual(seen, [])
  })

  it('system authorities are used through the tunnel', async () => {
    await start('secure')
    const env = {HTTPS_PROXY: proxy.url, SSL_CERT_FILE: pem('authority')}
    const send = transport({env, cacert: undefined})
    assert.equal(await (await send({method: 'GET', url: 'https://images.example.com/'})).text(), '0 bytes')
  })

  it('an IPv6 address is requested in brackets', async () => {
    await start('secure')
    const send = transport({insecure: true})
    await (await send({method: 'GET', url: 'https://[fd12::1]:9292/'})).discard()
    assert.deepEqual(proxy.asked, ['CONNECT [fd12::1]:9292'])
  })

  for (const [how, url] of [
    ['plain', 'http://images.example.com/v1'],
    ['secure', 'https://images.example.com/v1'],
  ] as const) {
    it(`the proxy may use TLS itself (${how})`, async () => {
      await start(how, {secure: true, credentials: 'user:x'})
      const reply = await transport({}, 'user:x@')({method: 'POST', url, body: Readable.from(['abc'])})
      assert.equal(await reply.text(), '3 bytes')
      assert.equal(proxy.asked.length, 1)
    })

    it(`a proxy whose certificate is refused is named (${how})`, async () => {
      await start(how, {secure: true})
      const why = "its certificate is signed by 'glance test authority', which is not trusted here"
      await assert.rejects(
        transport({cacert: undefined})({method: 'GET', url}),
        failure('failed', `cannot reach the proxy ${proxy.url}`, why),
      )
    })
  }

  it('this machine is reached directly', async () => {
    await start('plain')
    await (await transport()({method: 'GET', url: served.url})).discard()
    assert.deepEqual(proxy.asked, [])
    await (await transport({proxyLoopback: true})({method: 'GET', url: served.url})).discard()
    assert.equal(proxy.asked.length, 1)
  })
})
