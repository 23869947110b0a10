/** How settings look: name, value, and where the value comes from. */
import {printable} from './text.js'

export interface SettingRow {
  readonly name: string
  readonly value: string
  readonly from: string
}

const NAME_WIDTH = 30
const VALUE_WIDTH = 40

/** A line for each setting. */
export function settingRows(rows: readonly SettingRow[]): string[] {
  return rows.map(({name, value, from}) =>
    `${name.padEnd(NAME_WIDTH)} ${printable(value).padEnd(VALUE_WIDTH)} ${printable(from)}`.trimEnd(),
  )
}
