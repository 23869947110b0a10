/** The log of the service: which lines go to which output, each with its time, its level and its request. */
import {limitBacklog, type WriteLine} from './backlog.js'
import {createFormat, type FormatSettings, type Level, type LogFacts} from './line-format.js'
import type {Steps} from './steps.js'

/** Output of the service. */
export interface Reporter {
  /** Logs a request, or another event of normal operation. */
  log(line: string, facts?: LogFacts): unknown
  /** Tells the operator something, on a terminal too. Its level is WARNING, unless the facts have another one. */
  warn(line: string, facts?: LogFacts): unknown
  /** Steps of the registry and the stores; absent if they are not logged. */
  readonly steps?: Steps
}

/** The log of a process, whose settings may change while it runs. */
export interface ServiceLog extends Reporter {
  /**
   * Opens the file that other settings name.
   * @returns what puts the settings into force, except that steps are logged from the start or never
   * @throws Failure as `openFile` of the outputs
   */
  prepareReload(settings: LogSettings): Promise<() => void>
}

/** The settings of the log. */
export interface LogSettings extends FormatSettings {
  /** The lowest level that is logged; absent: INFO. With DEBUG, the steps of the registry and the stores are logged. */
  readonly level?: Level
  /** Log requests on a terminal too. */
  readonly verbose?: boolean
  /** Absolute path of the log file; absent: the log goes to the output of the process. */
  readonly file?: string | undefined
}

/** The outputs of the log. */
export interface LogOutputs {
  /** Prints a line on the output of the process. */
  readonly print: (line: string) => unknown
  /** The output is a terminal, on which people also run other commands. */
  readonly isTerminal: boolean
  /** Opens a log file. The promises of its lines reject while it cannot be written. */
  readonly openFile?: (path: string) => Promise<(line: string) => unknown>
}

const LEVELS: readonly Level[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR']

/** Where lines go with some settings. */
type LogTarget = Pick<Reporter, 'log' | 'warn'>

/**
 * Opens the log. It goes to the file, if there is one, otherwise to the output of the process, except that a terminal gets it
 * only with `verbose`. What `warn` says always goes there, and to the file.
 * @throws Failure as `openFile` of the outputs
 */
export async function createReporter(settings: LogSettings, outputs: LogOutputs): Promise<ServiceLog> {
  let target = await openTarget(settings, outputs)
  const steps =
    settings.level === 'DEBUG'
      ? (await import('./steps.js')).createSteps((line, facts) => target.log(line, facts))
      : undefined
  const addRequest = (facts?: LogFacts): LogFacts | undefined => {
    const id = steps?.currentRequest()
    return id === undefined ? facts : {request_id: id, ...facts}
  }
  return {
    log: (line, facts) => target.log(line, facts),
    warn: (line, facts) => target.warn(line, addRequest(facts)),
    ...(steps && {steps}),
    prepareReload: async next => {
      const opened = await openTarget(next, outputs)
      return () => {
        target = opened
      }
    },
  }
}

async function openTarget(
  settings: LogSettings,
  {print: write, isTerminal, openFile}: LogOutputs,
): Promise<LogTarget> {
  const format = createFormat(settings)
  const {level: lowest = 'INFO', verbose = false, file: path} = settings
  const file = path === undefined ? undefined : await openFile?.(path)
  const print = limitBacklog((line, facts) => write(format(line, facts)))
  const save = file && limitBacklog(reportOutages((line, facts) => file(format(line, facts)), print))
  const isLogged = (level: Level) => LEVELS.indexOf(level) >= LEVELS.indexOf(lowest)
  const logs = save ?? (isTerminal && !verbose ? undefined : print)
  return {
    log: (line, facts) => {
      const {level = 'INFO'} = facts ?? {}
      if (isLogged(level)) logs?.(line, {level, ...facts})
    },
    warn: (line, facts) => {
      if (!isLogged(facts?.level ?? 'WARNING')) return
      print(line, facts)
      save?.(line, facts)
    },
  }
}

/** Reports the first line that an output does not take, and the first one after it took lines again. */
function reportOutages(write: WriteLine, report: (line: string) => void): WriteLine {
  let isOut = false
  return async (line, facts) => {
    try {
      await write(line, facts)
      isOut = false
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (!isOut) report(`${reason}; lines are dropped until it can be written`)
      isOut = true
      throw error
    }
  }
}
