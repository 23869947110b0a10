/** Where the values of operator settings are given: the command line, the environment, and a configuration file. */
import {didYouMean} from '../../lib/model/did-you-mean.js'
import {usageError} from '../../lib/model/errors.js'
import {ALL_SETTINGS, SECTION_ALIASES} from './all-settings.js'
import {type Env, type FileValues, isKubernetesPort, splitTarget, toVariable} from './places.js'
import {type FindValue, type GivenValue, hidesValue, type Setting} from './setting.js'
import {parseStoreList} from './store-list.js'
import {describeUnknownInFile, describeUnknownVariables} from './unknown.js'

/** What was given, in all places. */
export interface SettingSources {
  /** Values of flags by the names of their settings. */
  readonly flags?: ReadonlyMap<string, GivenValue>
  /** `NAME=VALUE` or `SECTION.NAME=VALUE` from the command line. */
  readonly assignments: readonly string[]
  readonly env: Env
  /** A configuration file. */
  readonly file?: {readonly path: string; readonly values: FileValues} | undefined
  /** Defaults that depend on the program or on the user. */
  readonly defaults?: ReadonlyMap<string, string>
}

/** A setting with the value in force, for people: `***` in place of a secret. */
export interface ShownSetting {
  /** `NAME`, or `SECTION.NAME` for one of a store. */
  readonly name: string
  readonly value: string
  /** Where it was given, or `default`. */
  readonly from: string
}

/** The place of values that were not given. */
const DEFAULT = 'default'

/** Values of settings, the first place that has one counts: flags, assignments, environment, file. */
export class GivenSettings {
  readonly #flags: ReadonlyMap<string, GivenValue>
  readonly #assigned: ReadonlyMap<string, string>
  readonly #env: Env
  readonly #file: SettingSources['file']
  readonly #defaults: ReadonlyMap<string, string>

  /** @throws Failure `usage` for an assignment without a value, of an unknown setting, and for a secret on the command line */
  constructor({flags = new Map(), assignments, env, file, defaults = new Map()}: SettingSources) {
    for (const [name, {text}] of flags) requirePublic('DEFAULT', name, text)
    this.#flags = flags
    this.#assigned = new Map(assignments.map(parseAssignment))
    this.#env = env
    this.#file = file
    this.#defaults = defaults
  }

  /** The names of the stores, which have sections of settings. */
  get storeNames(): readonly string[] {
    const list = this.in()('enabled_backends')
    return parseStoreList(list?.text ?? '').flatMap(({name}) => name || [])
  }

  /** Path of the configuration file. */
  get path(): string | undefined {
    return this.#file?.path
  }

  /**
   * A function that finds values of one section.
   * @param section as in a file: `DEFAULT`, or the name of a store, whose values go before those of `DEFAULT`
   */
  in(section = 'DEFAULT'): FindValue {
    return name => {
      const value = this.#find(section, name)
      return value ?? (section === 'DEFAULT' ? undefined : this.#find('DEFAULT', name))
    }
  }

  /** Every setting, and those of single stores that were given. */
  list(): ShownSetting[] {
    return ['DEFAULT', ...this.storeNames].flatMap(section =>
      Object.entries(ALL_SETTINGS).flatMap(([name, setting]) => {
        const given = this.#find(section, name)
        if (section !== 'DEFAULT' && given === undefined) return []
        const shownName = section === 'DEFAULT' ? name : `${section}.${name}`
        return {name: shownName, ...showValue(setting, given)}
      }),
    )
  }

  /** A line for each setting that was given and has no effect. */
  describeUnknown(): string[] {
    const stores = this.storeNames
    const lost = [...this.#assigned.keys()].filter(target => {
      const [section] = splitTarget(target)
      return section !== 'DEFAULT' && !stores.includes(section)
    })
    return [
      ...lost.map(target => `--set ${target} is ignored: enabled_backends names no such store.`),
      ...(this.#file ? describeUnknownInFile(this.#file.path, this.#file.values, stores) : []),
      ...describeUnknownVariables(this.#env, stores),
    ]
  }

  #find(section: string, name: string): GivenValue | undefined {
    const flag = section === 'DEFAULT' ? this.#flags.get(name) : undefined
    if (flag !== undefined) return flag
    const assigned = this.#assigned.get(section === 'DEFAULT' ? name : `${section}.${name}`)
    if (assigned !== undefined) return {text: assigned, from: '--set'}
    const variable = toVariable(section, name)
    const inherited = this.#env[variable]
    if (inherited && !isKubernetesPort(variable, inherited)) return {text: inherited, from: variable}
    return this.#findInFile(section, name) ?? this.#findDefault(section, name)
  }

  #findDefault(section: string, name: string): GivenValue | undefined {
    const text = section === 'DEFAULT' ? this.#defaults.get(name) : undefined
    return text === undefined ? undefined : {text, from: DEFAULT}
  }

  #findInFile(section: string, name: string): GivenValue | undefined {
    const from = this.#file?.path ?? ''
    const values = this.#file?.values
    const own = values?.get(section)?.get(name)
    if (own !== undefined) return {text: own, from}
    if (section !== 'DEFAULT') return undefined
    for (const [alias, names] of Object.entries(SECTION_ALIASES)) {
      const other = Object.keys(names).find(one => names[one] === name) ?? name
      const found = values?.get(alias)?.get(other) ?? values?.get(alias)?.get(name)
      if (found !== undefined) return {text: found, from}
    }
    return undefined
  }
}

/** No setting is given: each has its default. */
export const NOTHING_GIVEN = new GivenSettings({assignments: [], env: {}})

function showValue(setting: Setting, given: GivenValue | undefined): Omit<ShownSetting, 'name'> {
  if (given === undefined) return {value: formatDefault(setting.default), from: DEFAULT}
  return {value: hidesValue(setting, given.text) ? '***' : given.text, from: given.from}
}

/** A default as it would be written into a file. */
export function formatDefault(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value ?? '')
}

function parseAssignment(assignment: string): [string, string] {
  const [, target = '', value = ''] = /^([\w.-]+)=(.*)$/s.exec(assignment) ?? []
  const [section, name] = splitTarget(target)
  if (target === '') throw usageError(`invalid --set '${assignment}': expected NAME=VALUE`)
  requirePublic(section, name, value)
  return [target, value]
}

/** @throws Failure `usage` for an unknown setting, and for a secret, which has no place on a command line */
function requirePublic(section: string, name: string, value: string): void {
  const setting = ALL_SETTINGS[name]
  if (setting === undefined) {
    throw usageError(`unknown setting '${name}'.${didYouMean(name, Object.keys(ALL_SETTINGS))}`)
  }
  if (hidesValue(setting, value)) {
    const what = setting.isSecret === true ? name : `a password in ${name}`
    throw usageError(`cannot take ${what} from the command line`, {
      why: 'other users of this machine can read it there',
      advice: `Set ${toVariable(section, name)}, or write it into a file for --config-file.`,
    })
  }
}
