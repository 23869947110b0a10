/** How settings look: name, value, and where the value comes from. */
import {escapeControls} from './text.js'

export interface SettingView {
  readonly name: string
  readonly value: string
  readonly from: string
}

const NAME_WIDTH = 30
const VALUE_WIDTH = 40

/** A line for each setting. */
export function settingLines(settings: readonly SettingView[]): string[] {
  return settings.map(({name, value, from}) =>
    `${name.padEnd(NAME_WIDTH)} ${escapeControls(value).padEnd(VALUE_WIDTH)} ${escapeControls(from)}`.trimEnd(),
  )
}
