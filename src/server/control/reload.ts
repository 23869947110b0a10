/** New settings for a service that runs: all parts take them, or none does. */
import type {ServerSettings} from '../config.js'
import {type Quotas, toLimits} from '../images/quotas.js'
import {ALL_SETTINGS} from '../settings/all-settings.js'
import {readSettings} from '../settings/setting.js'
import {type GivenSettings, NOTHING_GIVEN} from '../settings/sources.js'
import {QUOTAS} from '../settings/tables/callers.js'

/** Puts prepared settings into force. */
export interface Prepared {
  (): void
  /** Closes what was opened for settings that do not come into force; absent: nothing was. */
  discard?(): Promise<unknown>
}

/**
 * Prepares a part of a service for new settings.
 * @returns what puts them into force
 * @throws Failure `usage` for settings that are not valid; nothing has changed then
 */
export type PrepareReload = (settings: ServerSettings) => Promise<Prepared> | Prepared

/**
 * Prepares all parts, in their order.
 * @returns what puts the settings into force
 * @throws as the parts; what the others had opened is closed then
 */
export async function prepareAll(
  parts: readonly (PrepareReload | undefined)[],
  settings: ServerSettings,
): Promise<Prepared> {
  const all: Prepared[] = []
  const discard = () => Promise.all(all.map(prepared => prepared.discard?.()))
  try {
    for (const prepare of parts) if (prepare) all.push(await prepare(settings))
  } catch (error) {
    await discard()
    throw error
  }
  const commit = () => {
    for (const prepared of all) prepared()
  }
  return Object.assign(commit, {discard})
}

/** Quotas of the settings hold for work that begins afterwards. */
export function prepareQuotas(quotas: Quotas): PrepareReload {
  return ({given = NOTHING_GIVEN}) => {
    const limits = toLimits(readSettings(QUOTAS, given.in()))
    return () => quotas.setLimits(limits)
  }
}

/** The names of settings that have another value. @param isReloaded only those that a reload puts into force, or only others */
export function listChanges(before: ServerSettings, after: ServerSettings, isReloaded: boolean): string[] {
  const [old, next] = [before, after].map(({given = NOTHING_GIVEN}) => given) as [
    GivenSettings,
    GivenSettings,
  ]
  const sections = new Set(['DEFAULT', ...old.storeNames, ...next.storeNames])
  const changed = [...sections].flatMap(section => {
    const [was, is] = [old, next].map(given => readSettings(ALL_SETTINGS, given.in(section)))
    return Object.keys(ALL_SETTINGS).filter(
      name => JSON.stringify(was?.[name]) !== JSON.stringify(is?.[name]),
    )
  })
  return [...new Set(changed)].filter(name => (ALL_SETTINGS[name]?.isReloaded ?? false) === isReloaded)
}
