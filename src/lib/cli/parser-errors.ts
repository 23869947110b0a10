/** Turns errors of the parser into failures with plain messages. */
import {didYouMean} from '../model/did-you-mean.js'
import {usageError} from '../model/errors.js'
import {adviseOnFormat} from '../model/field-args.js'
import {missingArg} from './args.js'
import {commonGroup} from './flags/connection.js'
import type {StartTable} from './start-table.js'
import {foreignFlag} from './unknown-names.js'

/**
 * The failure of kind `usage` for an error of the parser; any other error is returned unchanged.
 * @param table to find the commands that a flag belongs to
 */
export function toUsageFailure(error: unknown, command: string, table: StartTable): unknown {
  if (!(error instanceof Error) || !isFromParser(error)) return error
  if ('flags' in error && Array.isArray(error.flags))
    return foreignFlag(command, String(error.flags[0]), table)
  const missing = 'args' in error && Array.isArray(error.args) ? missingArg(error.args[0]) : undefined
  if (missing !== undefined) return missing
  const message = extractMessage(error.message)
  const [, flag = ''] = /--([\w-]+)/.exec(message) ?? []
  const isGlobal = flag in commonGroup.flags
  return usageError(message, {
    why: explainMessage(message),
    advice: adviseHelp(isGlobal ? undefined : command),
  })
}

function isFromParser(error: Error): boolean {
  return 'parse' in error || 'oclif' in error || error.message.startsWith('Parsing --')
}

/** @param command undefined for a global flag, which the help of a command does not list */
function adviseHelp(command: string | undefined): string {
  return command === undefined
    ? 'Run glance help to see the global options.'
    : `Run glance help ${command} to see its options.`
}

/** The messages of the framework, and their wording here. */
const REWORDINGS: readonly (readonly [RegExp, string])[] = [
  [/^Expected (--[\w-]+)=(.*) to be one of: (.*)$/, "invalid $1 '$2': expected one of $3"],
  [/^Flag (--[\w-]+) expects a value$/, '$1 requires a value'],
  [/^Flag (--[\w-]+) expects one of these values: (.*)$/, '$1 requires one of $2'],
  [/^Flag (--[\w-]+) can only be specified once$/, '$1 can be given only once'],
  [/^Unexpected argument(s?): (.*)$/, 'unexpected argument$1: $2'],
]

/**
 * Rejects `-f json`, a format in other tools, where `-f` has no effect and `json` would be taken for an image.
 * @throws Failure of kind usage
 */
export function rejectFormatArg(args: readonly string[]): void {
  const advice = args.map((arg, n) => (args[n - 1] === '-f' ? adviseOnFormat(arg) : undefined)).find(Boolean)
  if (advice !== undefined) throw usageError('-f does not take a value', {advice})
}

/** Output formats of other tools, and what to write here. */
const PEER_FORMATS: Readonly<Record<string, string>> = {
  wide: 'For more columns write -c NAME,...; glance details prints all metadata.',
  name: 'For ids alone write --quiet, for names alone -o value -c name',
  id: 'For ids alone write --quiet',
  text: 'For text leave it out.',
  plain: 'For text leave it out.',
  jsonl: "Did you mean 'ndjson'?",
  shell: 'For values alone write -o value -c NAME,...',
}

/** A close choice for a wrong one, and the flag for a format that was written as an argument (`-f json`). */
function explainMessage(message: string): string | undefined {
  const [, flag, value = '', choices = ''] =
    /^invalid --([\w-]+) '(.*)': expected one of (.*)$/.exec(message) ?? []
  const [, argument = ''] = /^unexpected argument: (\S+)$/.exec(message) ?? []
  const format = value.toLowerCase().split('=')[0] ?? ''
  if (flag === 'format' && Object.hasOwn(PEER_FORMATS, format)) return PEER_FORMATS[format]
  return didYouMean(value, choices.split(', ')).trim() || adviseOnFormat(argument)
}

/** Removes the line that the framework adds before messages of our parsers, and the advice after its own messages. */
function extractMessage(message: string): string {
  const lines = message.split('\n').map(line => line.trim())
  const line = (lines[0]?.startsWith('Parsing --') ? lines[1] : lines[0]) ?? message
  const [pattern, replacement] = REWORDINGS.find(([pattern]) => pattern.test(line)) ?? []
  return pattern === undefined || replacement === undefined ? line : line.replace(pattern, replacement)
}
