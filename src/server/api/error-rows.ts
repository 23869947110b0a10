/** The form of the tables in which an API version states its answers to errors of the service. */
import {HttpError, type HttpErrorText} from '../http/http-error.js'
import {BodyAborted} from '../http/request-body.js'
import {type ErrorCode, type ErrorFacts, ServiceError, translateDiskFull} from '../images/errors.js'

/** Status and text of an answer. */
export interface ErrorRow<Facts> {
  readonly status: number
  readonly explanation?: (facts: Facts) => string
  /** Follows the explanation, or the usual one of the status. */
  readonly detail?: (facts: Facts) => string
}

/** A row for each error that can reach an API version; any other is a defect. */
export type ErrorTable = {readonly [C in ErrorCode]?: ErrorRow<ErrorFacts[C]>}

/** A row with an explanation. */
export function explain<Facts>(status: number, explanation: (facts: Facts) => string): ErrorRow<Facts> {
  return {status, explanation}
}

/** A row with a detail after the usual explanation of the status. */
export function addDetail<Facts>(status: number, detail: (facts: Facts) => string): ErrorRow<Facts> {
  return {status, detail}
}

/** The text of a row for those facts. */
export function fillRow<Facts>({explanation, detail}: ErrorRow<Facts>, facts: Facts): HttpErrorText {
  return {
    ...(explanation && {explanation: explanation(facts)}),
    ...(detail && {detail: detail(facts)}),
  }
}

/** The error as one of HTTP or of the service, if it is not a defect. */
export function classifyError(error: unknown): HttpError | ServiceError | undefined {
  // wire/v1.md#j3.
  if (error instanceof BodyAborted) {
    return new HttpError(400, {explanation: 'Client disconnected before sending all data to backend'})
  }
  const known = translateDiskFull(error)
  return known instanceof HttpError || known instanceof ServiceError ? known : undefined
}

const LIMITED: Readonly<Record<ErrorFacts['limit-exceeded']['of'], string>> = {
  properties: 'image properties',
  'property bytes': 'bytes in image properties',
  tags: 'image tags',
  members: 'image members for this image',
  locations: 'image locations',
  'location characters': 'characters in image locations',
}

/** The text of the real service, which clients know (wire/v1.md#l34). */
export function describeLimit({of, attempted, maximum}: ErrorFacts['limit-exceeded']): string {
  const counts = `Attempted: ${attempted}, Maximum: ${maximum}`
  return `The limit has been exceeded on the number of allowed ${LIMITED[of]}. ${counts}`
}

/** The text for a URL that the service does not fetch from. */
export function describeForbidden({reason}: {readonly reason: string}): string {
  return `${reason}. The service fetches from there only when it was started with --fetch-from-anywhere.`
}

/** The text of an answer, or that of the error for a defect. */
export function describeAnswer(answer: HttpError | undefined, error: unknown): string {
  const shown = answer ?? error
  return shown instanceof Error ? shown.message : String(shown)
}
