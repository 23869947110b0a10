/**
 * All benchmarks one after the other, or those that the arguments name: `npm run bench -- start lists`. Each prints ratios from
 * interleaved rounds; its file says what BENCH_ROUNDS, BENCH_SIZE and the other variables do.
 */
import {spawnSync} from 'node:child_process'
import path from 'node:path'

const PARTS = ['start', 'transfer', 'service', 'lists', 'installed']

const named = process.argv.slice(2)
const unknown = named.find(part => !PARTS.includes(part))
if (unknown === undefined) {
  for (const part of named.length > 0 ? named : PARTS) {
    console.log(`\n== ${part}`)
    const {status} = spawnSync(process.execPath, [path.join(import.meta.dirname, `${part}.js`)], {
      stdio: 'inherit',
    })
    if (status !== 0) process.exitCode = 1
  }
} else {
  console.error(`invalid benchmark ${unknown}: expected ${PARTS.join(', ')}`)
  process.exitCode = 2
}
