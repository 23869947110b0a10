/** Opens a store in Swift with the settings of the operator. */
import type {Reply, Send} from '../../../lib/http/message.js'
import {RetryPolicy} from '../../../lib/http/retry/retry-policy.js'
import {withRetry} from '../../../lib/http/retry/with-retry.js'
import {createTransport} from '../../../lib/http/send.js'
import {withCredentials} from '../../../lib/http/wrappers.js'
import {Failure, usageError} from '../../../lib/model/errors.js'
import {type FindValue, readSettings, requireSetting, type ValuesOf} from '../../settings/setting.js'
import {SWIFT_STORE} from '../../settings/tables/stores.js'
import {DEFAULT_HASH, type HashAlgorithm} from '../store.js'
import {SwiftContainer} from './container.js'
import {logIn, type SwiftCredentials} from './login.js'
import {SwiftStore} from './swift-store.js'

type SwiftSettings = ValuesOf<typeof SWIFT_STORE>

const MIB = 1024 * 1024

/** Seconds without an answer of Swift. */
const TIMEOUT = 60

/**
 * Logs in, and opens the container, which is created if the settings say so.
 * @throws Failure `usage` for settings that are missing or wrong, and as `logIn`
 */
export async function openSwiftStore(
  find: FindValue,
  hashAlgo: HashAlgorithm = DEFAULT_HASH,
): Promise<SwiftStore> {
  const settings = readSettings(SWIFT_STORE, find)
  const credentials = toCredentials(settings)
  const sendLogin = createSender(settings, 'swift_store_auth_address')
  const {url: account, token} = await logIn(sendLogin, credentials)
  const renew = async () => ({'x-auth-token': (await logIn(sendLogin, credentials)).token})
  const send = createSender(settings, credentials.endpoint ? 'swift_store_endpoint' : 'the login to Swift')
  const sendWithToken = withCredentials(send, {'x-auth-token': token}, renew)
  const containerName = settings.swift_store_container
  const url = `${account}/${encodeURIComponent(containerName)}`
  await requireContainer(sendWithToken, url, settings)
  return new SwiftStore({
    container: new SwiftContainer(sendWithToken, url),
    account: decodeURIComponent(new URL(account).pathname.split('/').at(-1) ?? ''),
    containerName,
    sizes: {
      largeObject: settings.swift_store_large_object_size * MIB,
      segment: settings.swift_store_large_object_chunk_size * MIB,
    },
    hashAlgo,
    retries: settings.swift_store_retry_get_count,
  })
}

/** @param addressFrom where its addresses come from, for messages */
function createSender(
  {swift_store_cacert: cacert, swift_store_auth_insecure: insecure}: SwiftSettings,
  addressFrom: string,
): Send {
  const {send} = createTransport({
    service: 'Swift',
    addressFrom,
    timeoutSeconds: TIMEOUT,
    insecure,
    cacert: cacert === undefined ? undefined : {value: cacert, from: 'swift_store_cacert'},
  })
  return withRetry(send, new RetryPolicy())
}

function toCredentials(settings: SwiftSettings): SwiftCredentials {
  const user = requireSetting('a store in Swift', settings, 'swift_store_user')
  const [, version] = /^v?([123])(?:\.0)?$/.exec(settings.swift_store_auth_version) ?? []
  if (version === undefined) {
    throw usageError(
      `invalid swift_store_auth_version '${settings.swift_store_auth_version}': expected 1, 2 or 3`,
    )
  }
  if (!/^[^:]+:./.test(user)) {
    throw usageError(`invalid swift_store_user '${user}': expected ACCOUNT:USER or PROJECT:USER`)
  }
  return {
    version: Number(version) as 1 | 2 | 3,
    address: requireUrl(
      'swift_store_auth_address',
      requireSetting('a store in Swift', settings, 'swift_store_auth_address'),
    ),
    user,
    key: requireSetting('a store in Swift', settings, 'swift_store_key'),
    userDomain: settings.swift_store_user_domain_name,
    projectDomain: settings.swift_store_project_domain_name,
    region: settings.swift_store_region,
    interface: settings.swift_store_endpoint_type,
    endpoint:
      settings.swift_store_endpoint && requireUrl('swift_store_endpoint', settings.swift_store_endpoint),
  }
}

function requireUrl(name: keyof typeof SWIFT_STORE, address: string): string {
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address
  throw usageError(`invalid ${name} '${address}': expected an http or https URL`)
}

async function requireContainer(send: Send, url: string, settings: SwiftSettings): Promise<void> {
  const name = settings.swift_store_container
  const found = await request(send, 'HEAD', url)
  if (found.status < 300) return
  if (found.status !== 404) throw containerError(`cannot use the container '${name}' in Swift`, found)
  if (!settings.swift_store_create_container_on_put) {
    throw usageError(`the container '${name}' does not exist in Swift`, {
      advice:
        'Create it, name another with swift_store_container, or set swift_store_create_container_on_put.',
    })
  }
  const created = await request(send, 'PUT', url)
  if (created.status >= 300) throw containerError(`cannot create the container '${name}' in Swift`, created)
}

async function request(send: Send, method: 'HEAD' | 'PUT', url: string): Promise<Reply> {
  const reply = await send({method, url})
  await reply.discard()
  return reply
}

function containerError(what: string, {status}: Reply): Failure {
  const isDenied = status === 401 || status === 403
  return new Failure(isDenied ? 'denied' : 'unavailable', what, {
    why: `it answered ${status}`,
    advice: isDenied
      ? 'Check swift_store_user and the roles of that user, and swift_store_endpoint if it is set.'
      : undefined,
  })
}
