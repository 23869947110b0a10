/** An in-memory `Io` for `main`: recorded streams, and a terminal with prepared answers. */
import {Readable} from 'node:stream'
import type {Input, InputKind, Io, Output, Question} from '../../src/lib/io/io.js'
import {BrokenPipe, main} from './tool.js'

/** The result of a run of the tool. */
export interface RunResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** The questions that the tool asked. */
  readonly asked: readonly string[]
}

export interface World {
  /** The content of standard input; nothing unless given. */
  readonly stdin?: string | Buffer | Readable
  readonly kind?: InputKind
  /** True if standard input is a terminal. */
  readonly terminal?: boolean
  /** The answers of the user, in turn; true when the list has ended. */
  readonly answers?: readonly boolean[]
  /** The password that the user types. */
  readonly secret?: string
  readonly cwd?: string
  readonly home?: string
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** True if the reader of standard output goes away after the first write. */
  readonly readsOnce?: boolean
  /** Sees each text for standard error as it is written. */
  readonly onStderr?: (text: string) => void
  /** Sees each line that a second signal would print. */
  readonly onForcedExit?: (line: string | undefined) => void
}

/** Runs `glance` with these arguments in memory. */
export async function glance(argv: readonly string[], world: World = {}): Promise<RunResult> {
  const {io, seen} = fakeIo(world)
  const code = await main(argv, io)
  return {code, ...seen()}
}

/** An `Io` in memory, and its output so far. */
export function fakeIo(world: World = {}): {io: Io; seen(): Omit<RunResult, 'code'>} {
  const stdout = createOutput(world.terminal === true, written => {
    if (world.readsOnce === true && written > 1) throw new BrokenPipe()
  })
  const stderr = createOutput(world.terminal === true, (_, text) => world.onStderr?.(text))
  const asked: string[] = []
  const answers = [...(world.answers ?? [])]
  const io: Io = {
    stdin: createInput(world),
    stdout,
    stderr,
    // Colours are for the tests of colours, which give an empty NO_COLOR.
    env: {NO_COLOR: '1', ...world.env},
    cwd: world.cwd ?? '/nonexistent',
    home: world.home ?? '/nonexistent',
    platform: 'linux',
    pid: 1,
    askSecret: async (question: string) => {
      asked.push(question)
      return world.secret ?? ''
    },
    onForcedExit: line => world.onForcedExit?.(line),
    interrupted: world.signal ?? new AbortController().signal,
    ask: async (question: Question) => {
      asked.push(question.text)
      return answers.shift() ?? true
    },
  }
  return {io, seen: () => ({stdout: stdout.text(), stderr: stderr.text(), asked})}
}

/** @param onWrite is called with the number of writes so far, this one included, and its text */
function createOutput(
  isTerminal: boolean,
  onWrite: (count: number, text: string) => void,
): Output & {text(): string} {
  const written: Buffer[] = []
  return {
    isTerminal,
    columns: isTerminal ? 80 : undefined,
    write: async data => {
      written.push(Buffer.from(data))
      onWrite(written.length, data.toString())
    },
    text: () => Buffer.concat(written).toString(),
  }
}

function createInput({stdin, kind, terminal}: World): Input {
  if (stdin === undefined) {
    const open = () => {
      throw new Error('standard input was read')
    }
    return {kind: kind ?? (terminal ? 'terminal' : 'nothing'), size: undefined, open}
  }
  if (stdin instanceof Readable) return {kind: kind ?? 'pipe', size: undefined, open: () => stdin}
  const bytes = Buffer.from(stdin)
  const isFile = kind === 'file'
  const open = () => Readable.from(bytes.length === 0 ? [] : [bytes])
  return {
    kind: kind ?? 'pipe',
    size: isFile ? bytes.length : undefined,
    isUnreadFile: isFile && bytes.length > 0,
    open,
  }
}
