/** Concurrent work on items, with the results in their order. */

/**
 * Performs an action on each item, several at the same time. When one fails, no further one is started, and those that
 * are running are awaited. Only the results that are not yet read are kept.
 * @param concurrency maximum number of actions at the same time
 * @returns each item with its result, in the order of the items
 * @throws the first error
 */
export async function* mapInOrder<T, R>(
  items: readonly T[],
  concurrency: number,
  act: (item: T) => Promise<R>,
): AsyncGenerator<readonly [T, R]> {
  const running: Promise<R>[] = []
  try {
    for (const [index, item] of items.entries()) {
      for (const upcoming of items.slice(index + running.length, index + concurrency))
        running.push(markHandled(act(upcoming)))
      const result = running.shift()
      if (result !== undefined) yield [item, await result]
    }
  } finally {
    await Promise.allSettled(running)
  }
}

/** Avoids an unhandled rejection while earlier items are awaited. */
function markHandled<R>(work: Promise<R>): Promise<R> {
  work.catch(() => {})
  return work
}
