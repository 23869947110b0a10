/**
 * Runs the tool: parses the command line, runs one command, reports a failure, returns the exit code. Files that only
 * help and failures need are loaded when they are needed.
 */
import {COMMANDS, loadAllCommands, SYNONYMS} from './commands.js'
import {
  findValue,
  firstWords,
  hasSwitch,
  isKnownFlag,
  splitArgv,
  splitCommand,
  validateArgv,
} from './lib/cli/argv.js'
import {createDisplay, type Display} from './lib/cli/display.js'
import {ALL_FLAGS} from './lib/cli/flags/all.js'
import {findJsonFormat} from './lib/cli/flags/output.js'
import type {CommandClass} from './lib/cli/glance-command.js'
import type {Io} from './lib/io/io.js'
import {usageError} from './lib/model/errors.js'

/**
 * Runs `glance` with these arguments.
 * @returns the exit code, see EXIT_CODES
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const display = createDisplay(
    io,
    findJsonFormat({
      isOn: name => hasSwitch(argv, name, ALL_FLAGS),
      valueFor: name => findValue(argv, name, ALL_FLAGS),
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
  const {leadingFlags, command, rest} = splitCommand(argv, ALL_FLAGS, isCommand)
  validateArgv(rest, {...ALL_FLAGS, ...TOOL_SWITCHES})
  if (hasSwitch(rest, 'version', ALL_FLAGS)) return printText(display, await loadVersion())
  const wantsHelp = hasSwitch(rest, 'help', ALL_FLAGS, 'h')
  const unknown = leadingFlags.find(
    arg => !isKnownFlag(arg, ALL_FLAGS) && !(wantsHelp && /^(--help|-\w*h)/.test(arg)),
  )
  if (unknown !== undefined) throw await unknownFlag(unknown)
  if (command === undefined && !wantsHelp && leadingFlags.length > 0) throw missingCommand()
  if (command === undefined && !wantsHelp) return printText(display, await loadToolHelp(io, 'short'))
  if (command === undefined || command === 'help') return printText(display, await loadHelp(rest, io))
  if (wantsHelp) return printText(display, await loadCommandHelp(command, io))
  const commandClass = await loadCommand(command, rest)
  if (rest.includes('-f') && !isKnownFlag('-f', commandClass.flags))
    (await import('./lib/cli/parser-errors.js')).rejectFormatArg(rest)
  const {error, debug} = await commandClass.start(rest, io, display)
  return error === undefined ? 0 : reportUsageFailure(error, command, display, debug)
}

function isCommand(name: string): boolean {
  return name === 'help' || Object.hasOwn(COMMANDS, name)
}

async function reportUsageFailure(error: unknown, command: string, display: Display, debug: boolean) {
  const [{toUsageFailure}, {reportFailure}] = await Promise.all([
    import('./lib/cli/parser-errors.js'),
    import('./lib/cli/report.js'),
  ])
  return reportFailure(await toUsageFailure(error, command, loadAllCommands), display, debug)
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
  const {command, rest} = splitCommand(args, ALL_FLAGS, isCommand)
  if (splitArgv(rest, ALL_FLAGS).command !== undefined) {
    throw usageError('specify exactly one command', {advice: 'Example: glance help add'})
  }
  if (command === undefined || command === 'help') return loadToolHelp(io)
  return isCommand(command) ? loadCommandHelp(command, io) : loadTopicHelp(command, io)
}

async function loadVersion(): Promise<string> {
  const {readVersion} = await import('./lib/cli/version.js')
  return `glance ${readVersion()}\n`
}

async function loadToolHelp(io: Io, length: 'short' | 'whole' = 'whole'): Promise<string> {
  const {toolHelp} = await import('./lib/cli/help.js')
  return toolHelp(await loadAllCommands(), length, await loadColumns(io))
}

async function loadCommandHelp(command: string, io: Io): Promise<string> {
  const {commandHelp} = await import('./lib/cli/help.js')
  return commandHelp(command, await loadCommand(command), await loadColumns(io))
}

async function loadTopicHelp(topic: string, io: Io): Promise<string> {
  const {topicDescriptions, topicHelp} = await import('./lib/cli/topics/topics.js')
  const text = topicHelp(topic, await loadColumns(io))
  if (text === undefined) throw await unknownCommand(topic, [], Object.keys(topicDescriptions()))
  return text
}

async function loadColumns({env, stdout}: Io): Promise<number> {
  const {chooseColumns} = await import('./lib/cli/help-layout.js')
  return chooseColumns(env['COLUMNS'], stdout.columns)
}

async function unknownFlag(arg: string): Promise<Error> {
  const {explainPeerFlag, suggestFlag} = await import('./lib/cli/parser-errors.js')
  const [flag = ''] = arg.split('=')
  const name = flag.replace(/^-+/, '')
  const peer = explainPeerFlag(name)
  const suggestion = suggestFlag(name, ['help', 'version', ...Object.keys(ALL_FLAGS)], 2)
  return usageError(`unknown option ${flag}`, {
    why: peer ?? (suggestion === undefined ? undefined : `Did you mean --${suggestion}?`),
    advice: 'Run glance help to see the global options.',
  })
}

async function loadCommand(name: string, rest: readonly string[] = []): Promise<CommandClass> {
  const loader = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (loader === undefined) throw await unknownCommand(name, rest)
  return (await loader()).default
}

/**
 * @param rest arguments: `image list` of another tool is meant as `image-list`
 * @param topics what else the name may mean
 */
async function unknownCommand(
  name: string,
  rest: readonly string[],
  topics: readonly string[] = [],
): Promise<Error> {
  const {suggestField} = await import('./lib/model/did-you-mean.js')
  const phrase = [name, ...firstWords(rest, ALL_FLAGS, 2)]
  const synonym = [phrase, phrase.slice(0, 2), [name]]
    .map(words => words.join('-').toLowerCase())
    .find(words => Object.hasOwn(SYNONYMS, words))
  const known = ['help', ...Object.keys(COMMANDS), ...topics]
  const suggestion = synonym
    ? `Did you mean '${SYNONYMS[synonym]}'?`
    : suggestField(name, known, Math.ceil(name.length / 3)).trim()
  return usageError(`unknown ${topics.length > 0 ? 'command or field' : 'command'} '${name}'`, {
    why: suggestion || undefined,
    advice: `Run glance without arguments to see all commands${topics.length > 0 ? ', glance help fields to see all fields' : ''}.`,
  })
}

async function printText(display: Display, text: string): Promise<number> {
  await display.text(text)
  return 0
}
