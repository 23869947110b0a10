/** Several things at once, whose results come in the order in which the things were given. */

/**
 * Never has more than so many under way. When one throws, no further one is begun, and those under way are waited for.
 * @param concurrency how many at once
 */
export async function* mapInOrder<T, R>(
  items: readonly T[],
  concurrency: number,
  act: (item: T) => Promise<R>,
): AsyncGenerator<readonly [T, R]> {
  const started: Promise<R>[] = []
  try {
    for (const [index, item] of items.entries()) {
      for (const upcoming of items.slice(started.length, index + concurrency))
        started.push(markHandled(act(upcoming)))
      const result = started[index]
      if (result !== undefined) yield [item, await result]
    }
  } finally {
    await Promise.allSettled(started)
  }
}

/** What fails before its turn has come is not unheard. */
function markHandled<R>(work: Promise<R>): Promise<R> {
  work.catch(() => {})
  return work
}
