/** Opens the service that the options of a client describe. */
import {type ClosableImageApi, openImageApi} from '../api/open-api.js'
import {serviceUrl} from '../api/service-url.js'
import {RetryPolicy} from '../http/retry/retry-policy.js'
import type {Environment} from '../identity/clouds/config-files.js'
import type {Setting} from '../identity/setting-table.js'
import type {FlagValues} from '../identity/settings/layers.js'
import {promptOnce} from '../io/prompt-once.js'
import {usageError} from '../model/errors.js'
import {checkClientOptions, checkCloudOptions} from './check-options.js'
import {requireObject} from './check-values.js'
import type {ClientOptions, CloudOptions, TlsFiles} from './options.js'

/** A service with open connections. */
export interface OpenedService {
  readonly api: Pick<ClosableImageApi, 'withSignal'>
  close(): Promise<void>
}

/** Opens the service; may be called again after a failure. */
export type OpenService = () => Promise<OpenedService>

/** The options of the service from the first two arguments of `Client`. */
export function toAddress(service: ClientOptions | string, port: number | undefined): ClientOptions {
  const portOption = port === undefined ? {} : {port}
  if (typeof service !== 'string') {
    requireObject(service, 'the options of Client')
    return {...service, ...portOption}
  }
  if (!service.includes('://')) return {host: service, ...portOption}
  if (port === undefined) return {url: service}
  throw usageError('a port goes with a host, not with a URL', {advice: 'Write the port into the URL.'})
}

/** Opens the service at an address. @throws Failure of kind `usage` at once for invalid options */
export function openAddress(options: ClientOptions): OpenService {
  checkClientOptions(options)
  const {tls, token, version, timeoutSeconds, retries, signal, logger} = options
  const address = serviceUrl(options)
  const retryPolicy = new RetryPolicy({retries})
  return async () => {
    const api = await openImageApi({
      ...address,
      ...toTlsOptions(tls),
      token,
      version,
      timeoutSeconds,
      retryPolicy,
      signal,
      note: text => logger?.info?.(text),
      trace: logger?.debug && (line => logger.debug?.(line)),
    })
    return {api, close: api.close}
  }
}

function toTlsOptions({ca, cert, key, insecure}: TlsFiles = {}) {
  return {
    cacert: toSetting(ca, 'tls.ca'),
    cert: toSetting(cert, 'tls.cert'),
    key: toSetting(key, 'tls.key'),
    insecure,
  }
}

/**
 * Opens the service of a cloud, with a login if one is required.
 * @param cloud name in `clouds.yaml`; without it, OS_CLOUD or the other variables decide
 * @throws Failure of kind `usage` at once for invalid options
 */
export function openCloud(cloud: string | undefined, options: CloudOptions): OpenService {
  checkCloudOptions(options)
  const {timeoutSeconds, retries, signal, logger, tokenCache = true, askSecret, showDeviceLogin} = options
  return async () => {
    const {ServiceConnection} = await import('../work/connection.js')
    const connection = new ServiceConnection({
      settingFlags: async () => toFlags(cloud, options),
      surroundings: await readSurroundings(options),
      timeoutSeconds,
      retries,
      usesTokenCache: tokenCache,
      shortLived: false,
      signal,
      askSecret: askSecret && promptOnce(askSecret),
      showDeviceLogin,
      note: text => logger?.info?.(text),
      trace: logger?.debug && (line => logger.debug?.(line)),
      conceal: () => {},
    })
    try {
      const {api} = await connection.service()
      return {api, close: () => connection.close()}
    } catch (error) {
      await connection.close()
      throw error
    }
  }
}

function toFlags(cloud: string | undefined, {url, region, version, tls}: CloudOptions): FlagValues {
  const {cacert, cert, key, insecure} = toTlsOptions(tls)
  return {
    'os-cloud': cloud,
    url: toSetting(url, 'url'),
    'os-region-name': toSetting(region, 'region'),
    'os-image-api-version': toSetting(version, 'version'),
    'os-cacert': cacert,
    'os-cert': cert,
    'os-key': key,
    insecure,
  }
}

function toSetting(value: string | number | undefined, name: string): Setting | undefined {
  return value === undefined ? undefined : {value: String(value), from: `the option ${name}`}
}

/** Only here is the process read, and only when the service is opened. */
async function readSurroundings({env}: CloudOptions): Promise<Environment> {
  const {systemSurroundings} = await import('../io/system-io.js')
  const own = systemSurroundings()
  return {
    get cwd() {
      return own.cwd
    },
    home: env?.['HOME'] ?? own.home,
    platform: own.platform,
    env: env ?? own.env,
  }
}
