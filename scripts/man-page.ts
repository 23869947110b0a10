/** Makes the manual page from the declarations of commands, flags, fields and settings. */
import {loadAllCommands} from '../src/commands.js'
import {connectionFlags, identityFlags} from '../src/lib/cli/flags/connection.js'
import {outputGroup} from '../src/lib/cli/flags/output.js'
import {flagRows, ownFlags} from '../src/lib/cli/help/help.js'
import {COMPARISONS, OPERATORS} from '../src/lib/cli/help/help-fields.js'
import {readVersion} from '../src/lib/cli/version.js'
import {SETTING_NAMES, settingRow} from '../src/lib/identity/setting-table.js'
import {EXIT_CODES} from '../src/lib/model/errors.js'
import {FIELDS} from '../src/lib/model/fields.js'
import {EXTRA_FILTERS} from '../src/lib/model/filter-names.js'

type Command = Awaited<ReturnType<typeof loadAllCommands>>[string]
type Entry = readonly [term: string, text: string]

/** The page, in the macros of man(7). */
export async function manPage(): Promise<string> {
  const commands = Object.entries(await loadAllCommands())
  const blocks: readonly (readonly string[])[] = [
    [`.TH GLANCE 1 "" "glance ${readVersion()}" "User Commands"`, '.ad l'],
    section('NAME', [`glance ${DASH} tool for the OpenStack Image service`]),
    section('SYNOPSIS', [
      `.B glance\n.I command\n.RI [ options ]\n.RI [ args ]`,
      '.PP',
      '.B glance help\n.RI [ topic ]',
    ]),
    section('DESCRIPTION', paragraphs(DESCRIPTION)),
    section('COMMANDS', (await Promise.all(commands.map(describeCommand))).flat()),
    section('OPTIONS', [
      ...paragraphs('Every command that uses a service takes these options, before or after its name.'),
      ...entries(await flagRows(connectionFlags)),
      ...entries([
        ['--version', 'Print the version'],
        ['-h, --help', 'Print help'],
      ]),
      '.SS Output',
      ...paragraphs('Every command that prints results takes these too.'),
      ...entries(await flagRows(outputGroup.flags)),
      '.SS Cloud and login',
      ...entries(await flagRows(identityFlags)),
    ]),
    section('FIELDS', [
      ...paragraphs('All other names are custom properties. glance help FIELD tells more about a field.'),
      ...entries(FIELDS.map(({name, help}) => [name, help])),
    ]),
    section('FILTERS', describeFilters()),
    section('ENVIRONMENT', entries(environment())),
    section('FILES', entries(FILES)),
    section('EXIT STATUS', entries(exitCodes())),
    section('EXAMPLES', [
      '.nf',
      ...commands.flatMap(([, {examples = []}]) => examples.slice(0, 1).map(String).map(escapeLine)),
      '.fi',
    ]),
    section(
      'SEE ALSO',
      paragraphs('openstack(1), qemu-img(1). The README and the folder docs of the package tell more.'),
    ),
  ]
  return `.\\" Made by npm run reference.\n${blocks.flat().join('\n')}\n`
}

const DASH = String.raw`\-`

const DESCRIPTION = `glance adds, lists, changes, shares, downloads and deletes images of virtual machines in any OpenStack Image
service, of version 1 and 2 of its API. It finds the service by --url, by a cloud of clouds.yaml, or by the variables of
OpenStack; without any of them it uses the service of this machine, http://127.0.0.1:9292.

Results go to standard output, everything else to standard error. An image is given by its ID, its name or its URI.`

const FILES: readonly Entry[] = [
  [
    'clouds.yaml, secure.yaml, clouds-public.yaml',
    'Clouds and their credentials, in the current folder, $XDG_CONFIG_HOME/openstack (~/.config/openstack) or /etc/openstack',
  ],
  [
    '$XDG_CACHE_HOME/glance (~/.cache/glance)',
    'Tokens, the images that completion suggests, and compiled code; may be deleted at any time',
  ],
  ['$XDG_DATA_HOME/glance (~/.local/share/glance)', 'Images and registry of glance serve'],
]

