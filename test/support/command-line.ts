/** Command lines with redirections and pipes, run in memory: the cheap form of `shell` where no process is under test. */
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {Readable} from 'node:stream'
import {glance, type RunResult, type World} from './fake-io.js'
import {Failure} from './tool.js'

/**
 * Runs `glance WORDS`, `glance WORDS < FILE` or `cat FILE | glance WORDS` in memory. Words are separated by single spaces; the
 * shell has no other syntax here.
 * @param url the address of the image service
 */
export async function runLine(line: string, folder: string, url: string, env = {}): Promise<RunResult> {
  const [, piped, words = '', redirected] =
    /^(?:cat (\S+) \| )?glance ([^|<>$;]*?)(?: < (\S+))?$/.exec(line) ?? []
  if (words === '') throw new Error(`not a line for runLine: ${line}`)
  const world = {cwd: folder, env: {OS_IMAGE_URL: url, ...env}}
  return glance(words.split(' '), {...world, ...(await openInput(folder, piped, redirected))})
}

async function openInput(folder: string, piped?: string, redirected?: string): Promise<World> {
  const name = piped ?? redirected
  if (name === undefined || name === '/dev/null') return {kind: 'nothing'}
  const data = await readFile(path.join(folder, name))
  return piped === undefined ? {stdin: data, kind: 'file'} : {stdin: createPipe(data)}
}

/** Data in chunks of the size that a pipe gives. */
export function createPipe(data: Buffer): Readable {
  const chunks = Array.from({length: Math.ceil(data.length / 65_536)}, (_, n) =>
    data.subarray(n * 65_536, (n + 1) * 65_536),
  )
  return Readable.from(chunks, {highWaterMark: 1})
}

/** A signal for `World`, and the function that aborts it as Ctrl-C does. */
export function createInterrupt(): {readonly signal: AbortSignal; readonly interrupt: () => void} {
  const controller = new AbortController()
  const interrupt = () => controller.abort(new Failure('interrupted', 'interrupted by SIGINT'))
  return {signal: controller.signal, interrupt}
}
