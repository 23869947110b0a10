/** Takes the address of a service apart into its base and a version. */
import {redactText} from '../http/redact.js'
import type {Failure} from '../model/errors.js'
import {usageError} from '../model/errors.js'

export interface ServiceBase {
  /** Without version, project and slash at its end; a path prefix is kept. */
  readonly url: string
  /** Major version that the address names. */
  readonly version?: number
}

/**
 * @param from where the address comes from, for the message
 * @param projectId a last segment that is the project, as old catalogs have it, is taken off
 * @throws Failure of kind usage for what is no http or https URL
 */
export function serviceBase(address: string, from: string, projectId?: string): ServiceBase {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname) throw unusable(address, from)
  if (url.username || url.password || url.search || url.hash) throw overloaded(address, from)
  const path = withoutProject(url.pathname.replace(/\/+$/, ''), projectId)
  const [, prefix = path, version] = /^(.*)\/v(\d+)(?:\.\d+)?$/.exec(path) ?? []
  const base = url.origin + prefix.replace(/\/+$/, '')
  return version ? {url: base, version: Number(version)} : {url: base}
}

function withoutProject(path: string, projectId: string | undefined): string {
  const [, rest, last] = /^(.*)\/(?:AUTH_)?([^/]+)$/.exec(path) ?? []
  return projectId !== undefined && last === projectId ? (rest ?? '') : path
}

function overloaded(address: string, from: string): Failure {
  return usageError(`the URL '${redactText(address)}' cannot be used`, {
    why: `it holds a user, a query or a fragment, which the address of a service has not; it comes from ${from}`,
    advice: 'Write it like https://images.example.com:9292.',
  })
}

function unusable(address: string, from: string): Failure {
  return usageError(`the URL '${redactText(address)}' cannot be used`, {
    why: `it is no http or https URL; it comes from ${from}`,
    advice: 'Write it like https://images.example.com:9292.',
  })
}
