/** A thread that hashes: it is told which part of which slot comes next, says when it is done, and gives the digest at the end. */
import {createHash} from 'node:crypto'
import {parentPort, workerData} from 'node:worker_threads'
import type {HashTask, Portion} from './hash-threads.js'

const {algorithm, slots} = workerData as HashTask
const hash = createHash(algorithm)

parentPort?.on('message', (portion: Portion | null) => {
  if (portion !== null) {
    const slot = slots[portion.slot]
    if (slot !== undefined) hash.update(new Uint8Array(slot, 0, portion.length))
    parentPort?.postMessage(portion.slot)
    return
  }
  parentPort?.postMessage(hash.digest('hex'))
  parentPort?.close()
})
