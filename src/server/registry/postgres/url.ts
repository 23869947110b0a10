/** The URL of a registry in PostgreSQL: checks it, and adds what the driver needs to understand it as PostgreSQL does. */
import pg from 'pg'
import findPassword from 'pgpass'
import {didYouMean} from '../../../lib/model/did-you-mean.js'
import {type Failure, usageError} from '../../../lib/model/errors.js'

const EXPECTED = 'expected postgres://USER:PASSWORD@HOST:PORT/DATABASE'

/** Parameters of the URL that have an effect. An unknown one is refused: what it asks for would be left out, for example TLS. */
const PARAMETERS = [
  ...['host', 'port', 'user', 'password', 'options', 'application_name', 'fallback_application_name'],
  ...['client_encoding', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation', 'ssl'],
  ...['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'uselibpqcompat'],
]

/** Those of PostgreSQL that decide for or against TLS; with the others the connection may have it or not. */
const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full']

/**
 * The settings of connections to the database of a URL, with the password from the file of the user if there is no other.
 * @throws Failure `usage` without the URL, which may contain a password
 */
export async function configure(url: string): Promise<pg.PoolConfig> {
  const connectionString = withModes(url)
  const {host, port, database, user, password} = parse(connectionString)
  requireDatabase(url, user)
  if (password) return {connectionString}
  const found = await new Promise<string | undefined>(resolve =>
    findPassword({host, port, database, user}, resolve),
  )
  return {
    connectionString:
      found === undefined ? connectionString : addParameter(connectionString, 'password', found),
  }
}

/** The URL without secrets, for messages. */
export function describe({connectionString = ''}: pg.PoolConfig): string {
  const {host, port, database, user} = parse(connectionString)
  return `postgres://${user}@${host}:${port}/${database}`
}

/** The modes of TLS shall have the meaning that PostgreSQL gives them, where the driver has one of its own. */
function withModes(url: string): string {
  const parameters = new URLSearchParams(url.split('?')[1])
  const unknown = [...parameters.keys()].find(name => !PARAMETERS.includes(name))
  if (unknown !== undefined) {
    // After a question mark in a password it could be a part of that.
    if (!/^\w{1,40}$/.test(unknown)) throw invalidUrl()
    const hint = didYouMean(unknown, PARAMETERS)
    throw usageError(`unknown parameter '${unknown}' in the URL of the registry.${hint}`)
  }
  const mode = parameters.get('sslmode')
  if (mode === null) return url
  if (!SSL_MODES.includes(mode)) {
    const expected = `${SSL_MODES.slice(0, -1).join(', ')} or ${SSL_MODES.at(-1)}`
    throw usageError(`invalid sslmode '${mode}' in the URL of the registry: expected ${expected}`)
  }
  if (mode === 'verify-ca' && !parameters.has('sslrootcert')) {
    throw usageError('sslmode=verify-ca in the URL of the registry requires sslrootcert', {
      advice: 'Add sslrootcert=FILE with the certificates of the authority, or use verify-full.',
    })
  }
  return parameters.has('uselibpqcompat') ? url : addParameter(url, 'uselibpqcompat', 'true')
}

function addParameter(url: string, name: string, value: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`
}

/** The driver would take a database with the name of the user, and a user `undefined`. */
function requireDatabase(url: string, user: string | undefined): void {
  if (user === undefined) {
    throw usageError(`the URL of the registry names no user: ${EXPECTED}`, {advice: 'Or set PGUSER.'})
  }
  const isNamed = /^\w+:\/\/[^/?]*\/[^?]/.test(url)
  if (isNamed || new pg.Client({user: '?'}).database !== '?') return
  throw usageError(`the URL of the registry names no database: ${EXPECTED}`, {advice: 'Or set PGDATABASE.'})
}

function parse(url: string): pg.Client {
  try {
    return new pg.Client(url)
  } catch (error) {
    const {path, code} = error as NodeJS.ErrnoException
    if (path !== undefined) {
      throw usageError(`cannot read the file ${path} that the URL of the registry names`, {why: code})
    }
    throw invalidUrl()
  }
}

function invalidUrl(): Failure {
  return usageError(`invalid URL of the registry: ${EXPECTED}`)
}
