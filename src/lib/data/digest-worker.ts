/** A thread that hashes the ranges it receives, reports each slot when done, and the digest at the end. */
import {createHash} from 'node:crypto'
import {parentPort, workerData} from 'node:worker_threads'
import type {HashTask, SlotRange} from './hash-threads.js'

const {algorithm, slots} = workerData as HashTask
const hash = createHash(algorithm)

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
