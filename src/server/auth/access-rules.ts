/** Access rules of application credentials: the requests for which a token may be used. */
import {isJsonObject} from '../../lib/model/json-object.js'

/** Requests to a service that are allowed. */
export interface AccessRule {
  /** Type of the service. */
  readonly service: string
  readonly method: string
  /** With `*` or `{name}` for a part of a path, and `**` for any rest. */
  readonly path: string
}

/** Type of this service in rules. */
const SERVICE_TYPE = 'image'

/** Parses the rules in a token; undefined if it has none. A rule that is not understood allows nothing. */
export function parseAccessRules(value: unknown): readonly AccessRule[] | undefined {
  if (value === undefined || value === null) return undefined
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  return list.flatMap(rule => {
    const {service, method, path} = isJsonObject(rule) ? rule : {}
    const isKnown = typeof service === 'string' && typeof method === 'string' && typeof path === 'string'
    return isKnown ? [{service, method, path}] : []
  })
}

/** True if one of the rules allows the request. @param path canonical path of the request, without its query */
export function isAllowed(rules: readonly AccessRule[], method: string, path: string): boolean {
  if (path.length > MAX_PATH) return false
  return rules.some(
    rule => rule.service === SERVICE_TYPE && rule.method === method && matchesPath(rule.path, path),
  )
}

/** Characters of a path; longer ones match no rule, because the work grows with the length of both. */
const MAX_PATH = 4096

const WILDCARDS = /\{[^}]*\}|\*\*|\*|./gs

/**
 * True if the path matches the whole pattern. All positions in the path are followed at once, so that the time does not
 * grow with the number of wildcards: callers write these patterns.
 */
function matchesPath(pattern: string, path: string): boolean {
  let positions = new Set([0])
  for (const part of pattern.match(WILDCARDS) ?? []) {
    const next = new Set<number>()
    for (const position of positions) addEnds(part, path, position, next)
    positions = next
  }
  return positions.has(path.length)
}

/** Adds the positions at which a part of a pattern may end that begins at this one. */
function addEnds(part: string, path: string, start: number, ends: Set<number>): void {
  if (part === '**') {
    for (let end = start; end <= path.length && !ends.has(end); end += 1) ends.add(end)
  } else if (part.length > 1 || part === '*') {
    for (let end = start + 1; end <= path.length && path[end - 1] !== '/' && !ends.has(end); end += 1)
      ends.add(end)
  } else if (path[start] === part) ends.add(start + 1)
}
