/** Stores that log what they do. */
import {redactUrl} from '../redact-url.js'
import type {ReadableStore} from '../store.js'
import {watchCalls} from './watch-calls.js'

/** The store, which logs each call after its end. @param name of the store in the log */
export function withSteps<S extends ReadableStore>(store: S, name: string, log: (step: string) => void): S {
  return watchCalls(store, call => {
    const outcome = 'error' in call ? `failed with ${describeError(call.error)}` : 'done'
    const target = `${call.method} ${describeTarget(call.args[0])}${describeSize(call.result)}`
    log(`store ${name} ${outcome} in ${call.milliseconds.toFixed(1)}ms: ${target}`)
  })
}

/** The key or the location of the data; a sweep has none. */
function describeTarget(target: unknown): string {
  if (typeof target !== 'string') return ''
  return target.includes(':') ? redactUrl(target) : target
}

function describeSize(result: unknown): string {
  const size = typeof result === 'object' && result !== null && 'size' in result ? result.size : undefined
  return size === undefined ? '' : `, ${size} bytes`
}

/** The code or the name of the error; messages may quote locations. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  return 'code' in error ? String(error.code) : error.name
}
