/** Programs that run in the background: starts one, and finds out about one that runs. */
import {execFile, spawn} from 'node:child_process'
import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {text} from 'node:stream/consumers'
import {promisify} from 'node:util'
import {Failure} from '../../model/errors.js'

/** Name and arguments of a program in JavaScript. */
export interface DaemonCommand {
  /** Path of its script. */
  readonly script: string
  readonly args: readonly string[]
}

/** How far a program came. */
export interface Outcome {
  /** 0 if it did what it should. */
  readonly code: number
  /** What it wrote to standard error otherwise. */
  readonly output: string
}

/**
 * Starts a program without a terminal, and waits until it says that it is ready.
 * @param seconds to wait
 * @returns 0 when it is
 * @throws Failure of kind unavailable when the time is over: then it goes on
 */
export async function startDaemon({script, args}: DaemonCommand, seconds: number): Promise<Outcome> {
  const child = spawn(process.execPath, [script, ...args], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const {stderr} = child
  const messages = stderr === null ? Promise.resolve('') : text(stderr)
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise((resolve, reject) => {
      const giveUp = () => reject(new Failure('unavailable', describeDelay(child.pid, seconds)))
      timer = setTimeout(giveUp, seconds * 1000)
      child.once('message', () => resolve({code: 0, output: ''}))
      child.once('error', reject)
      child.once('exit', code =>
        messages.then(output => resolve({code: code || 1, output: output || 'it ended before it listened'})),
      )
    })
  } finally {
    clearTimeout(timer)
    messages.catch(() => {})
    stderr?.destroy()
    if (child.connected) child.disconnect()
    child.unref()
  }
}

function describeDelay(pid: number | undefined, seconds: number): string {
  return `it does not listen after ${seconds} seconds, and goes on as process ${pid}`
}

/** Runs a program to its end. */
export function runToEnd({script, args}: DaemonCommand): Promise<Outcome> {
  return promisify(execFile)(process.execPath, [script, ...args]).then(
    () => ({code: 0, output: ''}),
    ({code, stderr, message}) => ({code: Number(code) || 1, output: stderr || message}),
  )
}

/** The command line of a process, program first; undefined when it does not run. Where /proc is absent, in one text. */
export async function readCommandLine(pid: number): Promise<readonly string[] | undefined> {
  const content = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  if (content !== undefined) return content === '' ? undefined : content.replace(/\0$/, '').split('\0')
  if (existsSync('/proc/self/cmdline')) return undefined
  const {stdout} = await promisify(execFile)('ps', ['-ww', '-o', 'args=', '-p', `${pid}`]).catch(() => ({
    stdout: '',
  }))
  return stdout.trim() === '' ? undefined : [stdout.trim()]
}

/** Sends a signal. @throws Failure of kind denied for the process of another user */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException
    // It has just ended.
    if (code === 'ESRCH') return
    throw new Failure('denied', `cannot signal the process ${pid}`, {why: message, cause: error})
  }
}
