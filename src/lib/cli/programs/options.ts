/** Parses the command lines of the programs around the service, which are not those of `glance`. */
import {parseArgs} from 'node:util'
import {type FailureDetails, usageError} from '../../model/errors.js'

/** The options of a program, without `--`. All have `--help`, `-h` and `--version`. */
export interface OptionNames {
  /** Those with a value. */
  readonly texts: readonly string[]
  /** Those of `texts` that mean `true` without a value. */
  readonly switches?: readonly string[]
  /** Those of `texts` that may be repeated. */
  readonly lists?: readonly string[]
}

/** A command line. */
export interface ParsedOptions {
  readonly words: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>
}

/**
 * Parses a command line. The original writes names of options with underscores, which are accepted too.
 * @param advice added to failures
 * @throws Failure `usage` for an unknown option, or one without its value
 */
export function parseOptions(
  argv: readonly string[],
  {texts, switches = [], lists = []}: OptionNames,
  advice: FailureDetails,
): ParsedOptions {
  const own = Object.fromEntries(
    texts.map(name => [name, {type: 'string', multiple: lists.includes(name)} as const]),
  )
  const common = {help: {type: 'boolean', short: 'h'}, version: {type: 'boolean'}} as const
  const dashed = argv.map(arg => arg.replace(/^--[\w-]+/, name => name.replaceAll('_', '-')))
  const args = joinValues(dashed, texts, switches)
  try {
    const {positionals, values} = parseArgs({args, options: {...own, ...common}, allowPositionals: true})
    return {words: positionals, values}
  } catch (error) {
    const [message = ''] = error instanceof Error ? error.message.split(/\.\s/) : []
    throw usageError(message.charAt(0).toLowerCase() + message.slice(1), advice)
  }
}

/** `--name=-1` for `--name -1`, which the parser would take for a missing value; `--name=true` for a switch. */
function joinValues(
  args: readonly string[],
  texts: readonly string[],
  switches: readonly string[],
): readonly string[] {
  const joined: string[] = []
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const name = arg.startsWith('--') ? arg.slice(2) : ''
    const [next = ''] = rest
    const pattern = switches.includes(name) ? /^(?:true|false)$/i : texts.includes(name) ? /^-\d/ : undefined
    if (pattern?.test(next)) joined.push(`${arg}=${rest.shift()}`)
    else joined.push(switches.includes(name) ? `${arg}=true` : arg)
  }
  return joined
}
