/** A thread that hashes the ranges it receives, reports each slot when done, and the digest at the end. */
import {parentPort, workerData} from 'node:worker_threads'
import {createHasher} from './hash-algorithm.js'
import type {HashTask, SlotRange} from './hash-threads.js'

const {algorithm, slots} = workerData as HashTask
const hash = createHasher(algorithm)

parentPort?.on('message', (range: SlotRange | null) => {
  if (range !== null) {
    const slot = slots[range.slot]
    if (slot !== undefined) hash.update(new Uint8Array(slot, 0, range.length))
    parentPort?.postMessage(range.slot)
    return
  }
  parentPort?.postMessage(hash.digest('hex'))
  parentPort?.close()
})
