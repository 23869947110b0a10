/** Flags that take a number. */
import * as Flags from '@oclif/core/flags'
import {usageError} from '../../model/errors.js'

/** A flag with a number; add `wholeNumber`. */
export const numberFlag = Flags.custom<number>()

/** A parser for whole numbers from `min` to `max`; its failures name the flag. */
export const wholeNumber = (name: string, min: number, max = Number.MAX_SAFE_INTEGER) => ({
  parse: async (text: string): Promise<number> => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= min && number <= max) return number
    const expected =
      max < Number.MAX_SAFE_INTEGER ? `a number from ${min} to ${max}` : `a whole number, ${min} or greater`
    throw usageError(`invalid --${name} '${text}': expected ${expected}`)
  },
})
