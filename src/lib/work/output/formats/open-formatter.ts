/** Opens the formatter that a style needs. */
import type {JsonObject} from '../../../model/json-object.js'
import {createCompleter, selectColumns} from '../columns.js'
import {isDocument} from '../output-formats.js'
import {type OutputStyle, printedColumns} from '../output-style.js'
import type {FormatterSink, RecordFormatter} from './record-formatter.js'

/** The formatter of a style. Loads the library that it needs. */
export async function createFormatter(style: OutputStyle, sink: FormatterSink): Promise<RecordFormatter> {
  if (style.format === 'table' || style.format === 'text') {
    const {createTableFormatter} = await import('./table-formatter.js')
    return withPreparation(await createTableFormatter(style, sink.traits), sink.mask)
  }
  const columns = printedColumns(style)
  const formatter = await createPlainFormatter(style.format, columns, sink)
  const complete = style.kind === undefined ? (record: JsonObject) => record : createCompleter(style.kind)
  return withPreparation(formatter, record =>
    columns === undefined ? complete(record) : selectColumns(complete(record), columns),
  )
}

function withPreparation(
  formatter: RecordFormatter,
  prepare: (record: JsonObject) => JsonObject,
): RecordFormatter {
  return {
    format: records => formatter.format(records.map(prepare)),
    end: () => formatter.end(),
  }
}

async function createPlainFormatter(
  format: OutputStyle['format'],
  columns: readonly string[] | undefined,
  sink: FormatterSink,
): Promise<RecordFormatter> {
  if (isDocument(format)) {
    const {createDocumentFormatter} = await import('./documents.js')
    return createDocumentFormatter(format, sink)
  }
  const {createRowFormatter} = await import('./rows.js')
  return withPreparation(await createRowFormatter(format, columns, sink.traits), sink.mask)
}
