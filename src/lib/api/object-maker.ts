/** Makes many objects with the same keys. */

/** Makes an object of keys, each given once, and their values. */
export type MakeObject = (keys: readonly string[], values: readonly unknown[]) => Record<string, unknown>

/**
 * A function that does what `Object.fromEntries` does, in a fraction of the time where the keys are those of the call
 * before: V8 keeps an object of more than 12 keys that are set one by one as a slow dictionary, but not a parsed one and
 * copies of it.
 */
export function createObjectMaker(): MakeObject {
  let known: readonly string[] = []
  let blank: Readonly<Record<string, unknown>> = {}
  return (keys, values) => {
    if (keys.length !== known.length || keys.some((key, i) => key !== known[i])) {
      known = [...keys]
      blank = JSON.parse(`{${keys.map(key => `${JSON.stringify(key)}:null`).join(',')}}`)
    }
    const made = {...blank}
    for (let i = 0; i < known.length; i++) made[known[i] ?? ''] = values[i]
    return made
  }
}
