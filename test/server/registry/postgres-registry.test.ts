/** The registry in PostgreSQL, as far as it needs no server: URLs, passwords, and transactions that collide. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {writeFile} from 'node:fs/promises'
import net, {type AddressInfo} from 'node:net'
import {join} from 'node:path'
import {TLSSocket} from 'node:tls'
import {openChosenDatabase, parseRegistryUrl} from '../../../src/server/registry/open-registry.js'
import {openPostgres} from '../../../src/server/registry/postgres/open.js'
import {PostgresRegistry} from '../../../src/server/registry/postgres/postgres-registry.js'
import type {Database} from '../../../src/server/registry/sql/tables.js'
import {useTempDir} from '../../support/temp-dir.js'
import {ownFiles, type Pem, pem} from '../../support/tls.js'

describe('the URL of a registry', () => {
  it('names a file or a database, also in the forms of the original', () => {
    const cases: readonly (readonly [string, object])[] = [
      ['sqlite:/a/b', {engine: 'sqlite', file: '/a/b'}],
      ['sqlite:b', {engine: 'sqlite', file: 'b'}],
      ['sqlite:///b', {engine: 'sqlite', file: 'b'}],
      ['sqlite:////a/b', {engine: 'sqlite', file: '/a/b'}],
      ['postgres://h/d', {engine: 'postgres', url: 'postgres://h/d'}],
      ['postgresql+psycopg2://u:p@h/d?x=y', {engine: 'postgres', url: 'postgres://u:p@h/d?x=y'}],
    ]
    for (const [url, expected] of cases) assert.deepEqual(parseRegistryUrl(url), expected)
  })

  it('is refused without being shown when it is of another kind or malformed', async () => {
    const message = 'invalid URL of the registry: expected sqlite:FILE or postgres://USER@HOST/DATABASE'
    for (const url of ['mysql://u:secret@h/d', 'sqlite:', '/a/b', ''])
      assert.throws(() => parseRegistryUrl(url), {kind: 'usage', message})
    const opening = openPostgres(
      'postgres://u:secret@h:port/d',
      {connections: 1, timeout: 1},
      {warn: () => {}},
    )
    await assert.rejects(
      opening,
      (error: Error) => !/secret/.test(`${error.message} ${error.stack} ${error.cause}`),
    )
  })
})

describe('the time to wait for a registry in PostgreSQL', () => {
  it('is reported when it is that of a file of 2011', async () => {
    const warnings: string[] = []
    const open = (timeout: string) => {
      const values = new Map([
        ['sql_connection', 'postgres://ann@h'],
        ['sql_timeout', timeout],
      ])
      const find = (name: string) => {
        const text = values.get(name)
        return text === undefined ? undefined : {text, from: 'test'}
      }
      // The URL names no database, so that none is waited for.
      return assert.rejects(openChosenDatabase({find, file: ''}, {warn: line => warnings.push(line)}), {
        kind: 'usage',
      })
    }
    await open('300')
    assert.deepEqual(warnings, [])
    await open('3600')
    assert.deepEqual(warnings, [
      'sql_timeout = 3600: requests wait that many seconds when the database does not answer. In files of 2011 it was the time after which unused connections are renewed; leave it out, or set it to 5',
    ])
  })
})

describe('the URL of a registry in PostgreSQL', () => {
  const open = (url: string) => openPostgres(url, {connections: 1, timeout: 5}, {warn: () => {}})
  const variables = ['PGUSER', 'PGDATABASE', 'USER'] as const
  const saved = variables.map(name => process.env[name])
  beforeEach(() => {
    for (const name of variables) delete process.env[name]
  })
  afterEach(() => {
    for (const [n, name] of variables.entries()) if (saved[n] !== undefined) process.env[name] = saved[n]
  })

  for (const [url, message] of [
    ['postgres://ann@h', 'the URL of the registry names no database: expected FORM'],
    ['postgres://ann@h/', 'the URL of the registry names no database: expected FORM'],
    ['postgres://ann@h?sslmode=disable', 'the URL of the registry names no database: expected FORM'],
    ['postgres://ann@h:port/d', 'invalid URL of the registry: expected FORM'],
    ['postgres://ann:x?secret@h/d', 'invalid URL of the registry: expected FORM'],
    [
      'postgres://ann@h/d?slmode=require',
      "unknown parameter 'slmode' in the URL of the registry. Did you mean 'sslmode'?",
    ],
    [
      'postgres://ann@h/d?sslmode=prefer',
      "invalid sslmode 'prefer' in the URL of the registry: expected disable, require, verify-ca or verify-full",
    ],
    [
      'postgres://ann@h/d?sslmode=verify-ca',
      'sslmode=verify-ca in the URL of the registry requires sslrootcert',
    ],
    [
      'postgres://ann@h/d?sslmode=require&sslrootcert=/nowhere/x.pem',
      'cannot read the file /nowhere/x.pem that the URL of the registry names',
    ],
  ] as const) {
    it(`is refused: ${url}`, async () => {
      const expected = message.replace('FORM', 'postgres://USER:PASSWORD@HOST:PORT/DATABASE')
      await assert.rejects(open(url), {kind: 'usage', message: expected})
    })
  }

  /** What a server with this certificate gets from a client with this URL: nothing, a login, or one that is encrypted. */
  async function login(parameters: string, cert: Pem): Promise<string> {
    let seen = 'nothing'
    const server = net.createServer(socket => {
      socket.on('error', () => {})
      socket.once('data', request => {
        // A request for TLS has 8 bytes.
        if (request.length > 8) seen = 'plain'
        if (request.length > 8) return socket.destroy()
        socket.write('S')
        const encrypted = new TLSSocket(socket, {isServer: true, ...ownFiles(cert)})
        encrypted.on('error', () => {})
        encrypted.once('data', () => {
          seen = 'encrypted'
          encrypted.destroy()
        })
        return encrypted
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port} = server.address() as AddressInfo
    await assert.rejects(open(`postgres://ann@127.0.0.1:${port}/d?${parameters}`), {kind: 'unavailable'})
    server.close()
    return seen
  }

  it('has modes of TLS with the meaning of PostgreSQL, and causes no warning of the driver', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    const root = `sslrootcert=${pem('authority')}`
    const cases: readonly (readonly [string, Pem, string])[] = [
      ['sslmode=disable', 'server', 'plain'],
      ['sslmode=require', 'self', 'encrypted'],
      [`sslmode=require&${root}`, 'other', 'encrypted'],
      [`sslmode=require&${root}`, 'self', 'nothing'],
      [`sslmode=verify-ca&${root}`, 'other', 'encrypted'],
      [`sslmode=verify-full&${root}`, 'server', 'encrypted'],
      [`sslmode=verify-full&${root}`, 'other', 'nothing'],
    ]
    for (const [parameters, cert, seen] of cases)
      assert.equal(await login(parameters, cert), seen, `${parameters} ${cert}`)
    process.off('warning', onWarning)
    assert.deepEqual(warnings, [])
  })
})

