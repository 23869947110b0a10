/** Opens the authentication by Keystone from the settings of the operator. */
import type {Send} from '../../lib/http/message.js'
import {RetryPolicy} from '../../lib/http/retry/retry-policy.js'
import {withRetry} from '../../lib/http/retry/with-retry.js'
import {createTransport} from '../../lib/http/send.js'
import {readTlsFiles} from '../../lib/http/tls/tls-files.js'
import {Failure, usageError} from '../../lib/model/errors.js'
import type {Policy} from '../policy/policy.js'
import {readSettings, type ValuesOf} from '../settings/setting.js'
import type {GivenSettings} from '../settings/sources.js'
import {KEYSTONE} from '../settings/tables/callers.js'
import type {Identification, OperatorLog} from './authenticate.js'
import {KeystoneCallers} from './keystone-callers.js'
import {createServiceLogin, type ServiceUser} from './service-login.js'
import {TokenFactsCache} from './token-cache.js'
import {TokenValidator} from './validator.js'

/** Settings and dependencies. */
export interface KeystoneOptions {
  readonly given: GivenSettings
  readonly policy: Policy
  readonly belongsToUser: boolean
  readonly operator: OperatorLog
}

/** @throws Failure `usage` without a valid URL, for a user without a password, and for authorities that cannot be read */
export async function openKeystone({given, operator, ...parts}: KeystoneOptions): Promise<Identification> {
  const settings = readSettings(KEYSTONE, given.in())
  const url = requireUrl(settings.auth_url ?? settings.www_authenticate_uri)
  const user = findUser(settings)
  const {insecure, cafile, http_connect_timeout: seconds} = settings
  const tls = {insecure, ...(cafile && {cacert: {value: cafile, from: 'cafile'}})}
  // Else only the first caller would learn of a file that cannot be used.
  await readTlsFiles(tls)
  const transport = createTransport({
    service: 'the Identity service',
    addressFrom: 'the settings of the service',
    timeoutSeconds: seconds,
    ...tls,
  })
  const send = withDeadline(withRetry(transport.send, new RetryPolicy({retries: 3})), seconds)
  const login = user && createServiceLogin(send, url, user)
  const callers = new KeystoneCallers({
    ...parts,
    validator: new TokenValidator(send, url, login),
    cache: new TokenFactsCache(settings.token_cache_time),
    publicUrl: settings.www_authenticate_uri ?? url,
    serviceRoles: settings.service_token_roles.map(role => role.toLowerCase()),
    hidesOutage: settings.delay_auth_decision,
    log: line => operator.log(line),
    warn: line => operator.warn(line),
  })
  return {identify: callers.identify, close: () => transport.close()}
}

/** Limits the time of a request and its repetitions together: a caller waits as well. */
function withDeadline(send: Send, seconds: number): Send {
  const why = `there was no answer within ${seconds} s`
  return request => {
    const deadline = new AbortController()
    const timer = setTimeout(() => {
      deadline.abort(new Failure('unavailable', 'Keystone does not answer', {why}))
    }, seconds * 1000)
    return send({...request, signal: deadline.signal}).finally(() => clearTimeout(timer))
  }
}

function requireUrl(url: string | undefined): string {
  if (url === undefined) {
    throw usageError('the address of Keystone is required for the authentication keystone', {
      advice: 'Set GLANCE_AUTH_URL, or write auth_url into a file for --config-file.',
    })
  }
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url
  throw usageError(`invalid address of Keystone '${url}': expected an http or https URL`)
}

function findUser(settings: ValuesOf<typeof KEYSTONE>): ServiceUser | undefined {
  const {service_user: name, service_password: password} = settings
  if (name === undefined) return undefined
  if (password === undefined) {
    throw usageError(`a password is required for the user '${name}' of the service`, {
      advice: 'Set GLANCE_SERVICE_PASSWORD, or write service_password into a file for --config-file.',
    })
  }
  return {
    name,
    password,
    project: settings.service_project,
    userDomain: settings.service_user_domain,
    projectDomain: settings.service_project_domain,
  }
}
