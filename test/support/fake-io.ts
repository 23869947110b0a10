/** A world for `main` that lives in memory: streams that remember, a terminal that answers. */
import {Readable} from 'node:stream'
import type {Input, InputKind, Io, Output, Question} from '../../src/lib/io/io.js'
import {main} from '../../src/main.js'

/** What a run of the tool left behind. */
export interface RunResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** The questions that were asked. */
  readonly asked: readonly string[]
}

export interface World {
  /** What stands on standard input; nothing unless given. */
  readonly stdin?: string | Buffer | Readable
  readonly kind?: InputKind
  /** Whether somebody sits at a terminal. */
  readonly terminal?: boolean
  /** What they answer, in turn; true when the list has ended. */
  readonly answers?: readonly boolean[]
  /** The password that they type. */
  readonly secret?: string
  readonly cwd?: string
  readonly home?: string
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** Runs `glance` with these words in a world of our own. */
export async function glance(argv: readonly string[], world: World = {}): Promise<RunResult> {
  const {io, seen} = fakeIo(world)
  const code = await main(argv, io)
  return {code, ...seen()}
}

/** A world in memory, and what was seen in it so far. */
export function fakeIo(world: World = {}): {io: Io; seen(): Omit<RunResult, 'code'>} {
  const stdout = createOutput(world.terminal === true)
  const stderr = createOutput(world.terminal === true)
  const asked: string[] = []
  const answers = [...(world.answers ?? [])]
  const io: Io = {
    stdin: createInput(world),
    stdout,
    stderr,
    env: world.env ?? {},
    cwd: world.cwd ?? '/nonexistent',
    home: world.home ?? '/nonexistent',
    platform: 'linux',
    pid: 1,
    askSecret: async (question: string) => {
      asked.push(question)
      return world.secret ?? ''
    },
    onForcedExit: () => {},
    interrupted: world.signal ?? new AbortController().signal,
    ask: async (question: Question) => {
      asked.push(question.text)
      return answers.shift() ?? true
    },
  }
  return {io, seen: () => ({stdout: stdout.text(), stderr: stderr.text(), asked})}
}

function createOutput(isTerminal: boolean): Output & {text(): string} {
  const written: Buffer[] = []
  return {
    isTerminal,
    columns: isTerminal ? 80 : undefined,
    write: async data => void written.push(Buffer.from(data)),
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
  return {kind: kind ?? 'pipe', size: isFile ? bytes.length : undefined, open}
}