describe('the password of a registry in PostgreSQL', () => {
  const folder = useTempDir()
  const variables = ['PGPASSWORD', 'PGPASSFILE'] as const
  const saved = variables.map(name => process.env[name])
  afterEach(() => {
    for (const [n, name] of variables.entries()) {
      const value = saved[n]
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })

  /** The password that a server is sent which asks for it and then refuses it. */
  async function send(toUrl: (port: number) => string): Promise<{password: string; failure: string}> {
    let password = ''
    const server = net.createServer(socket => {
      socket.once('data', () => {
        socket.write(Buffer.from([82, 0, 0, 0, 8, 0, 0, 0, 3]))
        socket.once('data', message => {
          password = message.subarray(5, -1).toString()
          socket.destroy()
        })
      })
      socket.on('error', () => {})
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = toUrl((server.address() as AddressInfo).port)
    const limits = {connections: 1, timeout: 5}
    const failure = await openPostgres(url, limits, {warn: () => {}}).then(
      () => '',
      (error: Error & {why?: string}) => `${error.message} ${error.why}`,
    )
    server.close()
    return {password, failure}
  }

  it('comes from the URL, then from PGPASSWORD, then from the file of the user', async () => {
    const file = join(folder(), 'pgpass')
    await writeFile(file, '127.0.0.1:*:images:ann:from-file\n', {mode: 0o600})
    process.env['PGPASSFILE'] = file
    const inFile = await send(port => `postgres://ann@127.0.0.1:${port}/images?sslmode=disable`)
    assert.equal(inFile.password, 'from-file')
    process.env['PGPASSWORD'] = 'from-variable'
    assert.equal((await send(port => `postgres://ann@127.0.0.1:${port}/images`)).password, 'from-variable')
    const {password, failure} = await send(port => `postgres://ann:fr%40m-url@127.0.0.1:${port}/images`)
    assert.equal(password, 'fr@m-url')
    assert.match(failure, /^cannot open the registry postgres:\/\/ann@127\.0\.0\.1:\d+\/images /)
    assert.doesNotMatch(failure, /url/)
  })
})

describe('a transaction in PostgreSQL', () => {
  class Runner extends PostgresRegistry {
    readonly runs: string[] = []
    attempt(codes: readonly string[]): Promise<string> {
      const left = [...codes]
      return this.run(async () => {
        const code = left.shift()
        this.runs.push(code ?? 'done')
        if (code !== undefined) throw Object.assign(new Error(code), {code})
        return 'done'
      })
    }
  }

  it('runs again after a deadlock and a serialization failure, but not after another error', async () => {
    const runner = new Runner({} as Database, {})
    assert.equal(await runner.attempt(['40P01', '40001']), 'done')
    assert.deepEqual(runner.runs, ['40P01', '40001', 'done'])
    await assert.rejects(runner.attempt(['23505']), {code: '23505'})
    await assert.rejects(runner.attempt(Array(30).fill('40001')), {code: '40001'})
    assert.equal(runner.runs.length, 3 + 1 + 20)
  })
})
