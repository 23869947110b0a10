/** The positional arguments of commands. Never read from standard input, which carries image data. */
import * as Args from '@oclif/core/args'
import {type Failure, usageError} from '../model/errors.js'

/** An argument that a command requires, with the failure for its absence. */
export interface RequiredArg {
  readonly missing: () => Failure
}

const SHARING = 'Please specify the image ID and the member name'

/**
 * Properties of an argument that is required and not empty.
 * @param message message of the failure if it is missing
 * @param example a complete command
 */
function required(description: string, message: string, example: string) {
  const missing = () => usageError(message, {advice: `Example: ${example}`})
  return {
    description,
    required: true as const,
    missing,
    parse: async (text: string) => {
      if (text === '') throw missing()
      return text
    },
  }
}

const list = (description: string) => ({description, multiple: true as const, default: []})

/** One image. @param message message if it is missing @param example a complete command */
export const imageArg = (message: string, example: string) =>
  Args.string({...required('ID or name of the image', message, example), ignoreStdin: true})

/** One image or more. @param message message if it is missing @param example a complete command */
export const imagesArg = (message: string, example: string) =>
  Args.string({
    ...required('IDs or names of the images', message, example),
    multiple: true,
    ignoreStdin: true,
  })

/** One member. @param message message if it is missing @param example a complete command */
export const memberArg = (message: string, example: string) =>
  Args.string({...required('ID of the project', message, example), ignoreStdin: true})

/** The status of a member. @param message message if it is missing @param example a complete command */
export const memberStatusArg = (message: string, example: string) =>
  Args.string({
    ...required('Membership status: accepted, rejected or pending', message, example),
    ignoreStdin: true,
  })

/** The image and the member, for sharing. @param example a complete command */
export const sharingArgs = (example: string) => ({
  image: imageArg(SHARING, example),
  member: memberArg(SHARING, example),
})

/** Fields of a draft. */
export const fieldsArg = Args.string({
  ...list('Fields and custom properties, as field=value'),
  ignoreStdin: true,
})

/** The rest of the arguments of `copy`. */
export const copyArg = Args.string({
  ...list('More images; the target, as CLOUD: or CLOUD:NAME; fields of the copy, as field=value'),
  ignoreStdin: true,
})

/** Filters of a list. */
export const filtersArg = Args.string({...list('Filters, as field=value'), ignoreStdin: true})

/** The failure for a missing argument; undefined if it is not a required one. */
export function missingArg(arg: unknown): Failure | undefined {
  return typeof arg === 'object' && arg !== null && 'missing' in arg
    ? (arg as RequiredArg).missing()
    : undefined
}
