/** Reads a policy file: rules by the name of an operation, in YAML or JSON, as oslo.policy has it. */
import {readFile} from 'node:fs/promises'
import {didYouMean} from '../../lib/model/did-you-mean.js'
import {usageError} from '../../lib/model/errors.js'
import {DEFAULT_RULES, UNUSED_RULES} from './default-rules.js'
import {type ParsedRule, parseRule, RuleError} from './parse-rule.js'
import type {Rules} from './policy.js'

/** A rule with the line that it is on. */
interface RuleLine {
  readonly name: string
  readonly text: string
  readonly line: number
}

/**
 * Reads the rules of an operator.
 * @param warn receives a line for each rule without effect
 * @throws Failure `usage` for a file that cannot be read, and for rules that are not valid, with their line
 */
export async function readPolicyFile(path: string, warn: (line: string) => void): Promise<Rules> {
  const content = await readFile(path, 'utf8').catch(error => {
    throw usageError(`cannot read the policy file ${path}`, {why: error.message, cause: error})
  })
  const lines = await parseLines(content, path)
  const rules = new Map<string, ParsedRule>()
  for (const {name, text, line} of lines) {
    try {
      rules.set(name, parseRule(text))
    } catch (error) {
      if (error instanceof RuleError) throw ruleError(path, line, name, error.message)
      throw error
    }
  }
  for (const {name, line} of lines)
    requireResolved(rules, name, message => ruleError(path, line, name, message))
  warnOfUnused(lines, rules, message => warn(`${path}: ${message}`))
  return rules
}

async function parseLines(content: string, path: string): Promise<readonly RuleLine[]> {
  const {isMap, isScalar, LineCounter, parseDocument} = await import('yaml')
  const lineCounter = new LineCounter()
  const {contents, errors} = parseDocument(content, {lineCounter})
  const [error] = errors
  if (error) {
    const why = error.message.split('\n')[0]
    throw usageError(`cannot parse the policy file ${path}`, {why, cause: error})
  }
  if (contents === null) return []
  if (!isMap(contents)) throw usageError(`invalid policy file ${path}: expected NAME: "RULE" on each line`)
  return contents.items.map(({key, value}) => {
    const offset = isScalar(key) ? (key.range?.[0] ?? 0) : 0
    const {line} = lineCounter.linePos(offset)
    const name = isScalar(key) ? String(key.value) : ''
    const text = isScalar(value) ? value.value : value
    if (typeof text === 'string' || text === null) return {name, line, text: text ?? ''}
    throw ruleError(path, line, name, 'expected a text')
  })
}

function ruleError(path: string, line: number, name: string, why: string): Error {
  return usageError(`invalid rule ${name} on line ${line} of ${path}`, {
    why,
    advice: 'Write it like "role:member and project_id:%(owner)s".',
  })
}

/** The rules that a rule refers to; a rule that the file does not have is the default one. */
function findReferences(rules: Rules, name: string): readonly string[] {
  const text = (DEFAULT_RULES as Readonly<Record<string, string>>)[name]
  return (rules.get(name) ?? (text === undefined ? undefined : parseRule(text)))?.references ?? []
}

/** @throws the error that `fail` makes for a rule that refers to one that does not exist, or to itself */
function requireResolved(
  rules: Rules,
  name: string,
  fail: (message: string) => Error,
  passed: readonly string[] = [],
): void {
  if (passed.includes(name)) throw fail(`it refers to itself: ${[...passed, name].join(', ')}`)
  for (const reference of findReferences(rules, name)) {
    if (!rules.has(reference) && !Object.hasOwn(DEFAULT_RULES, reference)) {
      const known = [...rules.keys(), ...Object.keys(DEFAULT_RULES)]
      throw fail(`the rule '${reference}' does not exist.${didYouMean(reference, known)}`)
    }
    requireResolved(rules, reference, fail, [...passed, name])
  }
}

/** A rule has an effect if it is that of an operation, or if another one refers to it. */
function warnOfUnused(lines: readonly RuleLine[], rules: Rules, warn: (message: string) => void): void {
  const used = new Set([...rules.values()].flatMap(({references}) => references))
  for (const {name, line} of lines) {
    if (Object.hasOwn(DEFAULT_RULES, name) || used.has(name)) continue
    if (UNUSED_RULES.test(name)) warn(`line ${line}: this service has no operation ${name}`)
    else {
      const nearest = didYouMean(name, Object.keys(DEFAULT_RULES))
      warn(`line ${line}: unknown operation ${name} is ignored.${nearest}`)
    }
  }
}
