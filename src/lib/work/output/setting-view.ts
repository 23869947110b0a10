/** Formats settings: name, value, and source of the value. */
import {escapeControls} from './text.js'

/** A setting to print; `from` is its source. */
export interface SettingView {
  readonly name: string
  readonly value: string
  readonly from: string
}

const NAME_WIDTH = 30
const VALUE_WIDTH = 40

/** One line per setting. */
export function settingLines(settings: readonly SettingView[]): string[] {
  return settings.map(({name, value, from}) =>
    `${name.padEnd(NAME_WIDTH)} ${escapeControls(value).padEnd(VALUE_WIDTH)} ${escapeControls(from)}`.trimEnd(),
  )
}
