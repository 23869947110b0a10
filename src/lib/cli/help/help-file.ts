/** The pages of the help in a file that the build writes, so that help loads no command. Each page is a line: its kind, its name and its JSON. */
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {HelpPage} from './help-layout.js'

/** The kinds of pages: of the tool (`short` and `whole`), of commands, and of topics (names with `_`). */
export type PageKind = 'tool' | 'command' | 'topic'

const FILE = join(import.meta.dirname, 'help.ndjson')

/** Reads one page that the build wrote, and no other; undefined if there is none of that name. */
export function readPage(kind: PageKind, name: string): HelpPage | undefined {
  const file = readFileSync(FILE)
  const start = startOfLine(kind, name)
  const at = file.indexOf(start)
  if (at < 0) return undefined
  return JSON.parse(file.toString('utf8', at + start.length, file.indexOf('\n', at + start.length)))
}

/** Writes the pages, in the build. */
export function writePages(pages: readonly (readonly [PageKind, string, HelpPage])[]): void {
  const lines = pages.map(([kind, name, page]) => startOfLine(kind, name) + JSON.stringify(page))
  writeFileSync(FILE, `${lines.join('')}\n`)
}

/** What precedes the JSON of a page, from the end of the line before it. No page has a line break. */
function startOfLine(kind: PageKind, name: string): string {
  return `\n${kind} ${name}\t`
}
