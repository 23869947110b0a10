/** Which callers may create, read, update and delete which properties of images: the rules of an operator. */
import {RuleError} from './parse-rule.js'
import type {Subject} from './rule.js'

const ACTIONS = ['create', 'read', 'update', 'delete'] as const

/** What callers do with properties. */
export type PropertyAction = (typeof ACTIONS)[number]

/** What the rules name: roles, or operations of the policy, one for each action. */
export type ProtectionFormat = 'roles' | 'policies'

/** The sections of a file, in their order, with their values by name. */
type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>

interface Protection {
  readonly pattern: RegExp
  /** `@`: everyone, `!`: none. */
  readonly names: ReadonlyMap<PropertyAction, readonly string[]>
}

/** The first pattern that a name matches decides; a name that matches none is for no one. */
export class PropertyProtections {
  readonly format: ProtectionFormat
  readonly #protections: readonly Protection[]

  /**
   * @param sections each a regular expression for names, with the roles or the operation for each action
   * @throws RuleError for a section that is not valid
   */
  constructor(sections: Sections, format: ProtectionFormat) {
    this.format = format
    const defaults = sections.get('DEFAULT') ?? new Map()
    const patterns = [...sections].filter(([section]) => section !== 'DEFAULT')
    this.#protections = patterns.map(([section, values]) => ({
      pattern: parsePattern(section),
      names: parseActions(section, new Map([...defaults, ...values]), format),
    }))
  }

  /** The operations that the rules name. */
  get operations(): readonly string[] {
    if (this.format === 'roles') return []
    const named = this.#protections.flatMap(({names}) => [...names.values()].flat())
    return named.filter(name => name !== '@' && name !== '!')
  }

  /** @param allows evaluates a rule of the policy */
  permits(
    action: PropertyAction,
    property: string,
    subject: Subject,
    allows: (name: string) => boolean,
  ): boolean {
    const {names} = this.#protections.find(({pattern}) => pattern.test(property)) ?? {}
    const listed = names?.get(action) ?? []
    if (listed.includes('!')) return false
    if (listed.includes('@')) return true
    return listed.some(name =>
      this.format === 'roles' ? subject.roles.includes(name.toLowerCase()) : allows(name),
    )
  }
}

function parsePattern(text: string): RegExp {
  try {
    return new RegExp(text, 'u')
  } catch (error) {
    throw new RuleError(
      `[${text}] is not a regular expression: ${error instanceof Error ? error.message : ''}`,
    )
  }
}

function parseActions(section: string, values: ReadonlyMap<string, string>, format: ProtectionFormat) {
  const lists = ACTIONS.map((action): [PropertyAction, readonly string[]] => {
    const value = values.get(action)
    if (value === undefined) throw new RuleError(`[${section}] does not say who may ${action}`)
    const names = value
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== '')
    if (names.includes('@') && names.includes('!')) {
      throw new RuleError(`${action} of [${section}] names both @ and !`)
    }
    if (format === 'policies' && names.length > 1) {
      throw new RuleError(
        `${action} of [${section}] names several operations: combine them in the policy file`,
      )
    }
    return [action, names]
  })
  return new Map(lists)
}
