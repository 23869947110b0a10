/** Splits the address of a service into its base URL and the version of its API. */
import {type Failure, usageError} from '../model/errors.js'
import {redactText} from './redact.js'

/** The parts of the address of a service. */
export interface ServiceBase {
  /** Without version, project and trailing slash; a path prefix is kept. */
  readonly url: string
  /** Major version in the address. */
  readonly version?: number
}

/** Context of an address. */
export interface AddressOrigin {
  /** Origin of the address in messages: a flag, a variable, the catalog. */
  readonly from?: string
  /** Removed if it is the last segment of the path, as in old catalogs. */
  readonly projectId?: string | undefined
}

/**
 * Parses the address of a service.
 * @throws Failure of kind usage unless it is an http or https URL without user, query and fragment
 */
export function parseServiceBase(address: string, {from, projectId}: AddressOrigin = {}): ServiceBase {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname)
    throw invalidUrlError(address, 'it is not an http or https URL', from)
  if (url.username || url.password)
    throw invalidUrlError(address, 'it contains a user name or password, which is not supported', from)
  if (url.search || url.hash) throw invalidUrlError(address, 'it has a query or a fragment', from)
  const path = stripProject(url.pathname.replace(/\/+$/, ''), projectId)
  const [, prefix = path, version] = /^(.*)\/v(\d+)(?:\.\d+)?$/.exec(path) ?? []
  const base = url.origin + prefix.replace(/\/+$/, '')
  return version ? {url: base, version: Number(version)} : {url: base}
}

/**
 * Checks that the client supports a version of the Image API.
 * @throws Failure of kind usage for versions other than 1 and 2
 */
export function requireSupportedVersion(version: number, address: string, from?: string): 1 | 2 {
  if (version === 1 || version === 2) return version
  throw usageError(`unsupported Image API version ${version}`, {
    why: `it is in the address ${redactText(address)}${describeOrigin(from)}`,
    advice: 'Remove the version from the address.',
  })
}

function stripProject(path: string, projectId: string | undefined): string {
  const [, rest, last] = /^(.*)\/(?:AUTH_)?([^/]+)$/.exec(path) ?? []
  return projectId !== undefined && last === projectId ? (rest ?? '') : path
}

function invalidUrlError(address: string, why: string, from: string | undefined): Failure {
  return usageError(`invalid URL '${redactText(address)}'`, {
    why: why + describeOrigin(from),
    advice: 'Write it like https://images.example.com:9292.',
  })
}

function describeOrigin(from: string | undefined): string {
  return from === undefined ? '' : `; it comes from ${from}`
}
