/** Reads ids from standard input, one per line, in place of arguments. */
import type {Readable} from 'node:stream'
import {type Failure, usageError} from '../model/errors.js'
import type {Input, Io} from './io.js'

/** Characters of a line: more than any id, name or URI has. */
const MAX_LINE = 4096

/** Characters of data that is not text: NUL, and bytes that are not UTF-8. */
const BINARY = /[\0\ufffd]/

/** Ids of one command, which are all read before anything is done. */
const MAX_IDS = 1_000_000

/**
 * The lines of an input, each once, without surrounding blanks. Empty lines are skipped.
 * @param maxIds default: a million
 * @throws Failure of kind usage for a terminal, a line of more than 4096 characters or of binary data, and more ids
 * @throws the reason of the signal
 */
export async function readIds(
  input: Input,
  signal: AbortSignal,
  maxIds = MAX_IDS,
): Promise<readonly string[]> {
  if (input.kind === 'nothing') return []
  if (input.kind === 'terminal') throw terminalError()
  const ids = new Set<string>()
  for await (const line of readLines(input.open(), signal)) {
    if (line.trim() !== '') ids.add(line.trim())
    if (ids.size > maxIds) throw usageError(`standard input has more than ${maxIds} ids`)
  }
  return [...ids]
}

/** The same process, with an input that is used up. */
export function withoutInput(io: Io): Io {
  const open = (): never => {
    throw new Error('standard input was read already')
  }
  const stdin: Input = {kind: 'nothing', size: undefined, isUsedUp: true, open}
  return Object.create(io, {stdin: {value: stdin}})
}

async function* readLines(stream: Readable, signal: AbortSignal): AsyncGenerator<string> {
  const stop = () => stream.destroy(signal.reason)
  signal.addEventListener('abort', stop)
  try {
    signal.throwIfAborted()
    const decoder = new TextDecoder()
    let [rest, count] = ['', 0]
    for await (const chunk of stream) {
      const lines = (rest + decoder.decode(chunk, {stream: true})).split('\n')
      rest = lines.pop() ?? ''
      const wrong = [...lines, rest].findIndex(line => line.length > MAX_LINE || BINARY.test(line))
      if (wrong >= 0) throw lineError(count + wrong + 1)
      yield* lines
      count += lines.length
    }
    yield rest
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function terminalError(): Failure {
  return usageError('cannot read ids from a terminal', {
    advice: 'Give them as arguments, or through a pipe: glance index | PROGRAM | glance show -',
  })
}

function lineError(number: number): Failure {
  return usageError(`line ${number} of standard input is not an id`, {
    why: `it is longer than ${MAX_LINE} characters, or is not text in UTF-8`,
    advice: 'Write one id or name per line.',
  })
}
