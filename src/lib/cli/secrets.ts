/** The secrets of one run, which servers may send back in names and messages. */
import {REDACTED} from '../http/redact.js'

/** Minimum length of a secret in characters; a shorter one may be part of ordinary text. */
const SHORTEST = 8

const WORD_CHARACTER = /\w/

/** Masks the passwords and tokens that it was given. */
export class Secrets {
  readonly #secrets = new Set<string>()

  /** Masks this text from now on, unless it is too short. */
  add(secret: string): void {
    if (secret.length >= SHORTEST) this.#secrets.add(secret)
  }

  /** The text with `***` in place of each secret that is not part of a longer word. */
  mask(text: string): string {
    return [...this.#secrets].reduce(maskOne, text)
  }

  /** A value with all text in it masked, names included. */
  maskAll(value: unknown): unknown {
    if (this.#secrets.size === 0) return value
    if (typeof value === 'string') return this.mask(value)
    if (Array.isArray(value)) return value.map(item => this.maskAll(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [this.mask(name), this.maskAll(inner)]),
    )
  }
}

/** Takes time in proportion to the text, whatever the secret. */
function maskOne(text: string, secret: string): string {
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
