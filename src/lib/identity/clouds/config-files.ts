/** Finds and reads the configuration files shared by all OpenStack clients. */

import {readFile, stat} from 'node:fs/promises'
import {isAbsolute, join, resolve} from 'node:path'
import {errorCode} from '../../http/errors/transport-errors.js'
import {resolvePath} from '../../io/paths.js'
import {isJsonObject, type JsonObject} from '../../model/json-object.js'

/** Inputs of the search, so that it does not depend on the process. */
export interface Environment {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Home directory of the user. */
  readonly home: string
  readonly platform: NodeJS.Platform
}

/** A file that was found and parsed. */
export interface ConfigFile {
  readonly path: string
  readonly content: JsonObject
}

/** Reports a problem in a file, which does not stop the search. */
export type Warn = (text: string) => void

/** Folders to search, most important first. */
export function configFolders(environment: Environment): readonly string[] {
  const {env, cwd, home, platform} = environment
  const toFolder = (path: string | undefined) => path && resolvePath(path, environment)
  const realHome = env.SNAP_REAL_HOME || home
  const folders = {
    darwin: [
      join(realHome, 'Library/Application Support/openstack'),
      '/Library/Application Support/openstack',
    ],
    win32: [
      join(env.LOCALAPPDATA || join(realHome, 'AppData/Local'), 'OpenStack/openstack'),
      join(env.PROGRAMDATA || 'C:\\ProgramData', 'OpenStack/openstack'),
    ],
    other: [
      join((!env.SNAP_REAL_HOME && toFolder(env.XDG_CONFIG_HOME)) || join(realHome, '.config'), 'openstack'),
      join(toFolder(env.XDG_CONFIG_DIRS?.split(':')[0]) || '/etc/xdg', 'openstack'),
    ],
  }
  const [user = cwd, site = cwd] = folders[platform === 'darwin' || platform === 'win32' ? platform : 'other']
  // Without a home directory its folders are relative: none of them is searched.
  const absolute = [user, join(realHome, '.config/openstack'), site].filter(folder => isAbsolute(folder))
  return [...new Set([cwd, ...absolute, '/etc/openstack'])]
}

/**
 * The first usable file of a kind; files are never merged with each other. An unusable one is skipped with a warning.
 * @param kind name without its extension
 * @param explicitPath file to try before all others
 */
export async function findConfigFile(
  kind: 'clouds' | 'secure' | 'clouds-public',
  environment: Environment,
  warn: Warn,
  explicitPath?: string,
): Promise<ConfigFile | undefined> {
  const standard = configFolders(environment).flatMap(folder =>
    ['yaml', 'yml', 'json'].map(ending => ({
      path: resolve(environment.cwd, folder, `${kind}.${ending}`),
      isExplicit: false,
    })),
  )
  const explicit = explicitPath ? [{path: resolvePath(explicitPath, environment), isExplicit: true}] : []
  for (const candidate of [...explicit, ...standard]) {
    const content = await readMapping(candidate, warn)
    if (content) return {path: candidate.path, content}
  }
  return undefined
}

async function readMapping(
  {path, isExplicit}: {path: string; isExplicit: boolean},
  warn: Warn,
): Promise<JsonObject | undefined> {
  try {
    if (await isNamedPipe(path)) {
      warn(`${path} is skipped: it is a named pipe`)
      return undefined
    }
    const content = await parseContent(UTF_8.decode(await readFile(path)), path)
    if (isJsonObject(content)) return content
    warn(`${path} is skipped: it does not hold a mapping`)
  } catch (error) {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(errorCode(error))
    if (isExplicit && isMissing) warn(`${path} is skipped: the file does not exist`)
    else if (!isMissing) warn(`${path} is skipped: ${describeReadError(error)}`)
  }
  return undefined
}

/** Reading one would wait for a writer. Pipes of the shell, in /dev, have theirs: `<(decrypt clouds.yaml)`. */
async function isNamedPipe(path: string): Promise<boolean> {
  return !path.startsWith('/dev/') && (await stat(path)).isFIFO()
}

/** Removes a byte order mark; bytes that are not text must not become part of a password. */
const UTF_8 = new TextDecoder('utf-8', {fatal: true})

async function parseContent(text: string, path: string): Promise<unknown> {
  if (path.endsWith('.json')) return JSON.parse(text) as unknown
  const {parseDocument, visit} = await import('yaml')
  const document = parseDocument(text, {merge: true, uniqueKeys: false})
  const [error] = document.errors
  if (error) throw new YamlError(error.linePos?.[0].line)
  // Keeps numbers as text: an id may be 123 or 12e34, and a password of digits keeps its zeros.
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value !== 'string' && node.value !== null && node.source) node.value = node.source
    },
  })
  return document.toJS() ?? {}
}

/** Keeps only the line number of a parser's error, whose message quotes the line, which may hold a password. */
class YamlError extends Error {
  constructor(readonly line: number | undefined) {
    super('invalid YAML')
  }
}

function describeReadError(error: unknown): string {
  const code = errorCode(error)
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is not UTF-8'
  if (code === 'EISDIR') return 'it is a directory'
  if (code !== '') return `it cannot be read (${code})`
  if (error instanceof SyntaxError) return 'it is not valid JSON'
  return error instanceof YamlError && error.line
    ? `line ${error.line} is not valid YAML`
    : 'it is not valid YAML'
}
