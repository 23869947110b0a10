/** The programs `glance-api` and `glance-registry`: parse the command line, find the configuration file, run a server. */
import type {Display} from '../lib/cli/display.js'
import {type ParsedOptions, parseOptions} from '../lib/cli/programs/options.js'
import {runReported} from '../lib/cli/programs/report.js'
import type {Io} from '../lib/io/io.js'
import {resolvePath} from '../lib/io/paths.js'
import {EXIT_CODES, usageError} from '../lib/model/errors.js'
import type {ServerSettings} from '../server/config.js'
import type {Surroundings} from '../server/run.js'
import {toFlag} from '../server/settings/places.js'
import type {SettingTable} from '../server/settings/setting.js'
import {findConfigFile} from './config-search.js'
import type {ProgramKind} from './program-help.js'
import {runService} from './run-service.js'

type RunServer = (settings: ServerSettings, surroundings: Surroundings) => Promise<void>

/** The servers; their code is loaded when they run. */
const SERVERS: Readonly<Record<ProgramKind, () => Promise<RunServer>>> = {
  api: async () => (await import('../server/run.js')).runServer,
  registry: async () => {
    const [{runServer}, {createRegistryServer}] = await Promise.all([
      import('../server/run.js'),
      import('../server/registry-server.js'),
    ])
    return (settings, surroundings) => runServer(settings, surroundings, createRegistryServer)
  },
}

/**
 * Runs `glance-api` or `glance-registry` with these arguments.
 * @param root in place of `/`, below which the configuration file is searched, for tests
 * @returns the exit code, as of `glance`
 */
export function runProgram(kind: ProgramKind, argv: readonly string[], io: Io, root = '/'): Promise<number> {
  return runReported(`glance-${kind}`, io, display => run(kind, argv, {io, display, root}))
}

interface ProgramParts {
  readonly io: Io
  readonly display: Display
  readonly root: string
}

async function run(
  kind: ProgramKind,
  argv: readonly string[],
  {io, display, root}: ProgramParts,
): Promise<number> {
  const name = `glance-${kind}` as const
  const {listSettings} = await import('./program-help.js')
  const table = listSettings(kind)
  const options = parse(name, argv, table)
  if (options.values['version'] || options.values['help']) {
    const {programHelp, programVersion} = await import('./program-help.js')
    await display.text(options.values['help'] ? programHelp(kind) : programVersion(name))
    return 0
  }
  const configFile = await chooseConfigFile(name, options, io, root)
  if (configFile === undefined) {
    await display.log(`ERROR: Unable to locate any configuration file. Cannot load application ${name}`)
    return EXIT_CODES.usage
  }
  const {loadSettings} = await import('../server/config.js')
  const flags = readFlags(options, table)
  const input = {program: name, flags, configFile, set: toList(options.values['set']), pid: io.pid}
  const load = () => loadSettings(input, io.env)
  const settings = await load()
  if (options.values['show-config'] === 'true') {
    await showSettings(settings, table, display)
    return 0
  }
  const pidFile = options.values['pid-file']
  const own = typeof pidFile === 'string' ? {pidFile: resolvePath(pidFile, io)} : {}
  await runService(settings, {...own, io, display, load, output: io.stdout, run: await SERVERS[kind]()})
  return 0
}

function parse(name: string, argv: readonly string[], table: SettingTable): ParsedOptions {
  const toNames = (names: readonly string[]) => names.map(one => toFlag(one).slice(2))
  const switches = Object.keys(table).filter(one => table[one]?.isSwitch)
  const names = {
    texts: ['config-file', 'pid-file', 'set', 'show-config', ...toNames(Object.keys(table))],
    switches: ['show-config', ...toNames(switches)],
    lists: ['set'],
  }
  const options = parseOptions(argv, names, {advice: `Run ${name} --help.`})
  const [, surplus] = options.words
  if (surplus !== undefined) throw usageError(`unexpected argument '${surplus}'`)
  return options
}

async function chooseConfigFile(
  name: string,
  {words: [argument], values}: ParsedOptions,
  io: Io,
  root: string,
): Promise<string | undefined> {
  const option = values['config-file']
  if (argument !== undefined && option !== undefined) {
    throw usageError(`give one configuration file: ${argument} or --config-file`)
  }
  const given = argument ?? option
  return typeof given === 'string' ? resolvePath(given, io) : findConfigFile(name, io, root)
}

/** The flags by the names of their settings. */
function readFlags({values}: ParsedOptions, table: SettingTable) {
  const entries = Object.keys(table).flatMap(name => {
    const from = toFlag(name)
    const text = values[from.slice(2)]
    return typeof text === 'string' ? [[name, {text, from}] as const] : []
  })
  return Object.fromEntries(entries)
}

function toList(value: ParsedOptions['values'][string]): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** Prints every setting of the program with its value and its source. */
async function showSettings({given}: ServerSettings, table: SettingTable, display: Display): Promise<void> {
  const all = given?.list() ?? []
  const shown = all.filter(({name}) => Object.hasOwn(table, name.slice(name.lastIndexOf('.') + 1)))
  const width = Math.max(...shown.map(({name}) => name.length))
  for (const line of given?.describeUnknown() ?? []) display.warning(line)
  const lines = shown.map(({name, value, from}) => `${name.padEnd(width)} ${value || '-'} (${from})\n`)
  await display.text(lines.join(''))
}
