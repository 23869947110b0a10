/** A thread that hashes the slots it receives, reports each when done, and the digest at the end of the data. */
import type {Hash} from 'node:crypto'
import {parentPort, workerData} from 'node:worker_threads'
import {createHasher} from './hash-algorithm.js'
import type {HashMessage, HashSlots} from './hash-threads.js'

const slots = workerData as HashSlots
let hash: Hash | undefined

parentPort?.on('message', (message: HashMessage) => {
  if (typeof message === 'string') {
    hash = createHasher(message)
  } else if (message === null) {
    parentPort?.postMessage(hash?.digest('hex') ?? '')
  } else {
    const slot = slots[message.slot]
    if (slot !== undefined) hash?.update(new Uint8Array(slot, 0, message.length))
    parentPort?.postMessage(message.slot)
  }
})
