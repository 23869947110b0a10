/** Where the values of operator settings are given: the command line, the environment, and a configuration file. */
import {didYouMean} from '../../lib/model/did-you-mean.js'
import {usageError} from '../../lib/model/errors.js'
import {ALL_SETTINGS, SECTION_ALIASES} from './all-settings.js'
import type {FindValue, GivenValue} from './setting.js'

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>

/** The values of a configuration file: sections by name, settings by name. */
export type FileValues = ReadonlyMap<string, ReadonlyMap<string, string>>

/** What was given, in all places. */
export interface SettingSources {
  /** `NAME=VALUE` or `SECTION.NAME=VALUE` from the command line. */
  readonly assignments: readonly string[]
  readonly env: Env
  /** A configuration file. */
  readonly file?: {readonly path: string; readonly values: FileValues} | undefined
}

/** Values of settings, the first place that has one counts: command line, environment, file. */
export class GivenSettings {
  readonly #assigned: ReadonlyMap<string, string>
  readonly #env: Env
  readonly #file: SettingSources['file']

  /** @throws Failure `usage` for an assignment without a value, of an unknown setting or of a secret */
  constructor({assignments, env, file}: SettingSources) {
    this.#assigned = new Map(assignments.map(parseAssignment))
    this.#env = env
    this.#file = file
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

  /** A line for each setting that was given, those of stores included, with its source and without secrets. */
  describe(): string[] {
    return ['DEFAULT', ...this.#listStores()].flatMap(section =>
      Object.entries(ALL_SETTINGS).flatMap(([name, {isSecret}]) => {
        const given = this.#find(section, name)
        const shown = section === 'DEFAULT' ? name : `${section}.${name}`
        return given ? [`setting ${shown} = ${isSecret ? '***' : given.text} (${given.from})`] : []
      }),
    )
  }

  /** A line for each setting in the file that the service does not know, and for each that was assigned to no store. */
  describeUnknown(): string[] {
    const stores = this.#listStores()
    const lost = [...this.#assigned.keys()].filter(target => {
      const [section] = splitTarget(target)
      return section !== 'DEFAULT' && !stores.includes(section)
    })
    return [
      ...lost.map(target => `--set ${target} is ignored: enabled_backends names no such store.`),
      ...this.#describeUnknownNames(stores),
    ]
  }

  #describeUnknownNames(stores: readonly string[]): string[] {
    const sections = new Set(['DEFAULT', ...Object.keys(SECTION_ALIASES), ...stores])
    return [...(this.#file?.values ?? [])].flatMap(([section, values]) => {
      if (!sections.has(section)) return []
      const known = [...Object.keys(SECTION_ALIASES[section] ?? {}), ...Object.keys(ALL_SETTINGS)]
      return [...values.keys()]
        .filter(name => !known.includes(name))
        .map(
          name =>
            `${this.#file?.path}: unknown setting ${name} in [${section}] is ignored.${didYouMean(name, known)}`,
        )
    })
  }

  /** The names of the stores, which have sections of settings. */
  #listStores(): string[] {
    const stores = this.in()('enabled_backends')?.text.split(',') ?? []
    return stores.map(store => store.split(':')[0]?.trim() ?? '').filter(name => name !== '')
  }

  #find(section: string, name: string): GivenValue | undefined {
    const assigned = this.#assigned.get(section === 'DEFAULT' ? name : `${section}.${name}`)
    if (assigned !== undefined) return {text: assigned, from: '--set'}
    const variable = toVariable(section, name)
    const inherited = this.#env[variable]
    if (inherited) return {text: inherited, from: variable}
    return this.#findInFile(section, name)
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

/** `NAME` or `SECTION.NAME` as its section and name. */
function splitTarget(target: string): [string, string] {
  const at = target.lastIndexOf('.')
  return [at < 0 ? 'DEFAULT' : target.slice(0, at), target.slice(at + 1)]
}

/** The variable of a setting: `GLANCE_NAME`, or `GLANCE_SECTION__NAME` with `_` for what a shell does not take. */
export function toVariable(section: string, name: string): string {
  const prefix = section === 'DEFAULT' ? '' : `${section.replaceAll(/\W/g, '_')}__`
  return `GLANCE_${prefix}${name}`.toUpperCase()
}

function parseAssignment(assignment: string): [string, string] {
  const [, target = '', value = ''] = /^([\w.-]+)=(.*)$/s.exec(assignment) ?? []
  const [section, name] = splitTarget(target)
  if (target === '') throw usageError(`invalid --set '${assignment}': expected NAME=VALUE`)
  const setting = ALL_SETTINGS[name]
  if (setting === undefined) {
    throw usageError(`unknown setting '${name}'.${didYouMean(name, Object.keys(ALL_SETTINGS))}`)
  }
  if (setting.isSecret) {
    throw usageError(`cannot take ${name} from the command line`, {
      why: 'other users of this machine can read it there',
      advice: `Set ${toVariable(section, name)}, or write it into a file for --config-file.`,
    })
  }
  return [target, value]
}
