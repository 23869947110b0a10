/** Errors of the S3 client as errors of a store. The messages reach callers: they name neither hosts nor buckets nor keys. */
import {StoreMissing, StoreUnavailable} from '../store.js'

/** What is known about an error of S3. */
export interface S3Problem {
  /** HTTP status; undefined if there was no response. */
  readonly status: number | undefined
  /** Code of S3, or of the network. */
  readonly code: string
  readonly cause: unknown
}

const MISSING: ReadonlySet<string> = new Set(['NoSuchKey', 'NotFound'])
const FULL: ReadonlySet<string> = new Set(['QuotaExceeded', 'InsufficientStorage', 'XMinioStorageFull'])

/** The status and the code of an error that the client threw. */
export function readProblem(error: unknown): S3Problem {
  const {$metadata, name, code} = error as {
    $metadata?: {httpStatusCode?: number}
    name?: string
    code?: string
  }
  const status = $metadata?.httpStatusCode
  const text = (status === undefined ? (code ?? name) : name) ?? ''
  // A response to HEAD has no code.
  const isNamed = /^\w{1,40}$/.test(text) && !/^(Unknown|UnknownError|\d+)$/.test(text)
  return {status, code: isNamed ? text : 'no reason given', cause: error}
}

/** The error of a store for an error that the client threw. */
export function toStoreError(error: unknown): Error {
  const {status, code} = readProblem(error)
  if (MISSING.has(code)) return new StoreMissing('nothing found in S3')
  if (status === 507 || FULL.has(code)) {
    return Object.assign(new Error(`ENOSPC: S3 has no space left (${code})`), {code: 'ENOSPC'})
  }
  // A defect here has neither a status nor a code.
  if (status === undefined && /^(Type|Range)?Error$/.test(code)) return error as Error
  if (status === undefined) return new StoreUnavailable(`S3 cannot be reached (${code})`)
  if (code === 'NoSuchBucket') return new StoreUnavailable('the bucket does not exist')
  if (status === 401 || status === 403) return new StoreUnavailable(`S3 refuses access (${code})`)
  return new StoreUnavailable(`S3 answered ${status} (${code})`)
}
