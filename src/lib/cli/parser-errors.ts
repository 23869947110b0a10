/** Errors of the parser in our words. */

import {findClosest} from '../model/did-you-mean.js'
import {usageError} from '../model/errors.js'

interface CommandFlags {
  readonly flags: Readonly<
    Record<string, {readonly char?: string | undefined; readonly aliases?: readonly string[]}>
  >
}

type LoadCommands = () => Promise<Readonly<Record<string, CommandFlags>>>

/**
 * What the parser could not understand as a failure of kind usage; anything else as it is.
 * @param commands loads all commands, to tell where a flag belongs
 */
export async function toUsageFailure(
  error: unknown,
  command: string,
  commands: LoadCommands,
): Promise<unknown> {
  if (!(error instanceof Error) || !isFromParser(error)) return error
  const advice = `Run glance help ${command} to see what it takes.`
  if ('flags' in error && Array.isArray(error.flags)) {
    const [flag = ''] = String(error.flags[0]).split('=')
    return usageError(`${command} does not take ${flag}.`, {
      why: await explainFlag(flag, await commands()),
      advice,
    })
  }
  return usageError(extractMessage(error.message), {advice})
}

function isFromParser(error: Error): boolean {
  return 'parse' in error || 'oclif' in error || error.message.startsWith('Parsing --')
}

/** The framework puts a line before a message of ours, and one of advice behind its own. */
function extractMessage(message: string): string {
  const lines = message.split('\n').map(line => line.trim())
  return (lines[0]?.startsWith('Parsing --') ? lines[1] : lines[0]) ?? message
}

async function explainFlag(
  spelling: string,
  commands: Readonly<Record<string, CommandFlags>>,
): Promise<string | undefined> {
  const name = spelling.replace(/^--?/, '')
  const owners = Object.entries(commands).filter(([, {flags}]) => acceptsFlag(flags, name))
  if (owners.length > 0) return `It belongs to ${owners.map(([owner]) => owner).join(', ')}.`
  const known = Object.values(commands).flatMap(({flags}) => Object.keys(flags))
  const suggestion = findClosest(name, [...new Set(known)])
  return suggestion === undefined ? undefined : `Did you mean --${suggestion}?`
}

function acceptsFlag(flags: CommandFlags['flags'], name: string): boolean {
  return Object.entries(flags).some(
    ([key, flag]) => key === name || flag.char === name || flag.aliases?.includes(name),
  )
}
