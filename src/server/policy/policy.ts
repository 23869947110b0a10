/** The policy of a service: decides operations by rules, those of an operator in place of its own. */
import {DEFAULT_RULES, type OperationName} from './default-rules.js'
import {type ParsedRule, parseRule} from './parse-rule.js'
import type {PropertyAction, PropertyProtections} from './property-protections.js'
import type {Subject, Target} from './rule.js'

/** Rules by name, in place of those of the service. */
export type Rules = ReadonlyMap<string, ParsedRule>

const WITHOUT_TARGET: Target = () => undefined

/** Decides what callers may do. */
export class Policy {
  readonly #given: Rules
  readonly #rules: Map<string, ParsedRule>
  readonly #protections: PropertyProtections | undefined

  /**
   * @param given rules that refer only to rules that exist, and not to themselves
   * @param protections of properties; absent: all callers may do everything with them
   */
  constructor(given: Rules = new Map(), protections?: PropertyProtections) {
    this.#given = given
    this.#protections = protections
    this.#rules = new Map(given)
  }

  /** True if the caller may carry out the operation. @param target its object; absent: it has none */
  allows(operation: OperationName, subject: Subject, target: Target = WITHOUT_TARGET): boolean {
    const allows = (name: string): boolean => this.#find(name).check({subject, target, allows})
    return allows(operation)
  }

  /** True if there are protections of properties. */
  get protectsProperties(): boolean {
    return this.#protections !== undefined
  }

  /** True if the caller may do this with properties of that name. */
  permitsProperty(action: PropertyAction, name: string, subject: Subject): boolean {
    const allows = (operation: string) => this.allows(operation as OperationName, subject)
    return this.#protections?.permits(action, name, subject, allows) ?? true
  }

  /** The same policy with protections of properties. */
  protectProperties(protections: PropertyProtections): Policy {
    return new Policy(this.#given, protections)
  }

  /** True if there is a rule of that name. */
  has(name: string): boolean {
    return this.#given.has(name) || Object.hasOwn(DEFAULT_RULES, name)
  }

  /** True if the operator gave a rule for the operation. */
  overrides(operation: OperationName): boolean {
    return this.#given.has(operation)
  }

  /** Rules are parsed when they are first used. */
  #find(name: string): ParsedRule {
    const known = this.#rules.get(name)
    if (known) return known
    const rule = parseRule(DEFAULT_RULES[name as OperationName])
    this.#rules.set(name, rule)
    return rule
  }
}

/** The policy of a service whose operator gives no rules. */
export const DEFAULT_POLICY = new Policy()

/** A policy whose administrators have another role. @param role in any case */
export function givePolicyForAdmin(role: string): Rules {
  return new Map([['context_is_admin', parseRule(`role:${role}`)]])
}
