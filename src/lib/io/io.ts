/** The world of the process as a value: streams, environment and interruption, so that nothing else touches `process`. */
import type {Readable} from 'node:stream'

/** Where text goes, or data. */
export interface Output {
  readonly isTerminal: boolean
  /** Width of the terminal in characters, when there is one. */
  readonly columns: number | undefined
  /**
   * Writes text or bytes and waits until they are handed on, so that a slow reader slows the writer.
   * @throws BrokenPipe when the reader of results has closed; notes without a reader are dropped
   */
  write(data: string | Uint8Array): Promise<void>
}

/**
 * What stands behind standard input: a `terminal`, `nothing` (closed, or a device without data such as `/dev/null`),
 * a regular `file`, or a `pipe` (also a socket).
 */
export type InputKind = 'terminal' | 'nothing' | 'file' | 'pipe'

export interface Input {
  readonly kind: InputKind
  /** Bytes from the current offset to the end, of a file; undefined where nobody can tell. */
  readonly size: number | undefined
  /** The bytes from the current offset. A pipe can be opened once, a file again and again. */
  open(): Readable
}

export interface Io {
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder in which the process works. */
  readonly cwd: string
  /** Home folder of the user. */
  readonly home: string
  readonly platform: NodeJS.Platform
  /** Id of this process. */
  readonly pid: number
  /** Aborted with a `Failure` of kind `interrupted` on the first SIGINT, SIGTERM or SIGHUP. */
  readonly interrupted: AbortSignal
  /** Sets the line that a second signal prints before it ends the process at once; undefined for none. */
  onForcedExit(line: string | undefined): void
  /** Asks on the terminal and gives what was typed, or undefined at its end. Only when stdin is a terminal. */
  ask(question: Question): Promise<boolean>
  /** Asks for a secret, which is not shown while it is typed. Only when stdin is a terminal. */
  askSecret(question: string): Promise<string>
}

/** A question with a yes or a no. */
export interface Question {
  readonly text: string
  /** What an empty answer means, and what counts when nobody can be asked. */
  readonly default: boolean
}

/** Nobody reads what we write any more (EPIPE): not an error, the reader has what it wanted. */
export class BrokenPipe extends Error {
  override readonly name = 'BrokenPipe'
}
