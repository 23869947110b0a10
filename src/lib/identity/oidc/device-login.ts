/** Logs in by the device flow of OAuth 2.0 (RFC 8628): a person confirms the login in a browser on any machine. */
import {
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  type DeviceAuthorizationResponse,
  type DiscoveryRequestOptions,
  discovery,
  initiateDeviceAuthorization,
  None,
  pollDeviceAuthorizationGrant,
  randomPKCECodeVerifier,
  type ServerMetadata,
} from 'openid-client'
import type {Send} from '../../http/message.js'
import type {DeviceLogin, DeviceLoginOptions, OidcClient, ProviderDescription} from './oidc-client.js'
import {noPersonError, toProviderFailure, unusableLoginPageError} from './provider-errors.js'
import {toFetch} from './provider-fetch.js'

/** Seconds. A code that is said to live longer is given up after a day. */
const MAX_CODE_SECONDS = 86_400

/**
 * Logs in: shows a person the page and the code, and waits until they have confirmed the login.
 * @returns the access token
 * @throws Failure of kind usage, denied, unavailable or failed, without secrets; or the reason of the signal
 */
export async function logInByDevice(
  client: OidcClient,
  options: DeviceLoginOptions | undefined,
  description: ProviderDescription,
): Promise<string> {
  if (!options?.showDeviceLogin) throw noPersonError(description)
  const {openProvider, showDeviceLogin, signal} = options
  let deviceCode = ''
  try {
    const provider = await configureProvider(client, await openProvider())
    const {start, finish} = await createChallenge(client.codeChallengeMethod)
    const response = await initiateDeviceAuthorization(provider, {scope: client.scope, ...start})
    deviceCode = response.device_code
    const login = toDeviceLogin(response)
    if (!login) throw unusableLoginPageError(description)
    showDeviceLogin(login)
    return await waitForPerson(provider, response, finish, signal)
  } catch (error) {
    signal?.throwIfAborted()
    const secrets = [...description.secrets, deviceCode]
    throw toProviderFailure(error, {...description, secrets})
  }
}

/** Endpoints of the settings override those of the provider's document. */
async function configureProvider(client: OidcClient, send: Send): Promise<Configuration> {
  const {id, discoveryEndpoint, deviceAuthorizationEndpoint, accessTokenEndpoint} = client
  const fetch = toFetch(send)
  const metadata: ServerMetadata = {
    ...(await discoverProvider(client, {[customFetch]: fetch, execute: allowPlain([discoveryEndpoint])})),
    ...(deviceAuthorizationEndpoint && {device_authorization_endpoint: deviceAuthorizationEndpoint}),
    ...(accessTokenEndpoint && {token_endpoint: accessTokenEndpoint}),
  }
  const provider = new Configuration(metadata, id, undefined, chooseClientAuth(client, metadata))
  provider[customFetch] = fetch
  // An address without TLS is used if a setting names one, as that of Keystone; a document from TLS cannot lead to one.
  const given = [discoveryEndpoint, deviceAuthorizationEndpoint, accessTokenEndpoint]
  const used = [metadata.device_authorization_endpoint, metadata.token_endpoint]
  const isLedAway = !isPlain(discoveryEndpoint) && used.some(url => isPlain(url) && !given.includes(url))
  if (!isLedAway) for (const extend of allowPlain(given)) extend(provider)
  return provider
}

function isPlain(url: string | undefined): boolean {
  return url?.startsWith('http:') ?? false
}

/** The permission to use addresses without TLS, if one of these is without it. */
function allowPlain(urls: readonly (string | undefined)[]) {
  return urls.some(isPlain) ? [allowInsecureRequests] : []
}

async function discoverProvider(
  {id, discoveryEndpoint, accessTokenEndpoint}: OidcClient,
  options: DiscoveryRequestOptions,
): Promise<ServerMetadata> {
  if (discoveryEndpoint === undefined) return {issuer: new URL('/', accessTokenEndpoint).href}
  const provider = await discovery(new URL(discoveryEndpoint), id, undefined, undefined, options)
  return provider.serverMetadata() as ServerMetadata
}

/** In the body, which all providers read alike, unless this one accepts the secret in a header only. */
function chooseClientAuth({secret}: OidcClient, {token_endpoint_auth_methods_supported}: ServerMetadata) {
  if (secret === undefined) return None()
  const isPosted = token_endpoint_auth_methods_supported?.includes('client_secret_post') ?? true
  return isPosted ? ClientSecretPost(secret) : ClientSecretBasic(secret)
}

/** The parameters of a proof key for the first request and for those that wait. */
async function createChallenge(method: OidcClient['codeChallengeMethod']) {
  if (method === undefined) return {start: {}, finish: {}}
  const verifier = randomPKCECodeVerifier()
  const challenge = method === 'plain' ? verifier : await calculatePKCECodeChallenge(verifier)
  return {
    start: {code_challenge: challenge, code_challenge_method: method},
    finish: {code_verifier: verifier},
  }
}

/** @returns undefined for an address that is not that of a page */
function toDeviceLogin(response: DeviceAuthorizationResponse): DeviceLogin | undefined {
  const {verification_uri, verification_uri_complete, user_code, expires_in} = response
  if (!isPage(verification_uri)) return undefined
  return {
    url: verification_uri,
    code: user_code,
    ...(isPage(verification_uri_complete) && {urlWithCode: verification_uri_complete}),
    expiresAt: new Date(Date.now() + Math.min(expires_in, MAX_CODE_SECONDS) * 1000),
  }
}

function isPage(url: string | undefined): url is string {
  return url !== undefined && /^https?:/.test(url) && URL.canParse(url)
}

/** The library notices a signal only once in five seconds, so a race ends the wait. */
async function waitForPerson(
  provider: Configuration,
  response: DeviceAuthorizationResponse,
  parameters: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const expiry = AbortSignal.timeout(Math.min(response.expires_in, MAX_CODE_SECONDS) * 1000)
  const ended = signal ? AbortSignal.any([signal, expiry]) : expiry
  const token = pollDeviceAuthorizationGrant(provider, response, parameters, {signal: ended})
  const aborted = new Promise<never>((_, reject) => {
    ended.addEventListener('abort', () => reject(ended.reason), {once: true})
  })
  return (await Promise.race([token, aborted])).access_token
}
