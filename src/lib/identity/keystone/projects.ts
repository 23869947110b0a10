/** Finds projects by their names, as far as the caller may look them up. */
import type {Request, Send} from '../../http/message.js'
import {Failure} from '../../model/errors.js'
import {isJsonObject, type JsonObject} from '../../model/json-object.js'
import type {Identity, ProjectLookup} from '../identity.js'
import type {LoginDescription} from './describe-login.js'
import {callKeystone, parseId, parseName, toV3Url} from './request.js'

/** Access to the Identity service. */
export interface ProjectSource {
  /** Provides the token. */
  readonly identity: Pick<Identity, 'session' | 'renew'>
  readonly send: Send
  readonly authUrl: string
  /** For messages. */
  readonly login: LoginDescription
}

/** Ids of projects: UUIDs, usually without hyphens. */
const ID_PATTERN = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/**
 * Looks a project up: among all projects if the caller may list them, otherwise among those that the caller has a role in;
 * then by its id. Sends nothing for text that looks like an id.
 * @throws Failure of kind ambiguous if several projects have the name, and for an interruption
 */
export async function findProject(nameOrId: string, source: ProjectSource): Promise<ProjectLookup> {
  if (ID_PATTERN.test(nameOrId)) return {kind: 'as-given'}
  try {
    const {projects, areAll} = await listCandidates(nameOrId, source)
    const matches = projects.filter(project => parseName(project) === nameOrId)
    const [id, ...others] = matches.flatMap(project => parseId(project) ?? [])
    if (others.length > 0) throw ambiguousError(nameOrId, matches)
    if (id !== undefined) return {kind: 'name', id}
    if (await isProjectId(nameOrId, source)) return {kind: 'id'}
    return {kind: 'unknown', why: explainAbsence(nameOrId, areAll)}
  } catch (error) {
    if (!(error instanceof Failure) || ['ambiguous', 'interrupted'].includes(error.kind)) throw error
    return {kind: 'unknown', why: `cannot look up the project '${nameOrId}': ${error.why ?? error.message}`}
  }
}

function explainAbsence(name: string, areAll: boolean): string {
  return areAll
    ? `no project has the name '${name}'`
    : `none of your projects has the name '${name}', and you may not look up those of others: give the project id`
}

interface Candidates {
  readonly projects: readonly JsonObject[]
  /** All projects were searched, not only those of the caller. */
  readonly areAll: boolean
}

/** An ordinary user gets 403 for the list of all projects. */
async function listCandidates(name: string, source: ProjectSource): Promise<Candidates> {
  try {
    return {projects: await list(`projects?${new URLSearchParams({name})}`, source), areAll: true}
  } catch (error) {
    if (!isDenied(error)) throw error
    return {projects: await list('auth/projects', source), areAll: false}
  }
}

async function list(path: string, source: ProjectSource): Promise<readonly JsonObject[]> {
  const {projects} = await get(path, source)
  return Array.isArray(projects) ? projects.filter(isJsonObject) : []
}

/** The ids of some clouds do not look like ids. A domain has one too, but cannot be a member. */
async function isProjectId(id: string, source: ProjectSource): Promise<boolean> {
  try {
    const {project} = await get(`projects/${encodeURIComponent(id)}`, source)
    return isJsonObject(project) && parseId(project) === id && project['is_domain'] !== true
  } catch (error) {
    if (isDenied(error) || (error instanceof Failure && error.status === 404)) return false
    throw error
  }
}

/** Sends a request with a token, and once more with a new one after 401. */
async function get(path: string, {identity, send, authUrl, login}: ProjectSource): Promise<JsonObject> {
  const [route = '', query] = path.split('?')
  const url = toV3Url(authUrl, route) + (query === undefined ? '' : `?${query}`)
  const request = ({headers}: {readonly headers: Readonly<Record<string, string>>}): Request => {
    return {method: 'GET', url, headers: {accept: 'application/json', ...headers}}
  }
  try {
    return (await callKeystone(send, request(await identity.session()), login)).document
  } catch (error) {
    const renewed = error instanceof Failure && error.status === 401 ? await identity.renew() : undefined
    if (renewed === undefined) throw error
    return (await callKeystone(send, request(renewed), login)).document
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof Failure && error.status === 403
}

function ambiguousError(name: string, projects: readonly JsonObject[]): Failure {
  const choices = projects.map(project => `${parseId(project)} (domain ${String(project['domain_id'])})`)
  return new Failure('ambiguous', `more than one project has the name '${name}'`, {
    why: choices.join('; '),
    advice: 'Use the id of the project.',
  })
}
