/** Remembers what follows from the keys of an object: in a list, objects with the same keys come one after another. */

/**
 * A function that does what `derive` does with the keys of an object, which it calls only if they are not those of the
 * object before.
 */
export function cacheByKeys<Derived>(
  derive: (keys: readonly string[]) => Derived,
): (object: object) => Derived {
  let known: readonly string[] = []
  let derived = derive(known)
  return object => {
    const keys = Object.keys(object)
    if (!areEqual(keys, known)) {
      derived = derive(keys)
      known = keys
    }
    return derived
  }
}

/** A loop, because `every` takes several times as long. */
function areEqual(keys: readonly string[], others: readonly string[]): boolean {
  if (keys.length !== others.length) return false
  for (let i = 0; i < keys.length; i++) if (keys[i] !== others[i]) return false
  return true
}
