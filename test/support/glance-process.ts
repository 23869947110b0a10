/** The tool as a process of its own, with real pipes, signals and exit codes. */
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import path from 'node:path'

export const GLANCE = path.resolve(import.meta.dirname, '../../../bin/run.js')

export interface ProcessResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly process: ChildProcess
  readonly ended: Promise<ProcessResult>
}

/** Runs a shell line in which `glance` is the tool, without standard input. */
export function shell(
  line: string,
  url: string,
  env: Readonly<Record<string, string | undefined>> = {},
): Running {
  const script = `glance() { "${process.execPath}" "${GLANCE}" "$@"; }\nset -o pipefail\n${line}`
  const child = spawn('bash', ['-c', script], {
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      NODE_DISABLE_COMPILE_CACHE: '1',
      OS_IMAGE_URL: url,
      NODE: process.execPath,
      GLANCE,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return {process: child, ended: waitForEnd(child)}
}

/** Starts the tool itself, so that signals reach it. */
export function startGlance(
  argv: readonly string[],
  url: string,
  stdin: 'ignore' | 'pipe' | number = 'ignore',
): Running {
  return startProcess(GLANCE, argv, url, stdin)
}

/** Starts a tool that is installed elsewhere. @param program the path of its entry */
export function startProcess(
  program: string,
  argv: readonly string[],
  url: string,
  stdin: 'ignore' | 'pipe' | number = 'ignore',
): Running {
  const child = spawn(process.execPath, [program, ...argv], {
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      NODE_DISABLE_COMPILE_CACHE: '1',
      OS_IMAGE_URL: url,
    },
    stdio: [stdin, 'pipe', 'pipe'],
  })
  return {process: child, ended: waitForEnd(child)}
}

async function waitForEnd(child: ChildProcess): Promise<ProcessResult> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', text => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', text => (stderr += text))
  const [code, signal] = await once(child, 'close')
  return {code, signal, stdout, stderr}
}

/**
 * Interrupts a process again and again until it ends: a signal that follows another at once counts as the same
 * interruption.
 */
export function interruptUntilEnd({process, ended}: Running): void {
  const timer = setInterval(() => process.kill('SIGINT'), 50)
  void ended.finally(() => clearInterval(timer))
}
