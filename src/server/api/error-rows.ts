/** Tables of the responses to errors of the service, and what the tables of both API versions share. */
import {HttpError, type HttpErrorText} from '../http/http-error.js'
import {BodyAborted} from '../http/request-body.js'
import {type ErrorCode, type ErrorFacts, ServiceError, translateDiskError} from '../images/errors.js'

/** Status and text of a response. */
export interface ErrorRow<Facts> {
  readonly status: number
  readonly explanation?: (facts: Facts) => string
  /** Text after the explanation, or after the default explanation of the status. */
  readonly detail?: (facts: Facts) => string
  /** Seconds after which the request may succeed. */
  readonly retryAfter?: number
}

/** A row for each of the codes. A table satisfies it with the codes that its API version can meet. */
export type ErrorTable<Codes extends ErrorCode> = {readonly [C in Codes]: ErrorRow<ErrorFacts[C]>}

/** The rows of a table for look-ups by any code; one without a row is a defect there. */
export type ErrorRows = {readonly [C in ErrorCode]?: ErrorRow<ErrorFacts[C]>}

/** Creates a row with an explanation. */
export function explain<Facts>(status: number, explanation: (facts: Facts) => string): ErrorRow<Facts> {
  return {status, explanation}
}

/** Creates a row with a detail after the default explanation of the status. */
export function addDetail<Facts>(status: number, detail: (facts: Facts) => string): ErrorRow<Facts> {
  return {status, detail}
}

/** Fills facts into the texts of a row. */
export function renderRow<Facts>({explanation, detail}: ErrorRow<Facts>, facts: Facts): HttpErrorText {
  return {
    ...(explanation && {explanation: explanation(facts)}),
    ...(detail && {detail: detail(facts)}),
  }
}

/** The headers of a row. */
export function renderHeaders({retryAfter}: Pick<ErrorRow<never>, 'retryAfter'>): Record<string, string> {
  return retryAfter === undefined ? {} : {'retry-after': String(retryAfter)}
}

/** Converts an error to one of HTTP or of the service; returns undefined for a defect. */
export function classifyError(error: unknown): HttpError | ServiceError | undefined {
  // wire/v1.md#j3.
  if (error instanceof BodyAborted) {
    return new HttpError(400, {explanation: 'Client disconnected before sending all data to backend'})
  }
  const known = translateDiskError(error, 'metadata')
  return known instanceof HttpError || known instanceof ServiceError ? known : undefined
}

/** What a handler throws for an error: the response with the error as its cause, or the error if that is a defect. */
export function toThrown(response: HttpError | undefined, error: unknown): unknown {
  if (response === undefined || response === error) return error
  response.cause = error
  return response
}

const LIMITED: Readonly<Record<ErrorFacts['limit-exceeded']['of'], string>> = {
  properties: 'image properties',
  'property bytes': 'bytes in image properties',
  tags: 'image tags',
  members: 'image members for this image',
  locations: 'image locations',
  'location characters': 'characters in image locations',
  jobs: 'imports and copies that wait',
}

/** The responses when the database of the registry is away or refuses a text, and to an upload that seemed to be dead. */
export const REGISTRY_ROWS = {
  'registry-unavailable': {
    ...explain(503, () => 'The registry is not available: its database does not answer. Try again later.'),
    retryAfter: 5,
  },
  'text-too-long': explain(413, () => 'A name, a property or an owner is too long for the registry.'),
  'upload-taken-over': explain(
    503,
    ({id}) =>
      `The upload into image ${id} was ended by another process of the service, ` +
      'because the one that received it did not reach the registry for too long.',
  ),
} satisfies Pick<ErrorRows, 'registry-unavailable' | 'text-too-long' | 'upload-taken-over'>

/** The responses to refused data, as of services since 2025, to signatures, and to formats that do not match (wire/v1.md#f27). */
export const CONTENT_ROWS = {
  'formats-mixed': explain(
    400,
    () =>
      'Invalid mix of disk and container formats. When setting a disk or container format to one of ' +
      "'aki', 'ari', or 'ami', the container and disk formats must match.",
  ),
  'unsupported-content': explain(
    415,
    ({found, expected}) => `Image disk_format ${expected} does not match stream data ${found}`,
  ),
  'unsafe-content': explain(415, ({reason}) => `Image failed safety checks: ${reason}`),
  'bad-signature': explain(400, ({id, reason}) => `Signature verification failed for image ${id}: ${reason}`),
} satisfies Pick<ErrorRows, 'formats-mixed' | 'unsupported-content' | 'unsafe-content' | 'bad-signature'>

/** The responses to data and images beyond a quota. */
export const QUOTA_ROWS = {
  'data-over-cap': explain(
    413,
    ({maximum}) => `Denying attempt to upload image larger than ${maximum} bytes.`,
  ),
  'quota-exceeded': explain(
    413,
    ({quota, limit, used}) => `Resource ${quota} is over limit of ${limit} due to current usage ${used}.`,
  ),
} satisfies Pick<ErrorRows, 'data-over-cap' | 'quota-exceeded'>

/** The text for a limit, as the real service has it (wire/v1.md#l34). */
export function describeLimit({of, attempted, maximum}: ErrorFacts['limit-exceeded']): string {
  const counts = `Attempted: ${attempted}, Maximum: ${maximum}`
  return `The limit has been exceeded on the number of allowed ${LIMITED[of]}. ${counts}`
}

/** The text for an operation that the role of the caller does not allow. */
export function describeForbiddenOperation({operation}: ErrorFacts['not-permitted']): string {
  return `You are not authorized to complete ${operation} action.`
}

const FETCH_SETTINGS = 'allowed_schemes, allowed_hosts, allowed_ports, or --fetch-from-anywhere'

/** The text for a URL that the service does not fetch. */
export function describeForbidden({reason}: {readonly reason: string}): string {
  return `${reason}. The service fetches from there only if its settings allow it: ${FETCH_SETTINGS}.`
}

/** The text of a response, or of the error itself if that is a defect. */
export function describeResponse(response: HttpError | undefined, error: unknown): string {
  const shown = response ?? error
  return shown instanceof Error ? shown.message : String(shown)
}
