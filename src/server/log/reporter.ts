/** The log of the service: which lines go to standard error and which to the log file, each after its time. */
import {limitBacklog, type WriteLine} from './backlog.js'
import type {Steps} from './steps.js'

/** Output of the service. */
export interface Reporter {
  /** Logs a request, or another event of normal operation. */
  log(line: string): unknown
  /** Reports something that the operator should know. */
  warn(line: string): unknown
  /** Steps of the registry and the stores; absent if they are not logged. */
  readonly steps?: Steps
}

/** The settings of the log. */
export interface LogSettings {
  /** Log requests on a terminal too. */
  readonly verbose?: boolean
  /** Log the steps of the registry and the stores. */
  readonly debug?: boolean
}

/** The outputs of the log. */
export interface LogOutputs {
  readonly stderr: WriteLine
  /** Standard error is a terminal, on which people also run other commands. */
  readonly isTerminal: boolean
  /** The log file, if there is one. Its promises reject while it cannot be written. */
  readonly file?: WriteLine | undefined
}

/**
 * Creates the log. It goes to the file, if there is one, otherwise to standard error, except that a terminal gets it only
 * with `verbose` or `debug`. Warnings always go to standard error, and to the file.
 */
export async function createReporter(
  {verbose = false, debug = false}: LogSettings,
  {stderr, isTerminal, file}: LogOutputs,
): Promise<Reporter> {
  const print = limitBacklog(line => stderr(addTime(line)))
  const save = file && limitBacklog(reportOutages(line => file(addTime(line)), print))
  const isQuiet = isTerminal && !verbose && !debug
  const log = save ?? (isQuiet ? () => {} : print)
  const warn = (line: string) => {
    print(line)
    save?.(line)
  }
  if (!debug) return {log, warn}
  const {createSteps} = await import('./steps.js')
  return {log, warn, steps: createSteps(log)}
}

/** The line after the time of now, in UTC. */
function addTime(line: string): string {
  return `${new Date().toISOString()} ${line}`
}

/** Reports the first line that an output does not take, and the first one after it took lines again. */
function reportOutages(write: WriteLine, report: (line: string) => void): WriteLine {
  let isOut = false
  return async line => {
    try {
      await write(line)
      isOut = false
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (!isOut) report(`${reason}; lines are dropped until it can be written`)
      isOut = true
      throw error
    }
  }
}
