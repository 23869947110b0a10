/** Removes secrets from text before it is shown. */

const SECRET_HEADERS =
  /^(x-auth-token|x-subject-token|x-service-token|x-storage-token|authorization|proxy-authorization|cookie|set-cookie|x-auth-key|.*(password|secret).*)$/i

/** Names of secrets, by their endings: `adminPassword`, `auth_token`, `X-Amz-Signature`, `temp_url_sig`. */
const SECRET_NAME =
  '(?:[\\w.-]*(?:passw(?:or)?d|secret|token|signature|(?:api|auth|access)[_-]?key)|(?:[\\w.-]*[_.-])?sig)'

/** `scheme://user:password@host`, in a URL or anywhere in a text. The bound on the scheme keeps it linear. */
const USER_IN_URL = /\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^/?#\s'"<>]*@/gi
const SECRET_IN_QUERY = new RegExp(`([?&;]${SECRET_NAME}=)[^&;#\\s'"<>]*`, 'gi')
const SECRET_IN_JSON = new RegExp(`("${SECRET_NAME}"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`, 'gi')

/** Replaces a secret. */
export const REDACTED = '***'

/** Masks the passwords and tokens of URLs and JSON in a text. */
export function redactText(text: string): string {
  return text
    .replace(USER_IN_URL, `$1${REDACTED}@`)
    .replace(SECRET_IN_QUERY, `$1${REDACTED}`)
    .replace(SECRET_IN_JSON, `$1"${REDACTED}"`)
}

/** The value of a header with its secrets masked. */
export function redactHeader(name: string, value: string): string {
  return SECRET_HEADERS.test(name) ? REDACTED : redactText(value)
}

/** Minimum length of a secret in characters; a shorter one may be part of ordinary text. */
export const MIN_SECRET_LENGTH = 8

/** Masks these secrets in the message of a server. */
export function redactSecrets(text: string, secrets: readonly string[]): string {
  const secretsToHide = secrets.filter(({length}) => length >= MIN_SECRET_LENGTH)
  return secretsToHide.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text)
}
