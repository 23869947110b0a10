/** Takes the address of a service apart into its base and the version of its API. */
import {type Failure, usageError} from '../model/errors.js'
import {redactText} from './redact.js'

export interface ServiceBase {
  /** Without version, project and slash at its end; a path prefix is kept. */
  readonly url: string
  /** Major version that the address names. */
  readonly version?: number
}

export interface AddressOrigin {
  /** Where the address comes from, for the message. */
  readonly from?: string
  /** A last segment that is the project, as old catalogs have it, is taken off. */
  readonly projectId?: string | undefined
}

/** @throws Failure of kind usage for what is no http or https URL, or holds more than a place */
export function parseServiceBase(address: string, {from, projectId}: AddressOrigin = {}): ServiceBase {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname)
    throw unusableUrlError(address, 'it is no http or https URL', from)
  if (url.username || url.password)
    throw unusableUrlError(address, 'it holds a user name or password, which is not supported', from)
  if (url.search || url.hash) throw unusableUrlError(address, 'it has a query or a fragment', from)
  const path = stripProject(url.pathname.replace(/\/+$/, ''), projectId)
  const [, prefix = path, version] = /^(.*)\/v(\d+)(?:\.\d+)?$/.exec(path) ?? []
  const base = url.origin + prefix.replace(/\/+$/, '')
  return version ? {url: base, version: Number(version)} : {url: base}
}

/** @throws Failure of kind usage for a version of the Image API that nobody speaks */
export function requireSupportedVersion(version: number, address: string, from?: string): 1 | 2 {
  if (version === 1 || version === 2) return version
  throw usageError(`there is no version ${version} of the Image API`, {
    why: `the address ${redactText(address)} names it${describeOrigin(from)}`,
    advice: 'Take the version off the address.',
  })
}

function stripProject(path: string, projectId: string | undefined): string {
  const [, rest, last] = /^(.*)\/(?:AUTH_)?([^/]+)$/.exec(path) ?? []
  return projectId !== undefined && last === projectId ? (rest ?? '') : path
}

function unusableUrlError(address: string, why: string, from: string | undefined): Failure {
  return usageError(`the URL '${redactText(address)}' cannot be used`, {
    why: why + describeOrigin(from),
    advice: 'Write it like https://images.example.com:9292.',
  })
}

function describeOrigin(from: string | undefined): string {
  return from === undefined ? '' : `; it comes from ${from}`
}
