/** The settings of the log: its file outside the data folder, its form, and its level. */
import {realpathSync} from 'node:fs'
import {basename, dirname, isAbsolute, join, relative, resolve, sep} from 'node:path'
import {usageError} from '../lib/model/errors.js'
import {createDateFormat, DATE_DIRECTIVES} from './log/date-format.js'
import type {Level} from './log/line-format.js'
import type {LogSettings} from './log/reporter.js'
import {readConfigFile} from './settings/config-file.js'
import type {FileValues} from './settings/places.js'
import {readSettings} from './settings/setting.js'
import type {GivenSettings} from './settings/sources.js'
import {LOGS} from './settings/tables/service.js'

/**
 * Reads the settings of the log.
 * @param program its name is that of lines, and of the file in `log_dir`
 * @param dataDir absolute
 * @throws Failure `usage` for a file in the data folder, a form that is not understood, and a `log_config` without a level
 */
export async function readLogSettings(
  given: GivenSettings,
  program: string,
  dataDir: string,
): Promise<LogSettings & {readonly warnings: readonly string[]}> {
  const settings = readSettings(LOGS, given.in())
  const {log_date_format: dateFormat, log_format: format, debug, verbose} = settings
  if (createDateFormat(dateFormat) === undefined) {
    throw usageError(`invalid log_date_format '${dateFormat}': expected a text with ${DATE_DIRECTIVES}`)
  }
  const {level = debug ? 'DEBUG' : 'INFO', warnings = []} = await readLevel(settings.log_config)
  const file = findFile(settings, program)
  const isVerbose = verbose || debug || (settings.log_config !== undefined && level !== 'WARNING')
  return {
    program,
    format,
    dateFormat,
    level,
    verbose: isVerbose,
    file: file && requireOutside(dataDir, resolve(file)),
    warnings,
  }
}

/** A relative file is in the folder; without a file it has the name of the program. */
function findFile(
  {
    log_file: file,
    log_dir: folder,
  }: {readonly log_file?: string | undefined; readonly log_dir?: string | undefined},
  program: string,
): string | undefined {
  return folder ? resolve(folder, file || `${program}.log`) : file || undefined
}

const LEVELS: Readonly<Record<string, Level>> = {
  NOTSET: 'DEBUG',
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARN: 'WARNING',
  WARNING: 'WARNING',
  ERROR: 'ERROR',
  CRITICAL: 'ERROR',
}

/** The level in a file for the logging of Python, of which nothing else has a meaning here. */
async function readLevel(
  path: string | undefined,
): Promise<{readonly level?: Level; readonly warnings?: readonly string[]}> {
  if (!path) return {}
  const values = await readConfigFile(path)
  const text = values.get('logger_root')?.get('level') ?? ''
  const level = LEVELS[text.toUpperCase()]
  if (level === undefined) {
    throw usageError(`invalid log_config ${path}: expected a level in [logger_root]`, {
      why: text === '' ? 'it has none' : `'${text}' is none of ${Object.keys(LEVELS).join(', ')}`,
      advice: 'The settings log_file, log_format and log_date_format say where lines go, and their form.',
    })
  }
  const others = listOthers(values)
  if (others === '') return {level}
  return {level, warnings: [`${path}: only the level of [logger_root] counts; ignored: ${others}`]}
}

function listOthers(values: FileValues): string {
  return [...values]
    .filter(([section, settings]) => section !== 'logger_root' && settings.size > 0)
    .map(([section]) => `[${section}]`)
    .join(', ')
}

/** The data folder is for the service alone: a line of the log in one of its files would destroy that. */
function requireOutside(dataDir: string, path: string): string {
  const inside = relative(followLinks(dataDir), followLinks(path))
  if (isAbsolute(inside) || inside.split(sep)[0] === '..') return path
  throw usageError(`cannot use ${path} as the log file`, {
    why: 'it is in the data directory, which is for the service alone',
    advice: 'Name a file in another folder with --log-file.',
  })
}

/** The path without links, as far as it exists. */
function followLinks(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const folder = dirname(path)
    return folder === path ? path : join(followLinks(folder), basename(path))
  }
}
