/** Connections to RabbitMQ with TLS, and what tells why there is none. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import net, {type AddressInfo} from 'node:net'
import tls from 'node:tls'
import {toRabbitParts} from '../../../src/server/notifications/brokers.js'
import {RabbitChannel} from '../../../src/server/notifications/rabbit.js'
import {ownFiles, pem} from '../../support/tls.js'

describe('a connection to RabbitMQ', () => {
  const servers: net.Server[] = []
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise(resolve => server.close(resolve))
  })

  /** A server that ends connections after the first bytes, which it keeps. */
  async function serve(server: net.Server, event: 'connection' | 'secureConnection'): Promise<() => string> {
    let first = ''
    server.on(event, (socket: net.Socket) => {
      socket.on('error', () => {})
      socket.once('data', data => {
        first = data.toString('latin1')
        socket.destroy()
      })
    })
    server.on('tlsClientError', () => {})
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    servers.push(server)
    return () => first
  }

  const open = (server: net.Server, values: Readonly<Record<string, string>> = {}) => {
    const {port} = server.address() as AddressInfo
    const given: Readonly<Record<string, string>> = {
      rabbit_host: '127.0.0.1',
      rabbit_port: `${port}`,
      rabbit_password: 'secret',
      ...values,
    }
    const find = (name: string) =>
      given[name] === undefined ? undefined : {text: given[name], from: 'a file'}
    return new RabbitChannel(toRabbitParts('rabbit', find)).open()
  }

  it('is encrypted, and trusts the authorities in a file', async () => {
    const server = tls.createServer(ownFiles('server'))
    const first = await serve(server, 'secureConnection')
    const secure = {rabbit_use_ssl: 'true'}
    await assert.rejects(open(server, secure), /RabbitMQ at 127\.0\.0\.1:\d+: .*certificate/)
    assert.equal(first(), '')
    await assert.rejects(open(server, {...secure, rabbit_ca_file: pem('authority')}))
    assert.match(first(), /^AMQP/)
  })

  it('names the server and the reason when it fails, without the password', async () => {
    const server = net.createServer()
    const first = await serve(server, 'connection')
    await assert.rejects(open(server), (error: Error) => {
      assert.match(error.message, /^RabbitMQ at 127\.0\.0\.1:\d+: \S/)
      assert.doesNotMatch(error.message, /secret/)
      return true
    })
    assert.match(first(), /^AMQP/)
  })
})
