/** Answers a shell that completes a command line: a first line that says what follows, then one candidate in each line. */
import type {Io} from '../../io/io.js'
import {type Candidate, listCandidates, type Sources} from './candidates.js'
import type {ImageFile, ListedKind} from './image-cache.js'
import {findPlace} from './place.js'
import {type Line, parseLine, quoteForBash, unquote} from './shell-words.js'
import {type CompletionTable, readTable, type Shell} from './table.js'

/** Fetches the images of a file in the background. */
export type StartRefresh = (file: ImageFile) => Promise<void>

/**
 * The answer to a shell. Its first line is `words`, `nospace` (words that more is to be added to), `files` or `folders`;
 * the latter two are followed by the beginning of the current word that precedes the path.
 * @param input texts that each end with NUL: of bash the line up to the cursor and the characters that separate words;
 * of the others the words up to the cursor
 */
export async function answerShell(
  shell: Shell,
  input: string,
  io: Sources['io'],
  startRefresh: StartRefresh,
): Promise<readonly string[]> {
  const parts = input.split('\0').slice(0, -1)
  const line = shell === 'bash' ? parseLine(parts[0] ?? '', parts[1] ?? '') : toLine(parts)
  const {variables, words} = splitAssignments(line.words)
  const table = readTable()
  const place = findPlace(words.slice(1), line.current.text, table)
  const {source} = place.values
  if (line.isRedirected) return ['files', '']
  if (source === 'file' || source === 'folder') return [`${source}s`, place.prefix]
  const surroundings = {...io, cwd: io.cwd, env: {...io.env, ...variables}}
  const fetch = (kind: ListedKind) => fetchListed(kind, place.flags, surroundings, {table, startRefresh})
  const found = await listCandidates(place, line.current.text, {table, io: surroundings, fetch})
  return shell === 'bash' ? formatForBash(found, line) : ['words', ...found.map(formatWithDescription)]
}

/** The words of zsh and fish, which still have their quotes. */
function toLine(parts: readonly string[]): Line {
  const words = parts.map(unquote)
  return {
    words: words.slice(0, -1),
    current: {text: words.at(-1) ?? '', quote: '', kept: ''},
    isRedirected: false,
  }
}

/** `OS_CLOUD=x glance show` sets a variable for the command. */
function splitAssignments(words: readonly string[]) {
  const start = words.findIndex(word => !/^\w+=/.test(word))
  const pairs = words.slice(0, Math.max(0, start)).map(word => /^(\w+)=(.*)$/s.exec(word)?.slice(1) ?? [])
  return {variables: Object.fromEntries(pairs) as Io['env'], words: words.slice(Math.max(0, start))}
}

interface RefreshOptions {
  readonly table: CompletionTable
  readonly startRefresh: StartRefresh
}

async function fetchListed(
  kind: ListedKind,
  flags: ReadonlyMap<string, string>,
  io: Sources['io'],
  {table, startRefresh}: RefreshOptions,
) {
  const {locateImages, readImages} = await import('./image-cache.js')
  const file = locateImages(kind, flags, io, table)
  if (file === undefined) return []
  const {images, isStale} = await readImages(file)
  if (isStale) await startRefresh(file)
  return images
}

/** Bash shows everything that it is given, so only what begins as the current word. */
function formatForBash(found: readonly Candidate[], {current}: Line): string[] {
  const matching = found.filter(({text}) => text.startsWith(current.text))
  const words = matching.map(({text}) => quoteForBash(text, current)).filter(word => word !== undefined)
  const isOpen = matching.length > 0 && matching.every(({text}) => /[=,]$/.test(text))
  return [isOpen ? 'nospace' : 'words', ...words]
}

function formatWithDescription({text, description}: Candidate): string {
  return description === undefined ? text : `${text}\t${description}`
}
