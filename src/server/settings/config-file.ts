/** Reads a configuration file in the INI format of the original service. */
import {readFile} from 'node:fs/promises'
import {usageError} from '../../lib/model/errors.js'
import type {FileValues} from './places.js'

/**
 * The values in a file. Settings before the first section are in `DEFAULT`; the last value of a name counts.
 * @throws Failure `usage` when the file cannot be read, or a line is not understood
 */
export async function readConfigFile(path: string): Promise<FileValues> {
  const content = await readFile(path, 'utf8').catch(error => {
    throw usageError(`cannot read the configuration file ${path}`, {why: error.message, cause: error})
  })
  return parseConfig(content, path)
}

/**
 * The values in the content of a file. `#` and `;` begin a comment only at the start of a line, as in the original: elsewhere
 * they belong to the value, which may be a password. An indented line continues the value before it.
 * @throws Failure `usage` that names the line, without its content
 */
export function parseConfig(content: string, path: string): FileValues {
  const sections = new Map<string, Map<string, string>>()
  let section = new Map<string, string>()
  let last: string | undefined
  sections.set('DEFAULT', section)
  for (const [index, line] of content.split(/\r?\n/).entries()) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue
    const [, header] = /^\[(.+)\]\s*$/.exec(line) ?? []
    const [, name, value = ''] = /^([\w.-]+)\s*[=:]\s*(.*)$/.exec(line) ?? []
    if (header !== undefined) {
      section = sections.get(header.trim()) ?? new Map()
      sections.set(header.trim(), section)
      last = undefined
    } else if (name !== undefined) {
      section.set(name, removeQuotes(value.trim()))
      last = name
    } else if (last !== undefined && /^\s/.test(line)) {
      section.set(last, `${section.get(last)}\n${line.trim()}`)
    } else {
      throw usageError(`invalid line ${index + 1} in ${path}: expected [SECTION] or NAME = VALUE`)
    }
  }
  return sections
}

/** The value without quotes around it. Those around the items of a list stay: `"a":"b"`. */
function removeQuotes(value: string): string {
  const [, quote, content] = /^(['"])(.*)\1$/s.exec(value) ?? []
  if (quote === undefined || content === undefined) return value
  return new RegExp(`${quote}\\s*[,:]\\s*${quote}`).test(content) ? value : content
}
