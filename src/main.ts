/** The tool as a function: takes the words and the world, runs one command, reports a failure once, gives the exit code. */
import {allCommands, COMMANDS, SYNONYMS} from './commands.js'
import {arrange} from './lib/cli/argv.js'
import {ALL_FLAGS, connection, identity} from './lib/cli/flags.js'
import type {CommandClass} from './lib/cli/glance-command.js'
import {commandHelp, toolHelp} from './lib/cli/help.js'
import {report} from './lib/cli/report.js'
import {usageFailure} from './lib/cli/usage.js'
import {version} from './lib/cli/version.js'
import type {Io} from './lib/io/io.js'
import {usageError} from './lib/model/errors.js'
import {didYouMean} from './lib/model/hints.js'

/**
 * Runs `glance` with these words.
 * @returns the exit code, see EXIT_CODES
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    const {command, rest} = arrange(argv, ALL_FLAGS)
    if (isAsked(rest, '--version')) return await print(io, `glance ${version()}\n`)
    if (command === undefined || command === 'help') return await help(rest, io)
    if (isAsked(rest, '--help', '-h')) return await help([command], io)
    const {error, debug} = await (await load(command)).start(rest, io)
    return error === undefined
      ? 0
      : await report(await usageFailure(error, command, allCommands), io.stderr, debug)
  } catch (error) {
    return report(error, io.stderr, false)
  }
}

async function help(words: readonly string[], io: Io): Promise<number> {
  const [name, ...more] = words.filter(word => !word.startsWith('-'))
  if (more.length > 0) throw usageError('Please specify one command', {advice: 'Example: glance help add'})
  if (name === undefined) return print(io, await toolHelp(await allCommands(), {connection, identity}))
  return print(io, await commandHelp(name, await load(name), {connection, identity}))
}

async function load(name: string): Promise<CommandClass> {
  const loader = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (loader !== undefined) return (await loader()).default
  const hint =
    SYNONYMS[name] === undefined
      ? didYouMean(name, Object.keys(COMMANDS), Math.ceil(name.length / 3))
      : ` Did you mean '${SYNONYMS[name]}'?`
  throw usageError(`Unknown command: ${name}.${hint}`, {
    advice: 'Run glance without arguments to see all commands.',
  })
}

function isAsked(words: readonly string[], ...spellings: readonly string[]): boolean {
  const end = words.indexOf('--')
  return (end < 0 ? words : words.slice(0, end)).some(word => spellings.includes(word))
}

async function print(io: Io, text: string): Promise<number> {
  await io.stdout.write(text)
  return 0
}
