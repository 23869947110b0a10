/**
 * Runs the tool: parses the command line, runs one command, reports a failure, returns the exit code. Files that only
 * help and failures need are loaded when they are needed.
 */
import {
  type FlagShapes,
  findForeignFlag,
  findValue,
  firstWords,
  hasSwitch,
  isKnownFlag,
  splitArgv,
  splitCommand,
  validateArgv,
} from './lib/cli/argv.js'
import {createDisplay, type Display} from './lib/cli/display.js'
import type {CommandClass} from './lib/cli/glance-command.js'
import type {PageKind} from './lib/cli/help/help-file.js'
import type {HelpPage} from './lib/cli/help/help-layout.js'
import {flagsOf, readStartTable} from './lib/cli/start-table.js'
import type {Io} from './lib/io/io.js'
import {usageError} from './lib/model/errors.js'
import {findJsonFormat} from './lib/work/output/output-formats.js'

const TABLE = readStartTable()
const {commands: COMMANDS, flags: FLAGS} = TABLE

/**
 * Runs `glance` with these arguments.
 * @returns the exit code, see EXIT_CODES
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const display = createDisplay(
    io,
    findJsonFormat({
      isOn: name => hasSwitch(argv, name, FLAGS),
      valueFor: name => findValue(argv, name, FLAGS),
    }),
  )
  try {
    return await run(argv, io, display)
  } catch (error) {
    const {reportFailure} = await import('./lib/cli/report.js')
    return await reportFailure(error, display)
  } finally {
    await display.close()
  }
}

async function run(argv: readonly string[], io: Io, display: Display): Promise<number> {
  const {leadingFlags, command, rest} = splitCommand(argv, FLAGS, isCommand)
  validateArgv(rest, {...FLAGS, ...TOOL_SWITCHES})
  if (hasSwitch(rest, 'version', FLAGS)) return printText(display, await loadVersion())
  const wantsHelp = hasSwitch(rest, 'help', FLAGS, 'h')
  const unknown = leadingFlags.find(
    arg => !isKnownFlag(arg, FLAGS) && !(wantsHelp && /^(--help|-\w*h)/.test(arg)),
  )
  if (unknown !== undefined) throw (await loadNames()).unknownFlag(unknown, FLAGS)
  if (command === undefined && !wantsHelp && leadingFlags.length > 0) throw missingCommand()
  if (command === undefined && !wantsHelp) return printText(display, await loadToolHelp(io, 'short'))
  if (command === undefined || command === 'help') return printText(display, await loadHelp(rest, io))
  if (wantsHelp) return printText(display, await loadCommandHelp(command, io))
  if (!isCommand(command)) throw await unknownCommand(command, rest)
  await checkFlags(command, rest)
  const {error, debug} = await (await loadCommand(command)).start(rest, io, display)
  return error === undefined ? 0 : reportUsageFailure(error, command, display, debug)
}

function isCommand(name: string): boolean {
  return Object.hasOwn(COMMANDS, name)
}

/** Rejects a flag that the command does not take, before it is loaded. @throws Failure of kind usage */
async function checkFlags(command: string, args: readonly string[]): Promise<void> {
  const flags = pickFlags(flagsOf(command, TABLE))
  if (args.includes('-f') && !isKnownFlag('-f', flags))
    (await import('./lib/cli/parser-errors.js')).rejectFormatArg(args)
  const foreign = findForeignFlag(args, {...flags, ...pickFlags(TABLE.manualFlags)})
  if (foreign !== undefined) throw (await loadNames()).foreignFlag(command, foreign, TABLE)
}

function pickFlags(names: readonly string[]): FlagShapes {
  return Object.fromEntries(names.flatMap(name => (FLAGS[name] ? [[name, FLAGS[name]]] : [])))
}

async function reportUsageFailure(error: unknown, command: string, display: Display, debug: boolean) {
  const [{toUsageFailure}, {reportFailure}] = await Promise.all([
    import('./lib/cli/parser-errors.js'),
    import('./lib/cli/report.js'),
  ])
  return reportFailure(toUsageFailure(error, command, TABLE), display, debug)
}

function loadNames() {
  return import('./lib/cli/unknown-names.js')
}

/** Switches of the tool itself. */
const TOOL_SWITCHES = {help: {type: 'boolean'}, version: {type: 'boolean'}} as const

function missingCommand(): Error {
  return usageError('no command given', {
    why: 'only options were given',
    advice: 'Run glance without arguments to see all commands.',
  })
}

async function loadHelp(args: readonly string[], io: Io): Promise<string> {
  const {command, rest} = splitCommand(args, FLAGS, isCommand)
  if (splitArgv(rest, FLAGS).command !== undefined) {
    throw usageError('specify exactly one command', {advice: 'Example: glance help add'})
  }
  if (command === undefined || command === 'help') return loadToolHelp(io)
  return isCommand(command) ? loadCommandHelp(command, io) : loadTopicHelp(command, io)
}

async function loadVersion(): Promise<string> {
  const {readVersion} = await import('./lib/cli/version.js')
  return `glance ${readVersion()}\n`
}

async function loadPage(kind: PageKind, name: string): Promise<HelpPage | undefined> {
  const {readPage} = await import('./lib/cli/help/help-file.js')
  return readPage(kind, name)
}

async function loadToolHelp(io: Io, length: 'short' | 'whole' = 'whole'): Promise<string> {
  return layOut((await loadPage('tool', length)) ?? [], io)
}

async function loadCommandHelp(command: string, io: Io): Promise<string> {
  const page = await loadPage('command', command)
  if (page === undefined) throw await unknownCommand(command, [])
  return layOut(page, io)
}

async function loadTopicHelp(topic: string, io: Io): Promise<string> {
  const name = topic.toLowerCase().replaceAll('-', '_')
  const page = await loadPage('topic', name)
  if (page === undefined) throw await unknownCommand(topic, [], TABLE.topics)
  return layOut(page, io)
}

async function layOut(page: HelpPage, {env, stdout}: Io): Promise<string> {
  const {chooseColumns, layOut} = await import('./lib/cli/help/help-layout.js')
  return layOut(page, chooseColumns(env['COLUMNS'], stdout.columns))
}

async function loadCommand(name: string): Promise<CommandClass> {
  const {loadCommand} = await import('./commands.js')
  return loadCommand(name)
}

async function unknownCommand(
  name: string,
  rest: readonly string[],
  topics?: readonly string[],
): Promise<Error> {
  const {unknownCommand} = await loadNames()
  return unknownCommand([name, ...firstWords(rest, FLAGS, 2)], Object.keys(COMMANDS), topics)
}

async function printText(display: Display, text: string): Promise<number> {
  await display.text(text)
  return 0
}
