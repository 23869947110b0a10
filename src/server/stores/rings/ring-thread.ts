/** A thread that hashes the slots of a ring in their order, and reports the digest at the end of each data. */
import {createHash} from 'node:crypto'
import {parentPort, workerData} from 'node:worker_threads'
import {END, LENGTH_COUNT, PLACE, type RingReport, type RingThreadData} from './thread-ring.js'

const {slots, numbers, algorithm, place} = workerData as RingThreadData
let hash = createHash(algorithm)

// Ends when the thread is terminated.
for (let slot = Atomics.load(numbers, place); ; slot++) {
  while (Atomics.load(numbers, PLACE.passed) === slot) Atomics.wait(numbers, PLACE.passed, slot)
  const length = numbers[PLACE.lengths + (slot % LENGTH_COUNT)] ?? 0
  if (length === END) {
    report(hash.digest('hex'))
    hash = createHash(algorithm)
  } else {
    hash.update(new Uint8Array(slots[slot % slots.length]!, 0, length))
  }
  Atomics.store(numbers, place, slot + 1)
  wakeSender()
}

function wakeSender(): void {
  const awaited = Atomics.load(numbers, PLACE.awaited)
  const hashed = Math.min(Atomics.load(numbers, PLACE.md5), Atomics.load(numbers, PLACE.sha512))
  if (awaited === 0 || hashed < awaited) return
  if (Atomics.compareExchange(numbers, PLACE.awaited, awaited, 0) === awaited) report(undefined)
}

function report(value: RingReport): void {
  parentPort?.postMessage(value)
}
