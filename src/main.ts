/** The tool as a function: takes the words and the world, runs one command, reports a failure once, gives the exit code. */
import {allCommands, COMMANDS, SYNONYMS} from './commands.js'
import {arrange, hasSwitch, isKnown, requireSense} from './lib/cli/argv.js'
import {createDisplay, type Display} from './lib/cli/display.js'
import {ALL_FLAGS, connection, identity} from './lib/cli/flags.js'
import type {CommandClass} from './lib/cli/glance-command.js'
import {commandHelp, toolHelp} from './lib/cli/help.js'
import {report} from './lib/cli/report.js'
import {usageFailure} from './lib/cli/usage.js'
import {version} from './lib/cli/version.js'
import type {Io} from './lib/io/io.js'
import {usageError} from './lib/model/errors.js'
import {didYouMean, nearest} from './lib/model/hints.js'

/**
 * Runs `glance` with these words.
 * @returns the exit code, see EXIT_CODES
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const display = createDisplay(io, hasSwitch(argv, 'json', ALL_FLAGS))
  try {
    return await run(argv, io, display)
  } catch (error) {
    return await report(error, display)
  } finally {
    await display.close()
  }
}

async function run(argv: readonly string[], io: Io, display: Display): Promise<number> {
  const {before, command, rest} = arrange(argv, ALL_FLAGS)
  requireSense(rest, {...ALL_FLAGS, ...OF_THE_TOOL})
  if (hasSwitch(rest, 'version', ALL_FLAGS)) return print(display, `glance ${version()}\n`)
  const wantsHelp = hasSwitch(rest, 'help', ALL_FLAGS, 'h')
  const unknown = before.find(
    word => !isKnown(word, ALL_FLAGS) && !(wantsHelp && /^(--help|-\w*h)/.test(word)),
  )
  if (unknown !== undefined) throw unknownFlag(unknown)
  if (command === undefined && !wantsHelp && before.length > 0) throw withoutCommand()
  if (command === undefined && !wantsHelp) return print(display, await wholeHelp('short'))
  if (command === undefined || command === 'help') return print(display, await helpFor(rest))
  if (wantsHelp) return print(display, await helpOf(command))
  const {error, debug} = await (await load(command)).start(rest, io, display)
  return error === undefined ? 0 : report(await usageFailure(error, command, allCommands), display, debug)
}

/** Switches that the tool itself answers. */
const OF_THE_TOOL = {help: {type: 'boolean'}, version: {type: 'boolean'}} as const

function withoutCommand(): Error {
  return usageError('Please give a command', {
    why: 'the words are all options and their values',
    advice: 'Run glance without arguments to see all commands.',
  })
}

async function helpFor(words: readonly string[]): Promise<string> {
  const {command, rest} = arrange(words, ALL_FLAGS)
  if (arrange(rest, ALL_FLAGS).command !== undefined) {
    throw usageError('Please specify one command', {advice: 'Example: glance help add'})
  }
  const isGeneral = command === undefined || command === 'help'
  return isGeneral ? wholeHelp() : helpOf(command)
}

async function wholeHelp(length: 'short' | 'whole' = 'whole'): Promise<string> {
  return toolHelp(await allCommands(), {connection, identity}, length)
}

async function helpOf(command: string): Promise<string> {
  return commandHelp(command, await load(command), {connection, identity})
}

function unknownFlag(word: string): Error {
  const [flag = ''] = word.split('=')
  const meant = nearest(flag.replace(/^-+/, ''), ['help', 'version', ...Object.keys(ALL_FLAGS)], 2)
  return usageError(`There is no option ${flag}.`, {
    why: meant === undefined ? undefined : `Did you mean --${meant}?`,
    advice: 'Run glance without arguments to see all options.',
  })
}

async function load(name: string): Promise<CommandClass> {
  const loader = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (loader !== undefined) return (await loader()).default
  const hint = !Object.hasOwn(SYNONYMS, name)
    ? didYouMean(name, ['help', ...Object.keys(COMMANDS)], Math.ceil(name.length / 3))
    : ` Did you mean '${SYNONYMS[name]}'?`
  throw usageError(`Unknown command: ${name === '' ? "''" : name}.${hint}`, {
    advice: 'Run glance without arguments to see all commands.',
  })
}

async function print(display: Display, text: string): Promise<number> {
  await display.text(text)
  return 0
}
