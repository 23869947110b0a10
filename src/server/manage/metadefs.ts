/** Loads metadata definitions from files in the format of the original, and writes them to files. */
import {readdir, readFile, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Failure, usageError} from '../../lib/model/errors.js'
import {isJsonObject, type JsonObject} from '../../lib/model/json-object.js'
import {findDocumentProblem, toDefinitions, toMembers, toNamespace} from '../metadefs/document.js'
import type {LoadMode, MetadefRegistry, NamespaceRecord} from '../registry/metadefs.js'

/** Owner of a namespace whose file names none, as in the original. */
const DEFAULT_OWNER = 'admin'
/** Namespaces that are read at a time. */
const PAGE = 100

/** What the options of the original mean. @throws Failure `usage` for options that contradict each other */
export function chooseMode(merge: boolean, preferNew: boolean, overwrite: boolean): LoadMode {
  if (!merge && (preferNew || overwrite)) {
    throw usageError(`--${preferNew ? 'prefer-new' : 'overwrite'} needs --merge`)
  }
  if (preferNew && overwrite) throw usageError('cannot use --prefer-new and --overwrite together')
  if (overwrite) return 'overwrite'
  if (preferNew) return 'prefer-new'
  return merge ? 'merge' : 'keep'
}

/** Numbers of files by what became of them. */
export interface LoadResult {
  readonly loaded: number
  /** Namespaces that exist already. */
  readonly kept: number
}

/**
 * Loads a file, or all files of a folder whose names end with `.json`, in the order of their names. All are read and checked
 * before the first is stored.
 * @throws Failure `not-found` without files; `failed` for a file that cannot be read, or is not a namespace
 */
export async function loadMetadefs(
  registry: MetadefRegistry,
  path: string,
  mode: LoadMode,
): Promise<LoadResult> {
  const documents: JsonObject[] = []
  for (const file of await listFiles(path)) documents.push(await readDocument(file))
  let loaded = 0
  for (const document of documents) {
    const namespace = toNamespace(document, DEFAULT_OWNER)
    if (await registry.loadNamespace(namespace, toDefinitions(document), mode)) loaded += 1
  }
  return {loaded, kept: documents.length - loaded}
}

async function listFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(error => {
    throw new Failure('not-found', `cannot read ${path}`, {why: error.message, cause: error})
  })
  if (!found.isDirectory()) return [path]
  const names = (await readdir(path)).filter(name => name.endsWith('.json')).sort()
  if (names.length > 0) return names.map(name => join(path, name))
  throw new Failure('not-found', `no metadata definitions in ${path}`, {
    why: 'it has no file whose name ends with .json',
  })
}

async function readDocument(file: string): Promise<JsonObject> {
  try {
    const document: unknown = JSON.parse(await readFile(file, 'utf8'))
    const problem = isJsonObject(document) ? findDocumentProblem(document) : 'it is not a JSON object'
    if (problem === undefined) return document as JsonObject
    throw new Error(problem)
  } catch (error) {
    throw new Failure('failed', `cannot load the metadata definitions in ${file}`, {
      why: error instanceof Error ? error.message : String(error),
      advice: 'Nothing was loaded. Correct or remove the file.',
      cause: error,
    })
  }
}

/**
 * Writes a file for each namespace, in place of one that is there. Its name is the display name without what is not a letter or
 * a digit, or else that of the namespace.
 * @param folder that exists
 * @returns the number of files
 * @throws Failure `failed` for a file that cannot be written
 */
export async function exportMetadefs(registry: MetadefRegistry, folder: string): Promise<number> {
  const names = new Set<string>()
  for await (const namespace of listAll(registry)) {
    const name = chooseName(namespace, names)
    names.add(name)
    const definitions = await registry.listDefinitions([namespace.name])
    const content = JSON.stringify({...toAttributes(namespace), ...toMembers(definitions)}, null, 2)
    await writeFile(join(folder, name), `${content}\n`).catch(error => {
      throw new Failure('failed', `cannot write ${join(folder, name)}`, {why: error.message, cause: error})
    })
  }
  return names.size
}

async function* listAll(registry: MetadefRegistry): AsyncGenerator<NamespaceRecord> {
  let marker: string | undefined
  for (;;) {
    const query = {sortKey: 'created_at', sortDir: 'asc', limit: PAGE, marker} as const
    const page = await registry.listNamespaces(query)
    if (page === 'unknown marker' || page.length === 0) return
    yield* page
    marker = page.at(-1)?.name
  }
}

/** Names without a suffix are those of the original, which lets the second of two namespaces replace the first. */
function chooseName({displayName, name}: NamespaceRecord, taken: ReadonlySet<string>): string {
  const base = (displayName ?? '').replace(/[^\p{L}\p{N}]+/gu, '') || name.replace(/[^\p{L}\p{N}]+/gu, '')
  let file = `${base}.json`
  for (let suffix = 2; taken.has(file); suffix += 1) file = `${base}${suffix}.json`
  return file
}

function toAttributes({
  name,
  displayName,
  description,
  visibility,
  protected: isProtected,
  owner,
}: NamespaceRecord) {
  return {namespace: name, display_name: displayName, description, visibility, protected: isProtected, owner}
}
