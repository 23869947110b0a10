/** Variants of one task, run one after the other in every round, as ratios to the first, so that a drift of the machine affects all of them. */
import {spawnSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {mkdtempSync, readFileSync} from 'node:fs'
import {open} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'

/** The tool under test. */
export const GLANCE = `"${process.execPath}" "${path.resolve(import.meta.dirname, '../../bin/run.js')}"`

/** The folder of a benchmark; the caller removes it. */
export const folder = mkdtempSync(path.join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'glance-bench-'))

export const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 9)

/** Size of the image in MiB. */
export const SIZE = Number(process.env['BENCH_SIZE'] ?? process.env['BENCH_MIB'] ?? 512)

/** One variant of the task: a shell command. */
export interface Variant {
  readonly name: string
  readonly line: string
  /** What the ratio should be, printed beside it. */
  readonly goal?: string | undefined
  /** Process of a service, whose processor time is measured in place of that of the line. */
  readonly service?: number | undefined
}

/** Clock ticks in which Linux counts the processor time of a process. */
const TICKS_PER_SECOND = 100

/** Seconds: by the clock, and of all processors for all processes of the line. */
interface Measurement {
  readonly clock: number
  readonly work: number
}

/**
 * Prints the medians of the ratios to the first variant. A failing variant of another client is left out.
 * @param after restores the initial state, not measured
 */
export function compare(what: string, variants: readonly Variant[], after: () => void = () => {}): void {
  const runnable = variants.filter(variant => canRun(variant, after))
  const took = runnable.map((): Measurement[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, {line, service}] of runnable.entries()) {
      took[index]?.push(measure(line, service))
      after()
    }
  }
  printRow(what, ['time', 'processor time', 'goal'])
  for (const [index, {name, goal = ''}] of runnable.entries()) {
    const columns = (['clock', 'work'] as const).map(unit => ratios(took[index], took[0], unit))
    printRow(`  ${name}`, [...columns, goal])
  }
}

/** Prints a row of a table; the title of a table starts a new one. */
export function printRow(name: string, columns: readonly string[]): void {
  if (!name.startsWith(' ')) console.log()
  console.log([name.padEnd(26), ...columns.map(column => column.padEnd(24))].join(' ').trimEnd())
}

function ratios(
  ours: readonly Measurement[] = [],
  first: readonly Measurement[] = [],
  unit: keyof Measurement,
): string {
  return summarize(ours.map((took, round) => took[unit] / (first[round]?.[unit] || 1)))
}

/** The median of numbers, with the smallest and the largest. */
export function summarize(numbers: readonly number[], digits = 2): string {
  const sorted = numbers.toSorted((a, b) => a - b)
  const [least = 0, middle = 0, most = 0] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
  return `${middle.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`
}

/** True if the variant succeeds; also warms the caches of the system. */
function canRun({name, line}: Variant, after: () => void): boolean {
  try {
    run(line)
    after()
    return true
  } catch (error) {
    if (!name.endsWith('(Python)')) throw error
    console.log(`${name} is left out: ${String(error).trim().split('ended with')[1]}`)
    return false
  }
}

function measure(line: string, service?: number): Measurement {
  const before = service === undefined ? 0 : readProcessorTime(service)
  const {stderr} = spawn(`TIMEFORMAT='%R %U %S'; time { ${line}; }`, line)
  const [clock = 0, user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  return {clock, work: service === undefined ? user + system : readProcessorTime(service) - before}
}

/** Seconds of processor time of a process so far, in all its threads. Only on Linux. */
function readProcessorTime(pid: number): number {
  // The name of the program, in parentheses, may contain spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Runs the line and returns its output. @throws Error when it fails */
export function run(line: string): string {
  return spawn(line, line).stdout
}

/** Runs it with an empty home, since other clients keep state there that disturbs the next run. */
function spawn(script: string, line: string) {
  const env = {
    PATH: process.env['PATH'],
    HOME: path.join(folder, 'home'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
  }
  const ran = spawnSync('bash', ['-c', `rm -rf "$HOME"; set -o pipefail; ${script}`], {encoding: 'utf8', env})
  if (ran.status !== 0)
    throw new Error(`${line}\nended with ${ran.status ?? ran.signal ?? ran.error}: ${ran.stderr}`)
  return ran
}

/** Writes SIZE MiB that cannot be compressed into a file. */
export async function writeDisk(disk: string): Promise<void> {
  const file = await open(disk, 'w')
  for (let written = 0; written < SIZE; written += 8) await file.write(randomBytes(8 * 1024 * 1024))
  await file.close()
}

/** Lists the other clients that are installed. @param goal what their ratios should be */
export function listOthers(lines: Readonly<Record<string, string>>, goal?: string): Variant[] {
  const there = Object.entries(lines).filter(([name]) => isInstalled(name))
  return there.map(([name, line]) => ({name: `${name} (Python)`, line, goal}))
}

export function isInstalled(program: string): boolean {
  return spawnSync('which', [program]).status === 0
}
