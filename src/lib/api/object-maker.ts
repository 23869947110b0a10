/** Makes many objects with the same keys. */
import {createBlanks} from '../model/json-object.js'

/** Makes an object of keys, each given once, and their values. */
export type MakeObject = (keys: readonly string[], values: readonly unknown[]) => Record<string, unknown>

/**
 * A function that does what `Object.fromEntries` does, in a fraction of the time where the keys are those of the call
 * before.
 */
export function createObjectMaker(): MakeObject {
  let known: readonly string[] = []
  let createBlank = createBlanks(known)
  return (keys, values) => {
    if (keys.length !== known.length || keys.some((key, i) => key !== known[i])) {
      known = [...keys]
      createBlank = createBlanks(known)
    }
    const made = createBlank()
    for (let i = 0; i < known.length; i++) made[known[i] ?? ''] = values[i]
    return made
  }
}
