/** Which stores the settings ask for: one, or several with a section of settings each. */
import {didYouMean} from '../../../lib/model/did-you-mean.js'
import {type Failure, usageError} from '../../../lib/model/errors.js'
import {SECTION_ALIASES} from '../../settings/all-settings.js'
import {toVariable} from '../../settings/places.js'
import {readSettings} from '../../settings/setting.js'
import type {GivenSettings} from '../../settings/sources.js'
import type {ListedStore} from '../../settings/store-list.js'
import {STORES} from '../../settings/tables/stores.js'
import type {StoreKind} from '../open-store.js'

/** A store to open. */
export interface ChosenStore {
  readonly name: string
  readonly kind: StoreKind | 'http'
  /** Section of its settings; absent: they are those of all stores. */
  readonly section?: string
}

/** The stores to open, and the name of the one for images whose store is not named. */
export interface ChosenStores {
  readonly stores: readonly ChosenStore[]
  readonly defaultName: string
}

const KINDS = ['file', 'swift', 's3', 'http'] as const
const EXAMPLE = 'Write a list such as fast:file, archive:swift.'
const WEB: ChosenStore = {name: 'http', kind: 'http'}

/**
 * Reads `enabled_backends` and `default_backend`, or else `default_store`. Data on web servers can always be read: the store
 * for it has the name `http` unless another one is given.
 * @throws Failure `usage` for a list with an unknown kind, an invalid or repeated name, or without a usable default
 */
export function chooseStores(given: GivenSettings): ChosenStores {
  const settings = readSettings(STORES, given.in())
  const {default_store: kind, enabled_backends: list, default_backend: defaultName} = settings
  if (list.length === 0) {
    if (defaultName === undefined) return {stores: [{name: kind, kind}, WEB], defaultName: kind}
    throw usageError('default_backend requires enabled_backends', {advice: EXAMPLE})
  }
  const stores = list.map(parseStore)
  requireDifferentNames(stores)
  const web = stores.filter(store => store.kind === 'http')
  if (web.length > 1) {
    throw invalid(`${describeNames(web, 'and')} are both of kind http, and one reads all web servers`)
  }
  return {
    stores: web.length === 0 ? [...stores, WEB] : stores,
    defaultName: requireDefault(stores, defaultName),
  }
}

function parseStore({item, name, kind: kindName}: ListedStore): ChosenStore {
  if (name === '') throw invalid(`expected NAME:KIND in place of '${item}'`)
  if (!/^\w[\w.-]*$/.test(name)) {
    throw invalid(`the name '${name}' may have letters, digits, dots, hyphens and underscores only`)
  }
  if (name === 'DEFAULT' || Object.hasOwn(SECTION_ALIASES, name) || name.startsWith('os_glance_')) {
    throw invalid(`[${name}] is a section for other settings; choose another name for the store`)
  }
  const kind = KINDS.find(one => one === kindName.toLowerCase())
  if (kind === undefined) {
    const hint = didYouMean(kindName, KINDS)
    throw invalid(
      `unknown kind '${kindName}' of the store '${name}', expected ${formatList(KINDS, 'or')}.${hint}`,
    )
  }
  if (name === WEB.name && kind !== 'http') throw invalid(`'http' is the name of the store for web servers`)
  return {name, kind, section: name}
}

function requireDifferentNames(stores: readonly ChosenStore[]): void {
  const seen = new Map<string, string>()
  for (const {name} of stores) {
    // Variables of the environment do not distinguish them.
    const key = toVariable(name, '')
    const other = seen.get(key)
    if (other === name) throw invalid(`the store '${name}' is named twice`)
    if (other !== undefined) throw invalid(`the names '${other}' and '${name}' are too similar`)
    seen.set(key, name)
  }
}

function requireDefault(stores: readonly ChosenStore[], name: string | undefined): string {
  const writable = stores.filter(({kind}) => kind !== 'http')
  if (writable.length === 0) throw invalid('no store takes data: those of kind http are only read')
  const expected = describeNames(writable, 'or')
  if (name === undefined) {
    throw usageError('enabled_backends requires default_backend', {
      why: 'data whose store is not named goes there',
      advice: `Set default_backend to ${expected}.`,
    })
  }
  const found = stores.find(store => store.name === name)
  if (found && found.kind !== 'http') return name
  const why = found ? 'a store of kind http is only read' : `enabled_backends does not name it`
  throw usageError(`invalid default_backend '${name}': expected ${expected}`, {why})
}

function describeNames(stores: readonly ChosenStore[], conjunction: 'and' | 'or'): string {
  return formatList(
    stores.map(({name}) => name),
    conjunction,
  )
}

/** `a, b or c`. */
function formatList(items: readonly string[], conjunction: 'and' | 'or'): string {
  const rest = items.slice(0, -1)
  const last = items.at(-1) ?? ''
  return rest.length === 0 ? last : `${rest.join(', ')} ${conjunction} ${last}`
}

function invalid(problem: string): Failure {
  return usageError(`invalid enabled_backends: ${problem}`, {advice: EXAMPLE})
}
