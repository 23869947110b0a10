/** The positional arguments of commands. Never read from standard input, which carries image data. */
import * as Args from '@oclif/core/args'
import {type Failure, usageError} from '../model/errors.js'
import {MEMBER_STATUSES} from '../model/image.js'
import {SHELLS, type Values} from './completion/table.js'

/** An argument that a command requires, with the failure for its absence. */
export interface RequiredArg {
  readonly missing: () => Failure
}

/** What completion suggests for an argument. */
const suggest = (completes: Values) => ({completes})

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
  Args.string({
    ...required('ID or name of the image', message, example),
    ...suggest({source: 'image'}),
    ignoreStdin: true,
  })

/** One image or more. @param message message if it is missing @param example a complete command */
export const imagesArg = (message: string, example: string) =>
  Args.string({
    ...required('IDs or names of the images', message, example),
    ...suggest({source: 'image'}),
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
    ...suggest({choices: MEMBER_STATUSES}),
    ignoreStdin: true,
  })

/** A shell. @param message message if it is missing @param example a complete command */
export const shellArg = (message: string, example: string) =>
  Args.string({
    ...required('Shell: bash, zsh or fish', message, example),
    ...suggest({choices: SHELLS}),
    ignoreStdin: true,
  })

/** The image and the member, for sharing. @param example a complete command */
export const sharingArgs = (example: string) => ({
  image: imageArg(SHARING, example),
  member: memberArg(SHARING, example),
})

/** Fields of a draft. @param use completion suggests the fields of new images, or those that can be changed */
export const fieldsArg = (use: 'add' | 'update') =>
  Args.string({
    ...list('Fields and custom properties, as field=value'),
    ...suggest({source: use}),
    ignoreStdin: true,
  })

/** Filters of a list. */
export const filtersArg = Args.string({
  ...list('Filters, as field=value'),
  ...suggest({source: 'filter'}),
  ignoreStdin: true,
})

/** The failure for a missing argument; undefined if it is not a required one. */
export function missingArg(arg: unknown): Failure | undefined {
  return typeof arg === 'object' && arg !== null && 'missing' in arg
    ? (arg as RequiredArg).missing()
    : undefined
}
