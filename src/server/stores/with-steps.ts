/** Stores that log what they do. */
import {redactUrl} from './redact-url.js'
import type {ReadableStore} from './store.js'

/** Methods that wait for a disk or a server. */
const STEPS: ReadonlySet<string | symbol> = new Set(['put', 'get', 'getSize', 'check', 'delete', 'sweep'])

/** The store, which logs each call after its end. @param name of the store in the log */
export function withSteps<S extends ReadableStore>(store: S, name: string, log: (step: string) => void): S {
  return new Proxy(store, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target)
      if (typeof member !== 'function') return member
      if (!STEPS.has(property)) return member.bind(target)
      return async (...args: unknown[]): Promise<unknown> => {
        const startedAt = performance.now()
        const end = (outcome: string, size = '') => {
          const milliseconds = (performance.now() - startedAt).toFixed(1)
          const call = `${String(property)} ${describeTarget(args[0])}${size}`
          log(`store ${name} ${outcome} in ${milliseconds}ms: ${call}`)
        }
        try {
          const result: unknown = await member.apply(target, args)
          end('done', describeSize(result))
          return result
        } catch (error) {
          end(`failed with ${describeError(error)}`)
          throw error
        }
      }
    },
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
