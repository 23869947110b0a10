/** A thread that hashes the bytes it receives, reports how many portions are done, and the digest at the end of the data. */
import type {Hash} from 'node:crypto'
import {parentPort} from 'node:worker_threads'
import {createHasher} from './hash-algorithm.js'
import type {HashMessage} from './hash-threads.js'

/** Portions that are reported together: a message for each would cost more, and later ones would make the sender wait. */
const REPORT_COUNT = 4

let hash: Hash | undefined
let hashed = 0

parentPort?.on('message', (message: HashMessage) => {
  if (typeof message === 'string') {
    hash = createHasher(message)
  } else if (message === null) {
    report()
    parentPort?.postMessage(hash?.digest('hex') ?? '')
  } else {
    hash?.update(message)
    hashed += 1
    if (hashed === REPORT_COUNT) report()
    // Runs when no more portions wait.
    else if (hashed === 1) setImmediate(report)
  }
})

function report(): void {
  if (hashed > 0) parentPort?.postMessage(hashed)
  hashed = 0
}
