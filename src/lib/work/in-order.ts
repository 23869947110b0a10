/** Several things at once, whose results come in the order in which the things were given. */

/**
 * Never has more than so many under way. When one throws, no further one is begun, and those under way are waited for.
 * @param ways how many at once
 */
export async function* inOrder<T, R>(
  items: readonly T[],
  ways: number,
  act: (item: T) => Promise<R>,
): AsyncGenerator<readonly [T, R]> {
  const begun: Promise<R>[] = []
  try {
    for (const [index, item] of items.entries()) {
      for (const ahead of items.slice(begun.length, index + ways)) begun.push(handled(act(ahead)))
      const result = begun[index]
      if (result !== undefined) yield [item, await result]
    }
  } finally {
    await Promise.allSettled(begun)
  }
}

/** What fails before its turn has come is not unheard. */
function handled<R>(work: Promise<R>): Promise<R> {
  work.catch(() => {})
  return work
}
