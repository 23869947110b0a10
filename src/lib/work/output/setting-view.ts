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

/**
 * One line per setting; on a terminal that is too narrow for it, one for each of its parts.
 * @param columns characters in a line
 */
export function settingLines(settings: readonly SettingView[], columns = Number.POSITIVE_INFINITY): string[] {
  return settings.flatMap(({name, value, from}) => {
    const [shown, source] = [escapeControls(value), escapeControls(from)]
    const line = `${name.padEnd(NAME_WIDTH)} ${shown.padEnd(VALUE_WIDTH)} ${source}`.trimEnd()
    return line.length <= columns ? [line] : [name, `  ${shown}`, `  (${source})`]
  })
}
