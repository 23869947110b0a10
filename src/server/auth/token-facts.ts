/** What a token states about its owner, as Keystone returns it. */
import {isJsonObject} from '../../lib/model/json-object.js'
import {type AccessRule, parseAccessRules} from './access-rules.js'

/** A token that Keystone has validated, without the token itself. */
export interface TokenFacts {
  readonly user: string | null
  /** Null: the token is for no project. */
  readonly project: string | null
  /** None for a token for a domain. */
  readonly roles: readonly string[]
  /** The token is for the whole cloud. */
  readonly isSystemScoped: boolean
  /** Milliseconds since 1970; undefined if Keystone states no valid time. */
  readonly expiresAt: number | undefined
  /** The requests for which an application credential may be used; undefined: all. */
  readonly accessRules: readonly AccessRule[] | undefined
}

/** Parses the response of Keystone; undefined for anything else. */
export function parseTokenFacts(document: unknown): TokenFacts | undefined {
  const token = isJsonObject(document) ? document['token'] : undefined
  if (!isJsonObject(token)) return undefined
  const {user, project, domain, system, expires_at: expiry, application_credential: credential} = token
  // Administrators of a domain are not those of the cloud, and images do not belong to domains.
  const roles = domain === undefined ? token['roles'] : []
  const time = typeof expiry === 'string' ? Date.parse(expiry) : Number.NaN
  return {
    user: parseText(user, 'id') ?? null,
    project: parseText(project, 'id') ?? null,
    roles: Array.isArray(roles) ? roles.flatMap(role => parseText(role, 'name') ?? []) : [],
    isSystemScoped: isJsonObject(system) && system['all'] === true,
    expiresAt: Number.isNaN(time) ? undefined : time,
    accessRules: isJsonObject(credential) ? parseAccessRules(credential['access_rules']) : undefined,
  }
}

function parseText(value: unknown, name: string): string | undefined {
  const text = isJsonObject(value) ? value[name] : undefined
  return typeof text === 'string' ? text : undefined
}
