/** Holds the given data directory until it is killed, and prints a line once it does. */
import {writeSync} from 'node:fs'
import {Failure} from '../../../src/lib/model/errors.js'
import {openDataDirectory} from '../../../src/server/data-dir.js'

const [, , directory = '', as] = process.argv
// Root may write everywhere.
if (as === 'as-nobody' && process.getuid?.() === 0) process.setuid?.(65534)
try {
  await openDataDirectory(directory, process.pid)
  writeSync(1, 'held\n')
  // Memory pressure, so that an unreferenced lock would be collected.
  setInterval(() => Array.from({length: 1000}, () => new Array(1000).fill(0)), 1)
} catch (error) {
  if (!(error instanceof Failure)) throw error
  writeSync(1, `${error.kind}: ${error.message}: ${error.why}\n`)
}
