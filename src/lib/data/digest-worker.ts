/** A thread that hashes the bytes it receives, reports each portion when done, and the digest at the end of the data. */
import type {Hash} from 'node:crypto'
import {parentPort} from 'node:worker_threads'
import {createHasher} from './hash-algorithm.js'
import type {HashMessage} from './hash-threads.js'

let hash: Hash | undefined

parentPort?.on('message', (message: HashMessage) => {
  if (typeof message === 'string') {
    hash = createHasher(message)
  } else if (message === null) {
    parentPort?.postMessage(hash?.digest('hex') ?? '')
  } else {
    hash?.update(message)
    parentPort?.postMessage(null)
  }
})
