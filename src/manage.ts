/** The program `glance-manage`, which maintains the registry of a service: parses its command line and runs one task. */
import type {Display} from './lib/cli/display.js'
import {type ParsedOptions, parseOptions} from './lib/cli/programs/options.js'
import {runReported} from './lib/cli/programs/report.js'
import type {Io} from './lib/io/io.js'
import {resolvePath} from './lib/io/paths.js'
import {didYouMean} from './lib/model/did-you-mean.js'
import {EXIT_CODES, usageError} from './lib/model/errors.js'
import type {Task, TaskOptions} from './server/manage/tasks.js'

/**
 * Runs `glance-manage` with these arguments.
 * @returns the exit code, as of `glance`
 */
export function manage(argv: readonly string[], io: Io): Promise<number> {
  return runReported('glance-manage', io, display => run(argv, io, display))
}

interface Command {
  readonly run: () => Promise<Task>
  /** Options besides those of all commands. */
  readonly options: readonly string[]
  /** The option whose value is the argument. */
  readonly argument?: string
  /** Options without a value. */
  readonly switches?: readonly string[]
}

const loadTasks = () => import('./server/manage/tasks.js')

const COMMANDS: Readonly<Record<string, Command>> = {
  db_sync: {run: async () => (await loadTasks()).syncSchema, options: []},
  db_version: {run: async () => (await loadTasks()).showVersion, options: []},
  db_purge: {run: async () => (await loadTasks()).purgeDeleted, options: ['age-in-days', 'max-rows']},
  scrub: {run: async () => (await loadTasks()).scrubDeleted, options: []},
  restore: {run: async () => (await loadTasks()).restoreDeleted, options: [], argument: 'image'},
  migrate: {run: async () => (await loadTasks()).copyToDatabase, options: ['from', 'to']},
  db_load_metadefs: {
    run: async () => (await loadTasks()).loadDefinitions,
    options: ['path'],
    argument: 'path',
    switches: ['merge', 'prefer-new', 'overwrite'],
  },
  db_unload_metadefs: {run: async () => (await loadTasks()).unloadDefinitions, options: []},
  db_export_metadefs: {
    run: async () => (await loadTasks()).exportDefinitions,
    options: ['path'],
    argument: 'path',
  },
}

/** Options of all commands. */
const COMMON = ['config-file', 'registry', 'sql-connection', 'data-dir']

/** The help of the program. */
export const HELP = `Usage: glance-manage COMMAND [options]

Maintain the registry of the embedded image service.

Commands:
  db_sync        Create the schema, or update it to that of this release
  db_version     Show the version of the schema
  db_purge       Delete the rows of images that were deleted long ago
  scrub          Delete the data of images that were deleted at least
                 scrub_time ago (setting delayed_delete), as the service does
                 every minute
  restore IMAGE  Restore a deleted image, before it is scrubbed
  migrate        Copy a registry into an empty database
  db_load_metadefs [PATH]
                 Load metadata definitions from a file, or from the files of a
                 folder [default: /etc/glance/metadefs]
  db_unload_metadefs
                 Delete all metadata definitions
  db_export_metadefs [PATH]
                 Write metadata definitions to the files of a folder

Options:
      --config-file=FILE    Read settings from FILE, for example sql_connection
      --registry=URL        Registry: sqlite:FILE or
                            postgres://USER@HOST/DATABASE
      --sql-connection=URL  Same as --registry
      --data-dir=DIR        Folder of a service, with its registry in SQLite;
                            scrub: also with its data, if that is in files
                            [default: $XDG_DATA_HOME/glance]
      --age-in-days=DAYS    db_purge: days since the deletion
      --max-rows=NUMBER     db_purge: largest number of images and of tasks
      --from=URL            migrate: the registry to copy, for example
                            sqlite:DIR with the data folder of a service
      --to=URL              migrate: the empty database
                            [default: sql_connection of the settings]
      --path=PATH           The same as the argument PATH
      --merge               db_load_metadefs: add to namespaces that exist what
                            they do not have; without it they are left alone
      --prefer-new          With --merge: also replace what they have
      --overwrite           With --merge: replace them with everything in them
  -h, --help                Show this help
      --version             Show the version

A password belongs into sql_connection of the file, into GLANCE_SQL_CONNECTION,
PGPASSWORD or ~/.pgpass; a URL with one is refused here.

Examples:
  glance-manage db_sync --config-file /etc/glance/glance.conf
  glance-manage db_purge --age-in-days 30 --max-rows 10000
  glance-manage scrub --config-file /etc/glance/glance.conf
  glance-manage restore 71c675ab-d94f-49cd-a114-e12490b328d9
  glance-manage migrate --from sqlite:/srv/glance --to postgres://db/glance
`

/** @returns the exit code */
async function run(argv: readonly string[], io: Io, display: Display): Promise<number> {
  const {words, values} = parse(argv)
  if (values['version']) {
    const {readVersion} = await import('./lib/cli/version.js')
    await display.text(`glance-manage ${readVersion()}\n`)
    return 0
  }
  if (values['help']) {
    await display.text(HELP)
    return 0
  }
  const [name, ...rest] = joinWords(words)
  if (name === undefined) {
    for (const line of HELP.trimEnd().split('\n')) await display.log(line)
    return EXIT_CODES.usage
  }
  const command = findCommand(name)
  const [argument, surplus] = command.argument === undefined ? [undefined, rest[0]] : rest
  if (surplus !== undefined) throw usageError(`unexpected argument '${surplus}'`, ADVICE)
  const given = command.argument !== undefined && argument !== undefined && {[command.argument]: argument}
  const options = {...withOneRegistry(readValues(name, command, values)), ...given}
  const task = await command.run()
  const lines = await task(options, {env: io.env, pid: io.pid, resolvePath: path => resolvePath(path, io)})
  await display.text(`${lines.join('\n')}\n`)
  return 0
}

/** Later releases of the original have the commands in two words: `db sync`. */
function joinWords(words: readonly string[]): readonly string[] {
  const [first, second, ...rest] = words
  return first === 'db' && second !== undefined ? [`db_${second}`, ...rest] : words
}

function findCommand(name: string): Command {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command !== undefined) return command
  const hint = didYouMean(name, Object.keys(COMMANDS)) || ` Commands: ${Object.keys(COMMANDS).join(', ')}.`
  throw usageError(`unknown command '${name}'.${hint}`, ADVICE)
}

const ADVICE = {advice: 'Run glance-manage --help.'}

function parse(argv: readonly string[]): ParsedOptions {
  const commands = Object.values(COMMANDS)
  const switches = commands.flatMap(command => command.switches ?? [])
  const texts = [...COMMON, ...commands.flatMap(({options}) => options), ...switches]
  return parseOptions(argv, {texts, switches}, ADVICE)
}

/** The manual of 2011 names the registry by `--sql-connection`. */
function withOneRegistry({'sql-connection': connection, ...values}: TaskOptions): TaskOptions {
  if (connection === undefined) return values
  if (values['registry'] === undefined) return {...values, registry: connection}
  throw usageError('give either --registry or --sql-connection', {why: 'both name the registry'})
}

function readValues(
  name: string,
  {options, switches = []}: Command,
  values: ParsedOptions['values'],
): TaskOptions {
  const allowed = [...COMMON, ...options, ...switches]
  const given = Object.entries(values).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value]] : [],
  )
  const foreign = given.find(([key = '']) => !allowed.includes(key))
  if (foreign !== undefined) throw usageError(`${name} does not take --${foreign[0]}`, ADVICE)
  return Object.fromEntries(given)
}
