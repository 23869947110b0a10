/** Errors of the parser in our words. */
import {usageError} from '../model/errors.js'
import {nearest} from '../model/hints.js'

interface Flagged {
  readonly flags: Readonly<
    Record<string, {readonly char?: string | undefined; readonly aliases?: readonly string[]}>
  >
}

type AllCommands = () => Promise<Readonly<Record<string, Flagged>>>

/**
 * What the parser could not understand as a failure of kind usage; anything else as it is.
 * @param commands loads all commands, to tell where a flag belongs
 */
export async function usageFailure(error: unknown, command: string, commands: AllCommands): Promise<unknown> {
  if (!(error instanceof Error) || !isFromParser(error)) return error
  const advice = `Run glance help ${command} to see what it takes.`
  if ('flags' in error && Array.isArray(error.flags)) {
    const [flag = ''] = String(error.flags[0]).split('=')
    return usageError(`${command} does not take ${flag}.`, {
      why: await whereFrom(flag, await commands()),
      advice,
    })
  }
  return usageError(plainMessage(error.message), {advice})
}

function isFromParser(error: Error): boolean {
  return 'parse' in error || 'oclif' in error || error.message.startsWith('Parsing --')
}

/** The framework puts a line before a message of ours, and one of advice behind its own. */
function plainMessage(message: string): string {
  const lines = message.split('\n').map(line => line.trim())
  return (lines[0]?.startsWith('Parsing --') ? lines[1] : lines[0]) ?? message
}

async function whereFrom(
  spelling: string,
  commands: Readonly<Record<string, Flagged>>,
): Promise<string | undefined> {
  const name = spelling.replace(/^--?/, '')
  const takers = Object.entries(commands).filter(([, {flags}]) => takes(flags, name))
  if (takers.length > 0) return `It belongs to ${takers.map(([taker]) => taker).join(', ')}.`
  const known = Object.values(commands).flatMap(({flags}) => Object.keys(flags))
  const meant = nearest(name, [...new Set(known)])
  return meant === undefined ? undefined : `Did you mean --${meant}?`
}

function takes(flags: Flagged['flags'], name: string): boolean {
  return Object.entries(flags).some(
    ([key, flag]) => key === name || flag.char === name || flag.aliases?.includes(name),
  )
}
