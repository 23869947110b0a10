/** Determines the callers of requests by tokens that Keystone validates. */
import type {FastifyRequest} from 'fastify'
import {HttpError} from '../http/http-error.js'
import {type Caller, createCaller} from '../images/policy.js'
import type {Policy} from '../policy/policy.js'
import {isAllowed} from './access-rules.js'
import type {TokenFactsCache} from './token-cache.js'
import type {TokenFacts} from './token-facts.js'
import {unauthorized} from './unauthorized.js'
import {KeystoneAway, type TokenValidator} from './validator.js'

/** Dependencies and settings. */
export interface KeystoneCallersParts {
  readonly validator: TokenValidator
  readonly cache: TokenFactsCache
  readonly policy: Policy
  /** Images belong to users in place of projects. */
  readonly belongsToUser: boolean
  /** URL of Keystone for callers. */
  readonly publicUrl: string
  /** Roles that make a token a service token, in lower case. */
  readonly serviceRoles: readonly string[]
  /** Answer 401 in place of 503 when Keystone is away. */
  readonly hidesOutage: boolean
  readonly log: (line: string) => void
  readonly warn: (line: string) => void
}

/** What a header may hold as a token: others are refused without a question to Keystone. */
const TOKEN = /^[\x21-\x7e]+$/

/**
 * Identifies callers. Of a request only the tokens are read: headers in which callers state who they are, as middleware of
 * the original passes it on, have no effect.
 */
export class KeystoneCallers {
  readonly #parts: KeystoneCallersParts
  #isAway = false

  constructor(parts: KeystoneCallersParts) {
    this.#parts = parts
  }

  /** @throws HttpError 401 for a request without a valid token, 503 when Keystone is away */
  readonly identify = async (request: FastifyRequest): Promise<Caller> => {
    const {policy, belongsToUser} = this.#parts
    const isServiceRequest = await this.#isServiceRequest(readToken(request, 'x-service-token'))
    const facts = await this.#find(readToken(request, 'x-auth-token'), isServiceRequest)
    const path = request.url.split('?')[0] ?? ''
    const isRestricted = facts.accessRules !== undefined && !isServiceRequest
    if (isRestricted && !isAllowed(facts.accessRules ?? [], request.method, path)) throw this.#refusal()
    const {user, project, roles, isSystemScoped} = facts
    return createCaller(policy, {user, project: belongsToUser ? user : project, roles, isSystemScoped})
  }

  /** True for a request that another service passes on. @throws HttpError 401 for an invalid service token */
  async #isServiceRequest(token: string | undefined): Promise<boolean> {
    if (token === undefined) return false
    const {roles} = await this.#find(token, false)
    if (roles.some(role => this.#parts.serviceRoles.includes(role.toLowerCase()))) return true
    throw this.#refusal()
  }

  async #find(token: string | undefined, allowExpired: boolean): Promise<TokenFacts> {
    const {validator, cache} = this.#parts
    if (token === undefined || !TOKEN.test(token)) throw this.#refusal()
    const kind = allowExpired ? 'also expired' : 'valid'
    const facts = await cache
      .find(token, kind, () => validator.validate(token, allowExpired).then(found => this.#noteAnswer(found)))
      .catch(error => {
        throw error instanceof KeystoneAway ? this.#noteOutage(error) : error
      })
    if (facts && (allowExpired || !isExpired(facts))) return facts
    throw this.#refusal()
  }

  #noteAnswer(facts: TokenFacts | undefined): TokenFacts | undefined {
    if (this.#isAway) this.#parts.log('Keystone validates tokens again')
    this.#isAway = false
    return facts
  }

  /** Warns once for each outage. */
  #noteOutage({message}: KeystoneAway): HttpError {
    const {hidesOutage, warn} = this.#parts
    const status = hidesOutage ? 401 : 503
    if (!this.#isAway) warn(`cannot validate tokens: ${message}; requests with new tokens get ${status}`)
    this.#isAway = true
    if (hidesOutage) return this.#refusal()
    const explanation = 'The Identity service cannot validate the token now. Try again later.'
    return new HttpError(503, {explanation}, {'retry-after': '5'})
  }

  #refusal(): HttpError {
    return unauthorized(`Keystone uri="${this.#parts.publicUrl}"`)
  }
}

function readToken({headers}: FastifyRequest, name: string): string | undefined {
  const value = headers[name]
  return value === undefined ? undefined : String(value)
}

function isExpired({expiresAt}: TokenFacts): boolean {
  return expiresAt !== undefined && expiresAt <= Date.now()
}
