/** Explains why a login at an OpenID Connect provider failed, from the errors of openid-client, which hold secrets. */
import {ClientError, ResponseBodyError} from 'openid-client'
import {toSafeLine} from '../../http/errors/error-text.js'
import {redactSecrets} from '../../http/redact.js'
import {Failure, type FailureKind, usageError} from '../../model/errors.js'
import type {ProviderDescription} from './oidc-client.js'

/** Failure where the code would not be seen. */
export function noPersonError({name}: ProviderDescription): Failure {
  return usageError(`a person has to confirm the login at the identity provider '${name}'`, {
    advice: 'Log in with a command of the tool first, or with an application credential.',
  })
}

/** Failure for a page that cannot be opened in a browser. */
export function unusableLoginPageError({name, hint}: ProviderDescription): Failure {
  return new Failure('failed', `cannot use the response of the identity provider '${name}'`, {
    why: 'it names no page for the login',
    advice: hint,
  })
}

interface ProviderExplanation {
  readonly kind: FailureKind
  /** The message, in which `@` stands for the provider. */
  readonly what: string
  readonly why?: string
  /** Default: the values to check. */
  readonly advice?: string
}

const AGAIN = 'Run the command again.'

const EXPIRED: ProviderExplanation = {
  kind: 'unavailable',
  what: 'the login at @ was not confirmed in time',
  why: 'the code has expired',
  advice: AGAIN,
}
const NOT_ALLOWED: ProviderExplanation = {
  kind: 'usage',
  what: '@ does not allow this client to log in by device',
  advice: 'Ask its operator to enable the device authorization grant for the client.',
}
const UNREADABLE: ProviderExplanation = {
  kind: 'failed',
  what: '@ gave a response that cannot be used',
  why: 'it is not a response of an OpenID Connect provider',
}

/** By the codes of OAuth 2.0 (RFC 6749, 5.2; RFC 8628, 3.5) and of openid-client. */
const EXPLANATIONS: Readonly<Record<string, ProviderExplanation>> = {
  access_denied: {
    kind: 'denied',
    what: 'the login at @ was refused',
    why: 'it was not confirmed in the browser',
    advice: AGAIN,
  },
  expired_token: EXPIRED,
  invalid_client: {kind: 'denied', what: '@ rejected the client'},
  unauthorized_client: NOT_ALLOWED,
  unsupported_grant_type: NOT_ALLOWED,
  invalid_scope: {kind: 'usage', what: '@ rejected the scope'},
  OAUTH_MISSING_SERVER_METADATA: {
    kind: 'usage',
    what: '@ names no endpoint for logins by device',
    advice: 'Set OS_DEVICE_AUTHORIZATION_ENDPOINT, or device_authorization_endpoint of the cloud.',
  },
  OAUTH_HTTP_REQUEST_FORBIDDEN: {kind: 'failed', what: '@ names an address without TLS'},
}

/** Converts an error; a `Failure` of the connection stays as it is. */
export function toProviderFailure(error: unknown, description: ProviderDescription): Failure {
  const cause = error instanceof Error ? error.cause : undefined
  for (const each of [error, cause]) if (each instanceof Failure) return each
  const {what, advice, kind, why} = explain(error)
  return new Failure(
    kind,
    what.replace('@', () => `the identity provider '${description.name}'`),
    {
      why: readDescription(error, description.secrets) ?? why,
      advice: advice ?? description.hint,
      ...(error instanceof ResponseBodyError && {status: error.status}),
    },
  )
}

function explain(error: unknown): ProviderExplanation {
  if (error instanceof DOMException && error.name === 'TimeoutError') return EXPIRED
  if (error instanceof ResponseBodyError) {
    const {error: code, status} = error
    const known = Object.hasOwn(EXPLANATIONS, code) ? EXPLANATIONS[code] : undefined
    return known ?? {kind: status >= 500 ? 'unavailable' : 'failed', what: '@ did not accept the login'}
  }
  if (!(error instanceof ClientError)) return UNREADABLE
  const status = error.cause instanceof Response ? error.cause.status : 200
  if (status >= 400) return explainStatus(status)
  return EXPLANATIONS[error.code ?? ''] ?? (error.code === 'OAUTH_TIMEOUT' ? EXPIRED : UNREADABLE)
}

function explainStatus(status: number): ProviderExplanation {
  const why = `it answered ${status}`
  if (status >= 500 || status === 429)
    return {kind: 'unavailable', what: '@ is temporarily unavailable', why, advice: 'Try again later.'}
  return {kind: 'failed', what: '@ gave a response that cannot be used', why}
}

/** The provider's own sentence, and else its code if that is not explained. */
function readDescription(error: unknown, secrets: readonly string[]): string | undefined {
  if (!(error instanceof ResponseBodyError)) return undefined
  const code = Object.hasOwn(EXPLANATIONS, error.error) ? undefined : error.error
  const text = error.error_description || code
  return text && redactSecrets(toSafeLine(text), secrets)
}
