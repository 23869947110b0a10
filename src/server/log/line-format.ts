/** The form of lines in the log: text as the administration manual shows it, or JSON. */
import {createDateFormat} from './date-format.js'

/** How important a line is. */
export type Level = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR'

/** What is known about a line. In JSON each fact is a field. */
export interface LogFacts {
  readonly level?: Level
  readonly request_id?: string
  readonly [name: string]: string | number | undefined
}

/** The settings of the form. */
export interface FormatSettings {
  /** Name of the program, for lines that belong to no request. */
  readonly program?: string
  /** Absent: text. */
  readonly format?: 'text' | 'json'
  /** Directives of strftime(3) for text. */
  readonly dateFormat?: string
}

/** The form of times in the manual. */
const DATE_FORMAT = '%Y-%m-%d %H:%M:%S'

/** Makes a line of the log, at the time of now. */
export type FormatLine = (line: string, facts: LogFacts | undefined) => string

/** @returns the form that the settings describe */
export function createFormat({
  program = 'glance',
  format,
  dateFormat = DATE_FORMAT,
}: FormatSettings): FormatLine {
  if (format === 'json') {
    return (message, {level = 'WARNING', ...facts} = {}) =>
      toAscii(JSON.stringify({time: new Date().toISOString(), level, program, ...facts, message}))
  }
  const formatDate = createDateFormat(dateFormat) ?? String
  return (line, {level = 'WARNING', request_id: id = program} = {}) =>
    `${formatDate(new Date())} ${level.padStart(9)} [${id}] ${line}`
}

/** JSON that no output has to escape. */
function toAscii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