/** What each kind of failure means to a script. */
const EXIT_TEXTS: Readonly<Record<keyof typeof EXIT_CODES, string>> = {
  failed: 'The command failed',
  ambiguous: 'A name belongs to several images',
  usage: 'The command line or a setting is wrong',
  'not-found': 'An image or a member does not exist',
  denied: 'The service refuses the credentials or the action',
  conflict: 'The state of the image does not allow the action',
  unavailable: 'The service does not respond, or the time is over',
  unverified: 'The data is not what it should be',
  interrupted: 'Interrupted',
}

async function describeCommand([name, command]: readonly [string, Command]): Promise<string[]> {
  const rows = await flagRows(ownFlags(command))
  return [
    `.SS "glance ${escapeWord(name)}${command.usage === '' ? '' : ` ${escapeWord(command.usage).replaceAll('"', '\\(dq')}`}"`,
    ...paragraphs(command.description ?? ''),
    ...entries(rows),
  ]
}

function describeFilters(): string[] {
  const fields = FIELDS.filter(({filter}) => filter !== false)
  return [
    ...paragraphs('index and details take these filters, and any other name for a custom property.'),
    ...entries([
      ...fields.map(({name, help, filterHelp = help}): Entry => [name, filterHelp]),
      ...EXTRA_FILTERS.map(({name, help}): Entry => [name, help]),
    ]),
    '.SS Comparisons, and operators before the value of a filter',
    ...entries([...COMPARISONS, ...OPERATORS]),
  ]
}

function environment(): Entry[] {
  const settings = SETTING_NAMES.map(settingRow).flatMap(({env, flag}): Entry[] =>
    env === undefined ? [] : [[env.join(', '), flag === undefined ? 'A setting' : `As --${flag}`]],
  )
  return [
    ['OS_CLOUD', 'As --os-cloud'],
    ['OS_CLIENT_CONFIG_FILE, OS_CLIENT_SECURE_FILE', 'Files in place of clouds.yaml and secure.yaml'],
    ...settings,
    ['HTTP_PROXY, HTTPS_PROXY, NO_PROXY', 'Proxies, and the hosts that are reached without one'],
    ['COLUMNS', 'Columns of help'],
    ['TMPDIR', 'Folder for the copies of --spool'],
  ]
}

function exitCodes(): Entry[] {
  const kinds = Object.entries(EXIT_CODES) as [keyof typeof EXIT_CODES, number][]
  const codes = [...new Set(kinds.map(([, code]) => code))]
  const texts = codes.map((code): Entry => {
    const meanings = kinds.filter(([, each]) => each === code).map(([kind]) => EXIT_TEXTS[kind])
    return [String(code), meanings.join('; ')]
  })
  return [['0', 'Success'], ...texts]
}

function section(title: string, lines: readonly string[]): string[] {
  return [`.SH ${title.includes(' ') ? `"${title}"` : title}`, ...lines]
}

function paragraphs(text: string): string[] {
  return text.split(/\n{2,}/).flatMap((paragraph, n) => [...(n > 0 ? ['.PP'] : []), ...wrapSource(paragraph)])
}

function entries(rows: readonly Entry[]): string[] {
  return rows.flatMap(([term, text]) => ['.TP', `.B ${escapeWord(term.trim())}`, ...wrapSource(text)])
}

/** Lines of source that fit a screen; the formatter fills them again. */
function wrapSource(text: string): string[] {
  const words = text.split(/\s+/).filter(Boolean)
  const lines: string[] = []
  for (const word of words) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + word.length < 70 && !/[.!?:]$/.test(line))
      lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines.map(escapeLine)
}

function escapeWord(text: string): string {
  return text.replaceAll('\\', String.raw`\e`).replaceAll('-', DASH)
}

/** A line that begins with a dot or an apostrophe would be a request. */
function escapeLine(line: string): string {
  return `${/^[.']/.test(line) ? String.raw`\&` : ''}${escapeWord(line)}`
}
