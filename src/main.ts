/** The tool as a function: takes the words and the world, runs one command, reports a failure once, gives the exit code. */
import {allCommands, COMMANDS, SYNONYMS} from './commands.js'
import {arrange, hasSwitch, isKnown, requireSense} from './lib/cli/argv.js'
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
  const json = hasSwitch(argv, 'json', ALL_FLAGS)
  try {
    const {before, command, rest} = arrange(argv, ALL_FLAGS)
    requireSense(rest, {...ALL_FLAGS, ...OF_THE_TOOL})
    if (hasSwitch(rest, 'version', ALL_FLAGS)) return await print(io, `glance ${version()}\n`)
    const wantsHelp = hasSwitch(rest, 'help', ALL_FLAGS, 'h')
    const unknown = before.find(
      word => !isKnown(word, ALL_FLAGS) && !(wantsHelp && /^(--help|-\w*h)/.test(word)),
    )
    if (unknown !== undefined) throw unknownFlag(unknown)
    if (command === undefined && !wantsHelp && before.length > 0) throw withoutCommand()
    if (command === undefined && !wantsHelp) return await print(io, await wholeHelp('short'))
    if (command === undefined || command === 'help') return await help(rest, io)
    if (wantsHelp) return await print(io, await helpOf(command))
    const {error, debug, hide} = await (await load(command)).start(rest, io)
    if (error === undefined) return 0
    return await report(await usageFailure(error, command, allCommands), io.stderr, {
      stack: debug,
      json,
      hide,
    })
  } catch (error) {
    return report(error, io.stderr, {json})
  }
}

/** Switches that the tool itself answers. */
const OF_THE_TOOL = {help: {type: 'boolean'}, version: {type: 'boolean'}} as const

function withoutCommand(): Error {
  return usageError('Please give a command', {
    why: 'the words are all options and their values',
    advice: 'Run glance without arguments to see all commands.',
  })
}

async function help(words: readonly string[], io: Io): Promise<number> {
  const {command, rest} = arrange(words, ALL_FLAGS)
  if (arrange(rest, ALL_FLAGS).command !== undefined) {
    throw usageError('Please specify one command', {advice: 'Example: glance help add'})
  }
  const isGeneral = command === undefined || command === 'help'
  return print(io, isGeneral ? await wholeHelp() : await helpOf(command))
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

async function print(io: Io, text: string): Promise<number> {
  await io.stdout.write(text)
  return 0
}
