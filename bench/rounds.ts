/** Ways to do the same thing, one after the other in every round, as ratios to the first: a machine's drift hits them all. */
import {spawnSync} from 'node:child_process'
import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'

/** The tool under test. */
export const GLANCE = `"${process.execPath}" "${path.resolve(import.meta.dirname, '../../bin/run.js')}"`

/** What a benchmark may write into; whoever runs it removes it. */
export const folder = mkdtempSync(path.join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'glance-bench-'))

export const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5)

/** One way to do a thing: a line of shell. */
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
 * Prints the medians of the ratios to the first way. One of another client that fails is left out.
 * @param after what brings back the state from before, not counted
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

/** Whether it can be done at all; also warms the caches of the system. */
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

/** What the line prints. @throws Error when it fails */
export function run(line: string): string {
  return spawn(line, line).stdout
}

/** With an empty home: another client keeps there what it learns, and stumbles over it the next time. */
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

/** The other clients, those that are installed. */
export function listOthers(lines: Readonly<Record<string, string>>): Variant[] {
  const there = Object.entries(lines).filter(([name]) => spawnSync('which', [name]).status === 0)
  return there.map(([name, line]) => ({name: `${name} (Python)`, line}))
}
