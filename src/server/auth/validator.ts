/** Asks Keystone whether tokens are valid. */
import {parseJson} from '../../lib/http/json/parse-json.js'
import type {Reply, Send} from '../../lib/http/message.js'
import {toV3Url} from '../../lib/identity/keystone/request.js'
import {Failure} from '../../lib/model/errors.js'
import {parseTokenFacts, type TokenFacts} from './token-facts.js'

/** Keystone cannot validate tokens now; the message says why, without secrets. */
export class KeystoneAway extends Error {
  override readonly name = 'KeystoneAway'
}

/** The login of the service. */
export interface ServiceLogin {
  /** Its token; logs in if there is none. */
  token(): Promise<string>
  /** Forgets a token that Keystone rejected. */
  drop(token: string): void
}

/** Validates tokens. Without a login of the service each token validates itself, and an expired one cannot. */
export class TokenValidator {
  readonly #send: Send
  readonly #url: string
  readonly #login: ServiceLogin | undefined

  /** @param keystoneUrl of Keystone, with or without `/v3` */
  constructor(send: Send, keystoneUrl: string, login: ServiceLogin | undefined) {
    this.#send = send
    this.#url = toV3Url(keystoneUrl, 'auth/tokens')
    this.#login = login
  }

  /**
   * The facts of a token; undefined if it is not valid.
   * @param allowExpired accept a token that has expired, which only a login of the service can do
   * @throws KeystoneAway
   */
  async validate(token: string, allowExpired = false): Promise<TokenFacts | undefined> {
    if (!this.#login) return this.#read(await this.#ask(token, token, false), 401)
    const own = await this.#logIn(this.#login)
    const reply = await this.#ask(token, own, allowExpired)
    if (reply.status !== 401) return this.#read(reply)
    await reply.discard().catch(() => {})
    this.#login.drop(own)
    const again = await this.#ask(token, await this.#logIn(this.#login), allowExpired)
    if (again.status === 401) throw new KeystoneAway('Keystone rejects the user of the service')
    return this.#read(again)
  }

  async #logIn(login: ServiceLogin): Promise<string> {
    try {
      return await login.token()
    } catch (error) {
      throw new KeystoneAway(`the service cannot log in: ${describe(error)}`)
    }
  }

  /** The header announces that access rules are kept: without it Keystone does not validate tokens that have some. */
  async #ask(subject: string, token: string, allowExpired: boolean): Promise<Reply> {
    const headers = {
      accept: 'application/json',
      'x-auth-token': token,
      'x-subject-token': subject,
      'openstack-identity-access-rules': '1.0',
    }
    const url = `${this.#url}?nocatalog${allowExpired ? '&allow_expired=1' : ''}`
    try {
      return await this.#send({method: 'GET', url, headers})
    } catch (error) {
      throw new KeystoneAway(describe(error))
    }
  }

  /** @param invalid a further status that means an invalid token */
  async #read(reply: Reply, invalid?: number): Promise<TokenFacts | undefined> {
    const text = await reply.text().catch(error => {
      throw new KeystoneAway(describe(error))
    })
    if (INVALID.includes(reply.status) || reply.status === invalid) return undefined
    const facts = reply.status === 200 ? parseFacts(text) : undefined
    if (facts) return facts
    throw new KeystoneAway(
      reply.status === 200 ? `${this.#url} does not answer as Keystone` : `Keystone answered ${reply.status}`,
    )
  }
}

/** Statuses for a token that Keystone does not know, or that is too long for it. */
const INVALID = [400, 404, 413, 414, 431]

function parseFacts(text: string): TokenFacts | undefined {
  try {
    return parseTokenFacts(parseJson(text))
  } catch {
    return undefined
  }
}

function describe(error: unknown): string {
  if (error instanceof Failure) return error.why ? `${error.message}: ${error.why}` : error.message
  return error instanceof Error ? error.message : String(error)
}
