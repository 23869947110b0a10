/** Records as a table. */
import type {OutputTraits} from '../../../io/output-traits.js'
import type {OutputStyle} from '../output-style.js'
import {loadPaint} from './paint.js'
import type {RecordFormatter} from './record-formatter.js'
import {RecordTable} from './table.js'

/** The formatter of `table`; an empty list has no text. */
export async function createTableFormatter(
  style: OutputStyle,
  traits: OutputTraits,
): Promise<RecordFormatter> {
  const table = new RecordTable({style, traits, paint: await loadPaint(traits.hasColour)})
  return {
    format: records =>
      table
        .lines(records)
        .map(line => `${line}\n`)
        .join(''),
    end: () => '',
  }
}
