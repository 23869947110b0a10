/** The surroundings of the process as a value: streams, variables and signals, so that nothing else touches `process`. */
import type {Readable} from 'node:stream'
import type {ControlledProcess} from './daemons/controlled-process.js'

/** A destination of text and bytes. */
export interface Output {
  readonly isTerminal: boolean
  /** Width of the terminal in characters; undefined without one. */
  readonly columns: number | undefined
  /**
   * Writes text or bytes and waits until they are handed on, so that a slow reader slows the writer.
   * @throws BrokenPipe when the reader of standard output has closed; text for standard error is dropped then
   * @throws Failure of kind failed when standard output cannot be written
   */
  write(data: string | Uint8Array): Promise<void>
}

/**
 * Kind of standard input: a `terminal`, `nothing` (closed, or `/dev/null`), a regular `file`, or a `pipe` (also a
 * socket or another device).
 */
export type InputKind = 'terminal' | 'nothing' | 'file' | 'pipe'

/** A source of bytes: standard input, or a file in its place. */
export interface Input {
  readonly kind: InputKind
  /** Bytes from the current offset to the end of a file; undefined if unknown. */
  readonly size: number | undefined
  /**
   * True for a file on standard input that is not empty and was not read yet. A loop whose list is standard input has
   * read part of it, so this file was redirected for this command.
   */
  readonly isUnreadFile?: boolean
  /** True after ids were read from it in place of arguments. */
  readonly isUsedUp?: boolean
  /** Streams the bytes from the current offset. A pipe can be opened once, a file repeatedly. */
  open(): Readable
}

/** The process as the tool sees it: `systemIo` in production, a fake in tests. */
export interface Io {
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** Working folder of the process. Throws a `Failure` of kind usage if it was deleted. */
  readonly cwd: string
  /** Home folder of the user; empty if it is unknown. */
  readonly home: string
  readonly platform: NodeJS.Platform
  /** True for the administrator of the machine. */
  readonly isRoot?: boolean
  /** Id of this process. */
  readonly pid: number
  /**
   * Aborted with a `Failure` of kind `interrupted` on the first SIGINT, SIGTERM or SIGHUP; see also `openService`. Until it is
   * read, a signal ends the process.
   */
  readonly interrupted: AbortSignal
  /** Sets the line that a second signal prints before it ends the process at once; undefined for none. */
  onForcedExit(line: string | undefined): void
  /** The output is not shown to a user, so do not wait for one. */
  readonly isUnattended?: boolean
  /**
   * Opens the process as that of a service: from then on SIGHUP does not interrupt it. Absent in memory.
   * @param pidFile absolute path of a file that has the process id while the service is ready
   */
  readonly openService?: (pidFile?: string) => Promise<ControlledProcess>
  /** Asks a yes-or-no question on the terminal. Only when stdin is a terminal. */
  ask(question: Question): Promise<boolean>
  /** Asks for a secret without echoing it. Only when stdin is a terminal. */
  askSecret(question: string): Promise<string>
}

/** A yes-or-no question. */
export interface Question {
  readonly text: string
  /** Answer when nothing is typed, and without a terminal. */
  readonly default: boolean
}

/** The reader of our output has closed it (EPIPE): not an error, because it has what it wanted. */
export class BrokenPipe extends Error {
  override readonly name = 'BrokenPipe'
}
