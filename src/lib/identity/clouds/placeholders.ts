/** Replaces placeholders like `{region_name}` in the settings of a cloud. */

import {SETTING_NAMES, settingRow} from '../setting-table.js'
import {type CloudValues, toText} from './cloud-values.js'

const SECRET_KEYS = new Set(
  SETTING_NAMES.map(settingRow).flatMap(({secret, auth = []}) => (secret ? auth : [])),
)

/**
 * Replaces each `{name}` by the setting of that name. Secrets are neither changed nor inserted; a placeholder without a
 * setting stays as written.
 */
export function fillPlaceholders(values: CloudValues): CloudValues {
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
      if (SECRET_KEYS.has(name)) return placeholder
      return toText((values.get(name) ?? values.get(`auth.${name}`))?.value) ?? placeholder
    })
  return new Map(
    [...values].map(([key, {value, from}]) => {
      const isExempt = SECRET_KEYS.has(key.replace(/^auth\./, '')) || typeof value !== 'string'
      return [key, {value: isExempt ? value : fill(value), from}]
    }),
  )
}
