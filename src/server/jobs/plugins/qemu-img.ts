/** Runs `qemu-img`, within limits of time, memory and size. */
import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {usageError} from '../../../lib/model/errors.js'

const run = promisify(execFile)

/** Names of formats in `qemu-img`, by `disk_format`. Data in other formats is not converted. */
export const QEMU_FORMATS: Readonly<Record<string, string>> = {
  raw: 'raw',
  qcow2: 'qcow2',
  vmdk: 'vmdk',
  vhd: 'vpc',
  vhdx: 'vhdx',
  vdi: 'vdi',
}

/** Limits of a conversion. */
export interface ConversionLimits {
  readonly seconds: number
  /** Bytes of memory. */
  readonly memory: number
  /** Bytes of the result; may be infinite. */
  readonly size: number
}

/** A conversion of a file. Paths are absolute, so that no part of them is taken for a protocol or an option. */
export interface Conversion {
  readonly source: string
  /** `disk_format` of the source, which is not probed. */
  readonly from: string
  readonly target: string
  readonly to: string
}

/** The conversion failed. The message is the reason, without paths. */
export class ConversionFailed extends Error {
  override readonly name = 'ConversionFailed'
}

/**
 * Sets the limits of the process that it becomes, which gets nothing else of the environment; the shell does not parse
 * arguments. Sizes of files are in 512 bytes.
 */
const LIMITED =
  'ulimit -t "$1" && ulimit -v "$2" && ulimit -f "$3" && shift 3 && exec env -i PATH="$PATH" LC_ALL=C "$@"'

/**
 * Converts a file.
 * @param signal ends the conversion, with its reason
 * @throws ConversionFailed
 */
export async function convertFile(
  {source, from, target, to}: Conversion,
  {seconds, memory, size}: ConversionLimits,
  signal: AbortSignal,
): Promise<void> {
  const files = size === Number.POSITIVE_INFINITY ? 'unlimited' : String(Math.ceil(size / 512))
  const limits = [String(seconds), String(Math.ceil(memory / 1024)), files]
  const command = ['qemu-img', 'convert', '-f', QEMU_FORMATS[from] ?? from, '-O', QEMU_FORMATS[to] ?? to]
  const options = {timeout: seconds * 1000, killSignal: 'SIGKILL', signal} as const
  try {
    await run('sh', ['-c', LIMITED, 'sh', ...limits, ...command, source, target], options)
  } catch (error) {
    signal.throwIfAborted()
    const reason = explain(error as FailedRun, seconds)
      .replaceAll(source, 'image')
      .replaceAll(target, 'result')
    throw new ConversionFailed(reason, {cause: error})
  }
}

type FailedRun = Error & {
  readonly signal?: string | null
  readonly killed?: boolean
  readonly stderr?: string
}

function explain({message, signal, killed, stderr = ''}: FailedRun, seconds: number): string {
  if (killed || signal === 'SIGXCPU') return `it takes more than ${seconds} seconds`
  if (signal === 'SIGXFSZ' || /File too large/.test(stderr))
    return 'the result is larger than the image may be'
  if (/temporarily unavailable|cannot allocate/i.test(stderr)) return 'it needs more memory than it may use'
  const [line = ''] = stderr.split('\n').filter(text => text.trim() !== '')
  if (line !== '') return line.slice(0, 500)
  return signal ? `qemu-img was ended by ${signal}` : message
}

/** @throws Failure `usage` on a machine without the program */
export async function requireQemuImg(): Promise<void> {
  await run('qemu-img', ['--version']).catch(error => {
    throw usageError('cannot convert images: qemu-img does not run', {
      why: error.code === 'ENOENT' ? 'it is not installed' : error.message,
      advice: 'Install it (qemu-utils), or remove image_conversion from image_import_plugins.',
    })
  })
}
