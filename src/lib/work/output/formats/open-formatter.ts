/** Opens the formatter that a style needs. */
import type {OutputTraits} from '../../../io/output-traits.js'
import type {JsonObject} from '../../../model/json-object.js'
import {completeRecord, selectColumns} from '../columns.js'
import {isDocument} from '../output-formats.js'
import {type OutputStyle, printedColumns} from '../output-style.js'
import type {RecordFormatter} from './record-formatter.js'

/** The formatter of a style. Loads the library that it needs. @param traits of standard output */
export async function createFormatter(style: OutputStyle, traits: OutputTraits): Promise<RecordFormatter> {
  if (style.format === 'table' || style.format === 'text') {
    const {createTableFormatter} = await import('./table-formatter.js')
    return createTableFormatter(style, traits)
  }
  const columns = printedColumns(style)
  const formatter = await createPlainFormatter(style.format, columns, traits)
  const {kind} = style
  const prepare = (record: JsonObject) => {
    const complete = kind === undefined ? record : completeRecord(record, kind)
    return columns === undefined ? complete : selectColumns(complete, columns)
  }
  return {
    format: records => formatter.format(records.map(prepare)),
    end: () => formatter.end(),
  }
}

async function createPlainFormatter(
  format: OutputStyle['format'],
  columns: readonly string[] | undefined,
  traits: OutputTraits,
): Promise<RecordFormatter> {
  if (isDocument(format)) {
    const {createDocumentFormatter} = await import('./documents.js')
    return createDocumentFormatter(format, traits)
  }
  const {createRowFormatter} = await import('./rows.js')
  return createRowFormatter(format, columns, traits)
}
