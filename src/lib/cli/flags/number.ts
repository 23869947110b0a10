/** Flags that take a number. */
import * as Flags from '@oclif/core/flags'
import {usageError} from '../../model/errors.js'

/** A number that must be at least `min`; anything else is refused by name. */
export const wholeNumber = (name: string, min: number) => ({
  parse: async (text: string): Promise<number> => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= min && Number.isSafeInteger(number)) return number
    throw usageError(`--${name} takes a whole number of at least ${min}, not '${text}'`)
  },
})
export const numberFlag = Flags.custom<number>()
