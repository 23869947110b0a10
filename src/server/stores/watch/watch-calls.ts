/** Objects whose asynchronous calls are watched from outside. */

/** A call that has ended. */
export interface EndedCall {
  readonly method: string
  readonly args: readonly unknown[]
  readonly milliseconds: number
  readonly result?: unknown
  /** Present if the call failed. */
  readonly error?: unknown
}

/** The object, of which each call that returns a promise is reported at its end, before the caller learns of it. */
export function watchCalls<T extends object>(object: T, onEnd: (call: EndedCall) => void): T {
  return new Proxy(object, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target)
      if (typeof member !== 'function') return member
      return (...args: unknown[]): unknown => {
        const startedAt = performance.now()
        const result: unknown = member.apply(target, args)
        if (!(result instanceof Promise)) return result
        const end = (outcome: {result: unknown} | {error: unknown}) =>
          onEnd({method: String(property), args, milliseconds: performance.now() - startedAt, ...outcome})
        result.then(
          value => end({result: value}),
          error => end({error}),
        )
        return result
      }
    },
  })
}
