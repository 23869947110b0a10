/** Makes the manual pages of the programs of the service from their help. */
import {readVersion} from '../src/lib/cli/version.js'
import {HELP as MANAGE_HELP} from '../src/manage.js'
import {HELP as CONTROL_HELP} from '../src/programs/control.js'
import {listGroups, type ProgramKind, programHelp} from '../src/programs/program-help.js'
import {DASH, type Entry, entries, escapeWord, paragraphs, section, verbatim} from './man-macros.js'

/** What each program is, and its help. */
const PROGRAMS: Readonly<Record<string, readonly [what: string, help: string]>> = {
  'glance-api': ['server of the OpenStack Image service', withoutSettings('api')],
  'glance-registry': ['server of the registry of the OpenStack Image service', withoutSettings('registry')],
  'glance-control': ['starts and stops the servers of the OpenStack Image service', CONTROL_HELP],
  'glance-manage': ['maintains the registry of the OpenStack Image service', MANAGE_HELP],
}

/** The help of a server without its settings, which are in the samples of configuration files too. */
function withoutSettings(kind: ProgramKind): string {
  const titles = listGroups(kind).map(({title}) => `${title}:`)
  const blocks = programHelp(kind).trimEnd().split('\n\n')
  const others = blocks.filter(block => !titles.includes(block.split('\n')[0] ?? ''))
  const file = `/etc/glance/glance-${kind}.conf`
  return [...others, `The settings are in the output of --help, and in ${file} of the package.`].join('\n\n')
}

/** The pages by the names of their files. */
export function programPages(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(PROGRAMS).map(([name, [what, help]]) => [`${name}.8`, toPage(name, what, help)]),
  )
}

function toPage(name: string, what: string, help: string): string {
  const [usage = '', ...blocks] = help.trimEnd().split(/\n{2,}/)
  const synopsis = usage.replace(/^Usage: /, '').replace(`${name} `, '')
  const lines = [
    `.TH ${name.toUpperCase()} 8 "" "glance ${readVersion()}" "System Administration"`,
    '.ad l',
    ...section('NAME', [`${escapeWord(name)} ${DASH} ${what}`]),
    ...section('SYNOPSIS', [`.B ${escapeWord(name)}`, ...paragraphs(synopsis)]),
    // No space between a heading and its first paragraph.
    ...section('DESCRIPTION', blocks.flatMap(formatBlock).slice(1)),
    ...section('SEE ALSO', paragraphs('glance(1). The folder docs of the package tell more.')),
  ]
  return `.\\" Made by npm run reference.\n${lines.join('\n')}\n`
}

/** A block is a list with a heading, or a paragraph. */
function formatBlock(block: string): string[] {
  const [, heading, list = ''] = /^([^\n]+):\n(.*)$/s.exec(block) ?? []
  if (heading === undefined || !list.startsWith(' ')) return ['.PP', ...paragraphs(block)]
  const lines = list.split('\n')
  return section(heading.toUpperCase(), heading === 'Examples' ? verbatim(lines) : entries(parseRows(lines)))
}

/** Rows of a list: a text begins after two spaces, or in the next line, and goes on in lines that are further in. */
function parseRows(lines: readonly string[]): Entry[] {
  const rows: [string, string][] = []
  for (const line of lines) {
    const last = rows.at(-1)
    if (last && /^ {9,}/.test(line)) last[1] += ` ${line.trim()}`
    else {
      const [, term = '', text = ''] = /^ *(.*?)(?: {2,}(.*))?$/.exec(line) ?? []
      rows.push([term, text])
    }
  }
  return rows
}
