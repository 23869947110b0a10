/** Runs a service in this process, for `glance serve` and for the programs of its own. */
import type {Display} from '../lib/cli/display.js'
import type {Io, Output} from '../lib/io/io.js'
import {LogFile} from '../lib/io/log-file.js'
import type {ServerSettings} from '../server/config.js'
import type {Surroundings} from '../server/run.js'

/** What a program decides. */
export interface ServiceProcess {
  readonly io: Io
  readonly display: Display
  /** Where the log goes without a file; warnings also with one. */
  readonly output: Output
  readonly announce?: Surroundings['announce']
  /** Absolute path of the file for the process id. */
  readonly pidFile?: string
  /** Reads the settings again, for a reload. */
  readonly load: () => Promise<ServerSettings>
  /** Runs the service until it is interrupted. */
  readonly run: (settings: ServerSettings, surroundings: Surroundings) => Promise<void>
}

/** Opens the log file, and runs the service until it is interrupted. @throws Failure as `LogFile.open` and `runServer` */
export async function runService(settings: ServerSettings, parts: ServiceProcess): Promise<void> {
  const {io, display, output, announce, load, pidFile, run} = parts
  const files: LogFile[] = []
  const openFile = async (path: string) => {
    const file = await LogFile.open(path)
    files.push(file)
    return (line: string) => display.log(line, file)
  }
  const print = (line: string) => display.log(line, output === io.stderr ? undefined : output)
  const outputs = {print, isTerminal: output.isTerminal, openFile}
  try {
    const control = await io.openService?.(pidFile)
    await run(settings, {outputs, interrupted: io.interrupted, announce, control, load})
  } finally {
    for (const file of files) await file.close()
  }
}
