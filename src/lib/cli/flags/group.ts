/** Groups of flags, declarations that belong together with one function that reads their values; and flags with a number. */
import * as Flags from '@oclif/core/flags'
import type {FlagInput} from '@oclif/core/interfaces'
import type {Io} from '../../io/io.js'
import {usageError} from '../../model/errors.js'
import type {Notes} from '../../model/notes.js'
import type {Progress} from '../../work/progress/progress.js'

/** The values of flags as the framework parses them. */
export type ParsedFlags<F> = F extends FlagInput<infer Values> ? Values : never

/** The surroundings in which flags are read: the process, and the output of the command. */
export interface FlagContext {
  readonly io: Io
  readonly display: FlagDisplay
}

/** The part of `Display` that flags use. */
export interface FlagDisplay extends Notes {
  onForcedExit(message: string | undefined): void
  adopt(progress: Progress): Progress
}

/** Flags, and the value that they describe. */
export interface FlagGroup<F extends FlagInput, Value> {
  readonly flags: F
  /** @throws Failure of kind `usage` for values that do not go together */
  read(parsed: ParsedFlags<F>, context: FlagContext): Value
}

/** A group whose types are inferred from its flags. */
export function flagGroup<F extends FlagInput, Value>(group: FlagGroup<F, Value>): FlagGroup<F, Value> {
  return group
}

/** The same flag, described for a command in which its effect is another one. */
export const withDescription = <F extends FlagInput[string]>(flag: F, description: string): F => ({
  ...flag,
  description,
})

/** An option that may be given without a value. @param bare the value that it then has */
export const standaloneFlag = <F extends FlagInput[string]>(flag: F, bare: string): F => ({...flag, bare})

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
