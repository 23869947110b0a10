/** The secrets of one run, which servers may send back in names and messages. */
import {REDACTED} from '../http/redact.js'
import type {JsonObject} from '../model/json-object.js'

/** Minimum length of a secret in characters; a shorter one may be part of ordinary text. */
const SHORTEST = 8

/**
 * Characters. A secret with more is masked wherever it is, in longer words and cut off too: from this many on, a beginning
 * of it cannot be ordinary text.
 */
const LONG = 16

const WORD_CHARACTER = /\w/

/** Characters that may be escaped in JSON. */
const ESCAPED_IN_JSON = /[^ -~]|["\\]/

/** Masks the passwords and tokens that it was given. */
export class Secrets {
  readonly #secrets = new Set<string>()
  readonly #beginnings: string[] = []
  /** No secret has a character that JSON escapes. */
  #arePlain = true

  /** Masks this text from now on, unless it is too short. */
  add(secret: string): void {
    if (secret.length < SHORTEST || this.#secrets.has(secret)) return
    this.#secrets.add(secret)
    this.#beginnings.push(secret.slice(0, LONG))
    this.#arePlain &&= !ESCAPED_IN_JSON.test(secret)
  }

  /** The text with `***` in place of each secret; a short one is kept within a longer word. */
  mask(text: string): string {
    return [...this.#secrets].reduce(maskOne, text)
  }

  /** A value with all text in it masked, names included. */
  maskAll(value: unknown): unknown {
    return this.#isClean(value) ? value : this.#maskWithin(value)
  }

  /** True if no secret is in the JSON of a value; false also if escapes could hide one. */
  isCleanJson(json: string): boolean {
    return this.#arePlain && this.#isCleanText(json)
  }

  /** True if no secret is in the text of the value. Nearly all values are clean, and are not copied. */
  #isClean(value: unknown): boolean {
    if (typeof value === 'string') return this.#isCleanText(value)
    if (typeof value !== 'object' || value === null) return true
    if (Array.isArray(value)) return value.every(item => this.#isClean(item))
    return Object.keys(value).every(
      name => this.#isCleanText(name) && this.#isClean((value as JsonObject)[name]),
    )
  }

  #isCleanText(text: string): boolean {
    if (text.length < SHORTEST) return true
    return this.#beginnings.every(beginning => !text.includes(beginning))
  }

  #maskWithin(value: unknown): unknown {
    if (typeof value === 'string') return this.mask(value)
    if (Array.isArray(value)) return value.map(item => this.#maskWithin(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [this.mask(name), this.#maskWithin(inner)]),
    )
  }
}

function maskOne(text: string, secret: string): string {
  return secret.length > LONG ? maskBeginning(text, secret) : maskWord(text, secret)
}

/** Masks as much of the secret as there is. Takes time in proportion to the text, whatever the secret. */
function maskBeginning(text: string, secret: string): string {
  const beginning = secret.slice(0, LONG)
  let masked = ''
  let from = 0
  for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, from)) {
    let length = LONG
    while (length < secret.length && text[at + length] === secret[length]) length++
    masked += text.slice(from, at) + REDACTED
    from = at + length
  }
  return masked + text.slice(from)
}

/** Takes time in proportion to the text, whatever the secret. */
function maskWord(text: string, secret: string): string {
  let masked = ''
  let from = 0
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length)) {
    const [before = '', after = ''] = [text[at - 1], text[at + secret.length]]
    if (WORD_CHARACTER.test(before) || WORD_CHARACTER.test(after)) continue
    masked += text.slice(from, at) + REDACTED
    from = at + secret.length
  }
  return masked + text.slice(from)
}
