/** Variants of one task, run one after the other in every round, as ratios to the first, so that a drift of the machine affects all of them. */
import {spawnSync} from 'node:child_process'
import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'

/** The tool under test. */
export const GLANCE = `"${process.execPath}" "${path.resolve(import.meta.dirname, '../../bin/run.js')}"`

/** The folder of a benchmark; the caller removes it. */
export const folder = mkdtempSync(path.join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'glance-bench-'))

export const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5)

/** One variant of the task: a shell command. */
export interface Variant {
  readonly name: string
  readonly line: string
}

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
  const runnable = variants.filter(way => canRun(way, after))
  const took = runnable.map((): Measurement[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, {line}] of runnable.entries()) {
      took[index]?.push(measure(line))
      after()
    }
  }
  console.log(`\n${what.padEnd(26)} time              processor time`)
  for (const [index, {name}] of runnable.entries()) {
    const columns = (['clock', 'work'] as const).map(unit => ratios(took[index], took[0], unit))
    console.log(`  ${name.padEnd(24)} ${columns.join('  ')}`)
  }
}

function ratios(
  ours: readonly Measurement[] = [],
  first: readonly Measurement[] = [],
  unit: keyof Measurement,
): string {
  const sorted = ours.map((took, round) => took[unit] / (first[round]?.[unit] || 1)).sort((a, b) => a - b)
  const [least = 0, middle = 0, most = 0] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
  return `${middle.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`
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

function measure(line: string): Measurement {
  const {stderr} = spawn(`TIMEFORMAT='%R %U %S'; time { ${line}; }`, line)
  const [clock = 0, user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  return {clock, work: user + system}
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

/** Lists the other clients that are installed. */
export function listOthers(lines: Readonly<Record<string, string>>): Variant[] {
  const there = Object.entries(lines).filter(([name]) => spawnSync('which', [name]).status === 0)
  return there.map(([name, line]) => ({name: `${name} (Python)`, line}))
}
