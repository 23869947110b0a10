/** The answer to a request that fails, before it has a shape. */
import {STATUS_CODES} from 'node:http'

/** Titles in which the service is older than Node's own list (wire/v1.md#l34). */
const LEGACY_TITLES: Readonly<Record<number, string>> = {
  413: 'Request Entity Too Large',
  416: 'Request Range Not Satisfiable',
}

/**
 * Explanations of answers that have only a detail, and of statuses that explain themselves (wire/v1.md#d18, #e9,
 * #g28, #f11).
 */
const EXPLANATIONS: Readonly<Record<number, string>> = {
  400: 'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  403: 'Access was denied to this resource.',
  404: 'The resource could not be found.',
  409: 'There was a conflict when trying to complete your request.',
  416: 'The Range requested is not available.',
  500: 'The server has either erred or is incapable of performing the requested operation.',
}

/** The text of an error: an explanation, a detail after it, or both. */
export interface HttpErrorText {
  readonly explanation?: string
  readonly detail?: string
}

/** Thrown by routes; the error writer gives it the shape that the client asked for. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number
  readonly explanation: string
  readonly detail: string
  readonly headers: Readonly<Record<string, string>>
  /** The body when it is not explanation and detail; markup included. */
  readonly body: string | undefined

  constructor(
    status: number,
    words: HttpErrorText & {readonly body?: string} = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    const explanation = words.explanation ?? EXPLANATIONS[status] ?? ''
    super(words.detail || explanation)
    this.status = status
    this.explanation = explanation
    this.detail = words.detail ?? ''
    this.headers = headers
    this.body = words.body
  }

  /** `Not Found` */
  get title(): string {
    return reasonPhrase(this.status)
  }
}

/** The reason phrase of a status. */
function reasonPhrase(status: number): string {
  return LEGACY_TITLES[status] ?? STATUS_CODES[status] ?? 'Unknown'
}

/** The method does not go with the resource (wire/v1.md#k1, #i41). `allow` empty: the header is left out. */
export function methodNotAllowed(method: string, allow: string): HttpError {
  const body = `The method ${method} is not allowed for this resource. <br /><br />\n`
  return new HttpError(405, {body}, allow ? {allow} : {})
}

/** A request that cannot be understood: 400, with this explanation. */
export function badRequest(explanation: string): HttpError {
  return new HttpError(400, {explanation})
}
