/** Errors with an HTTP status and texts, independent of the media type of the response. */
import {STATUS_CODES} from 'node:http'

/** Reason phrases that are older than those of the runtime (wire/v1.md#l34). */
const LEGACY_TITLES: Readonly<Record<number, string>> = {
  413: 'Request Entity Too Large',
  416: 'Request Range Not Satisfiable',
}

/** Default explanations of errors by status (wire/v1.md#d18, #e9, #g28, #f11). */
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

/** An error response, which handlers throw; `renderError` formats it for the client. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  /** HTTP status code. */
  readonly status: number
  /** First part of the text; the default of the status if none was given. */
  readonly explanation: string
  /** Second part of the text, or empty. */
  readonly detail: string
  /** Headers of the response. */
  readonly headers: Readonly<Record<string, string>>
  /** Text with markup, which replaces explanation and detail. */
  readonly body: string | undefined

  constructor(
    status: number,
    text: HttpErrorText & {readonly body?: string} = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    const explanation = text.explanation ?? EXPLANATIONS[status] ?? ''
    super(text.detail || explanation)
    this.status = status
    this.explanation = explanation
    this.detail = text.detail ?? ''
    this.headers = headers
    this.body = text.body
  }

  /** The reason phrase, for example `Not Found`. */
  get title(): string {
    return reasonPhrase(this.status)
  }
}

function reasonPhrase(status: number): string {
  return LEGACY_TITLES[status] ?? STATUS_CODES[status] ?? 'Unknown'
}

/**
 * The error for a method that the resource does not have (wire/v1.md#k1, #i41).
 * @param allow value of the Allow header; empty: no header
 */
export function methodNotAllowed(method: string, allow: string): HttpError {
  const body = `The method ${method} is not allowed for this resource. <br /><br />\n`
  return new HttpError(405, {body}, allow ? {allow} : {})
}

/** The error 400 with an explanation. */
export function badRequest(explanation: string): HttpError {
  return new HttpError(400, {explanation})
}
