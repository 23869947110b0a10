/** Parses rules in the language of oslo.policy: checks, `and`, `or`, `not`, parentheses, `@` for all and `!` for none. */
import {didYouMean} from '../../lib/model/did-you-mean.js'
import {ATTRIBUTES, type Check, formatValue, type Target} from './rule.js'

/** A rule, and the names of the rules that it refers to. */
export interface ParsedRule {
  readonly check: Check
  readonly references: readonly string[]
}

/** A rule that cannot be parsed; the message says what was expected. */
export class RuleError extends Error {
  override readonly name = 'RuleError'
}

/** Parentheses, or a word: text in quotes and `%(name)s` may contain what would end it. */
const TOKEN = /[()]|(?:'[^']*'|"[^"]*"|%\([^)]*\)s|[^\s()'"]|['"])+/g

/** Parses a rule; an empty one allows everything. @throws RuleError */
export function parseRule(text: string): ParsedRule {
  if (text.trim() === '') return {check: () => true, references: []}
  const parser = new RuleParser(text.match(TOKEN) ?? [])
  return {check: parser.parse(), references: parser.references}
}

class RuleParser {
  readonly references: string[] = []
  readonly #tokens: readonly string[]
  #next = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  parse(): Check {
    const check = this.#parseAny()
    const rest = this.#tokens[this.#next]
    if (rest !== undefined) throw new RuleError(`expected 'and' or 'or' before '${rest}'`)
    return check
  }

  #parseAny(): Check {
    const checks = [this.#parseAll()]
    while (this.#accept('or')) checks.push(this.#parseAll())
    return context => checks.some(check => check(context))
  }

  #parseAll(): Check {
    const checks = [this.#parseOne()]
    while (this.#accept('and')) checks.push(this.#parseOne())
    return context => checks.every(check => check(context))
  }

  #parseOne(): Check {
    if (this.#accept('not')) {
      const check = this.#parseOne()
      return context => !check(context)
    }
    if (!this.#accept('(')) return this.#parseCheck()
    const check = this.#parseAny()
    if (!this.#accept(')')) throw new RuleError("expected ')'")
    return check
  }

  #parseCheck(): Check {
    const token = this.#tokens[this.#next]
    if (token === undefined || /^(and|or|\))$/i.test(token)) {
      throw new RuleError(token === undefined ? 'it ends too early' : `expected a check before '${token}'`)
    }
    this.#next += 1
    if (token === '@') return () => true
    if (token === '!') return () => false
    const [, kind = '', match = ''] = /^('[^']*'|"[^"]*"|[^:]*):(.+)$/.exec(token) ?? []
    if (kind === '') throw new RuleError(`expected KIND:VALUE in place of '${token}'`)
    if (kind !== 'rule') return toCheck(kind, match)
    this.references.push(match)
    return ({allows}) => allows(match)
  }

  #accept(word: string): boolean {
    if (this.#tokens[this.#next]?.toLowerCase() !== word) return false
    this.#next += 1
    return true
  }
}

function toCheck(kind: string, match: string): Check {
  if (kind === 'role') return toRoleCheck(match)
  const literal = parseLiteral(kind)
  if (literal !== undefined) return ({target}) => fillIn(match, target) === literal
  const read = Object.hasOwn(ATTRIBUTES, kind) ? ATTRIBUTES[kind] : undefined
  if (read === undefined) {
    const known = ['role', 'rule', ...Object.keys(ATTRIBUTES)]
    throw new RuleError(
      `unknown check '${kind}': expected ${known.join(', ')} or a text in quotes.${didYouMean(kind, known)}`,
    )
  }
  // A caller without a project is not the owner of what has none.
  return ({subject, target}) => {
    const value = read(subject) ?? undefined
    return value !== undefined && formatValue(value) === fillIn(match, target)
  }
}

function toRoleCheck(match: string): Check {
  return ({subject, target}) => subject.roles.includes(fillIn(match, target)?.toLowerCase() ?? '')
}

function parseLiteral(text: string): string | undefined {
  if (/^(True|False|None|-?\d+)$/.test(text)) return text
  return /^(['"])(.*)\1$/.exec(text)?.[2]
}

/** Fills attributes of the target into `%(name)s`; undefined if it does not have one of them. */
function fillIn(text: string, target: Target): string | undefined {
  let isKnown = true
  const filled = text.replace(/%\(([^)]*)\)s/g, (_, name: string) => {
    const value = target(name)
    if (value !== undefined) return formatValue(value)
    isKnown = false
    return ''
  })
  return isKnown ? filled : undefined
}
