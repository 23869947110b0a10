/**
 * The positional arguments of commands. A missing one is never read from standard input, which carries image data; `-` is
 * replaced by the ids on standard input in `GlanceCommand.readIds`.
 */
import * as Args from '@oclif/core/args'
import {type Failure, usageError} from '../model/errors.js'
import {MEMBER_STATUSES} from '../model/image.js'
import type {Project, Sharing} from '../work/changes/sharing.js'
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
  const missing = () => missingError(message, example)
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

/** One value that completion suggests. */
const suggestedArg =
  (description: string, values: Parameters<typeof suggest>[0]) => (message: string, example: string) =>
    Args.string({...required(description, message, example), ...suggest(values), ignoreStdin: true})

/** Values that completion suggests, possibly none. */
const anySuggestedArg = (description: string, values: Parameters<typeof suggest>[0]) =>
  Args.string({...list(description), ...suggest(values), ignoreStdin: true})

/** One image, or `-`. @param message message if it is missing @param example a complete command */
export const imageArg = suggestedArg('ID or name of the image', {source: 'image'})

/** Images, possibly none. */
export const anyImagesArg = anySuggestedArg('IDs or names of the images', {source: 'image'})

/** The failure for a missing argument. @param example a complete command */
export function missingError(message: string, example: string): Failure {
  return usageError(message, {advice: `Example: ${example}`})
}

/** One image or more, or `-`. @param message message if it is missing @param example a complete command */
export const imagesArg = (message: string, example: string) =>
  Args.string({
    ...required('IDs or names of the images', message, example),
    ...suggest({source: 'image'}),
    multiple: true,
    ignoreStdin: true,
  })

const memberArg = (message: string, example: string) =>
  Args.string({...required('ID or name of the project', message, example), ignoreStdin: true})

/** One member or more, or `-`. @param message message if it is missing @param example a complete command */
export const membersArg = (message: string, example: string) =>
  Args.string({
    ...required('IDs or names of the projects', message, example),
    multiple: true,
    ignoreStdin: true,
  })

const memberStatusArg = suggestedArg('Membership status: accepted, rejected or pending', {
  choices: MEMBER_STATUSES,
})

/** A store. @param message message if it is missing @param example a complete command */
export const storeArg = suggestedArg('ID of the store', {source: 'store'})

/** Stores, possibly none. */
export const anyStoresArg = anySuggestedArg('IDs of the stores', {source: 'store'})

/** One task or more. @param message message if it is missing @param example a complete command */
export const tasksArg = (message: string, example: string) =>
  Args.string({...required('IDs of the tasks', message, example), multiple: true, ignoreStdin: true})

/** A shell. @param message message if it is missing @param example a complete command */
export const shellArg = (message: string, example: string) =>
  Args.string({
    ...required('Shell: bash, zsh or fish', message, example),
    ...suggest({choices: SHELLS}),
    ignoreStdin: true,
  })

/** The image and its members, for sharing. @param example a complete command */
export const sharingArgs = (example: string) => ({
  image: imageArg(SHARING, example),
  members: membersArg(SHARING, example),
})

/** The image and one member, for its status. @param example a complete command */
export const membershipArgs = (example: string) => ({
  image: imageArg(SHARING, example),
  member: memberArg(SHARING, example),
  status: memberStatusArg('Please specify the status: accepted, rejected or pending', example),
})

/** Fields of a draft. @param use completion suggests the fields of new images, or those that can be changed */
export const fieldsArg = (use: 'add' | 'update') =>
  Args.string({
    ...list('Fields and custom properties, as field=value'),
    ...suggest({source: use}),
    ignoreStdin: true,
  })

/** The rest of the arguments of `copy`. */
export const copyArg = Args.string({
  ...list('More images; the target, as CLOUD: or CLOUD:NAME; fields of the copy, as field=value'),
  ...suggest({source: 'copy'}),
  ignoreStdin: true,
})

/** Filters of a list. */
export const filtersArg = Args.string({
  ...list('Filters, as field=value'),
  ...suggest({source: 'filter'}),
  ignoreStdin: true,
})

/** Splits the arguments of `update`: the images are the first one, and those without `=` that follow it. */
export function splitImages({image, fields}: {readonly image: string; readonly fields: readonly string[]}): {
  readonly images: readonly string[]
  readonly fields: readonly string[]
} {
  const first = fields.findIndex(text => text.includes('='))
  const end = first < 0 ? fields.length : first
  return {images: [image, ...fields.slice(0, end)], fields: fields.slice(end)}
}

/** The failure for a missing argument; undefined if it is not a required one. */
export function missingArg(arg: unknown): Failure | undefined {
  return typeof arg === 'object' && arg !== null && 'missing' in arg
    ? (arg as RequiredArg).missing()
    : undefined
}

/** The parts of a command that are read. */
interface SharingSource {
  readonly args: {readonly image: string; readonly members: readonly string[]}
  /** Default: the members may not share the image further. */
  readonly canShare?: boolean
  readonly connection: {readonly findProject: (nameOrId: string) => Promise<Project>}
}

/** The images and members that arguments name. @param readIds expands `-` */
export async function readSharing(
  {args, canShare = false, connection}: SharingSource,
  readIds: (args: readonly string[]) => Promise<readonly string[]>,
): Promise<Sharing> {
  return {
    images: await readIds([args.image]),
    members: await readIds(args.members),
    canShare,
    findProject: connection.findProject,
  }
}
