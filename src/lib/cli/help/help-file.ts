/** The pages of the help in a file that the build writes, so that help loads no command. */
import {readFileSync, writeFileSync} from 'node:fs'
import type {HelpPage} from './help-layout.js'

/** All pages. */
export interface HelpPages {
  /** Help of the tool. */
  readonly short: HelpPage
  readonly whole: HelpPage
  readonly commands: Readonly<Record<string, HelpPage>>
  /** By names with `_`. */
  readonly topics: Readonly<Record<string, HelpPage>>
}

const FILE = new URL('help.json', import.meta.url)

/** Reads the pages that the build wrote. */
export function readPages(): HelpPages {
  return JSON.parse(readFileSync(FILE, 'utf8')) as HelpPages
}

/** Writes the pages, in the build. */
export function writePages(pages: HelpPages): void {
  writeFileSync(FILE, JSON.stringify(pages))
}
