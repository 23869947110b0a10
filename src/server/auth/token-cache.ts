/** Remembers validated tokens by their digest, so that Keystone is not asked for each request. */
import {createHash} from 'node:crypto'
import type {TokenFacts} from './token-facts.js'

/** Tokens that are remembered at a time; the one that was used least recently is forgotten. */
const MAX_TOKENS = 10_000

interface Entry {
  readonly facts: TokenFacts
  /** Milliseconds since 1970. */
  readonly until: number
}

/** Validates a token. @returns undefined for one that is not valid */
export type Validate = () => Promise<TokenFacts | undefined>

/** Tokens that are valid. Others are validated each time: a token may become valid, and Keystone decides that quickly. */
export class TokenFactsCache {
  readonly #seconds: number
  readonly #now: () => number
  readonly #entries = new Map<string, Entry>()
  readonly #pending = new Map<string, Promise<TokenFacts | undefined>>()

  /** @param seconds for which a token is remembered; 0 or less: none is */
  constructor(seconds: number, now: () => number = Date.now) {
    this.#seconds = seconds
    this.#now = now
  }

  /**
   * The facts of a token: remembered ones, or those that are being asked for, or new ones.
   * @param kind of the validation; different kinds do not share what is asked
   * @returns undefined for a token that is not valid
   */
  async find(token: string, kind: string, validate: Validate): Promise<TokenFacts | undefined> {
    const key = createHash('sha256').update(`${kind} ${token}`).digest('base64')
    const entry = this.#entries.get(key)
    if (entry) this.#entries.delete(key)
    if (entry && entry.until > this.#now()) {
      this.#entries.set(key, entry)
      return entry.facts
    }
    const running = this.#pending.get(key)
    if (running) return running
    const pending = validate().finally(() => this.#pending.delete(key))
    this.#pending.set(key, pending)
    const facts = await pending
    if (facts) this.#remember(key, facts)
    return facts
  }

  #remember(key: string, facts: TokenFacts): void {
    const until = Math.min(this.#now() + this.#seconds * 1000, facts.expiresAt ?? Number.POSITIVE_INFINITY)
    if (this.#seconds <= 0 || until <= this.#now()) return
    this.#entries.set(key, {facts, until})
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > MAX_TOKENS && oldest !== undefined) this.#entries.delete(oldest)
  }
}
