/** A draft: what the user wants an image to be, before any server has seen it. */

import {didYouMean} from './did-you-mean.js'
import type {Field} from './field.js'
import {type FieldArg, parseFieldArgs} from './field-args.js'
import {FIELDS, findField, type VISIBILITIES} from './fields.js'
import {parseChoice, parseMd5, parseValue} from './values.js'

/** public: everybody; community: everybody who knows of it; shared: its members; private: its project. */
export type Visibility = (typeof VISIBILITIES)[number]

/** Typed values of the fields a user may set; an absent one is left to the server, null empties it. */
export interface Draft {
  readonly id?: string
  readonly name?: string | null
  readonly isPublic?: boolean
  /** Who may use the image (v2); beats `isPublic`. */
  readonly visibility?: Visibility
  /** v2. */
  readonly tags?: readonly string[]
  /** v2. */
  readonly osHidden?: boolean
  readonly protected?: boolean
  readonly diskFormat?: string | null
  readonly containerFormat?: string | null
  /** MiB. */
  readonly minRam?: number
  /** GiB. */
  readonly minDisk?: number
  readonly owner?: string | null
  /** Bytes the data must have. */
  readonly size?: number
  /** MD5 the data must have, in hexadecimal. */
  readonly checksum?: string
  /** URL where the data already lies. */
  readonly location?: string
  /** URL from which the data is copied. */
  readonly copyFrom?: string
  /** Name of the store that the data should go to (v2). */
  readonly store?: string
  readonly properties: Readonly<Record<string, string>>
}

/** A draft, with what the user should know about words that were not taken as they stand. */
export interface DraftWithNotices {
  readonly draft: Draft
  readonly notices: readonly string[]
}

/** Words that say where the data comes from and goes to, and are no fields of an image. */
const TRANSFER_KEYS = ['copy_from', 'store']

/** What a draft is for: some fields can be given only to a new image. */
export type Purpose = 'add' | 'update'

/**
 * Reads `field=value` words by the table of FIELDS; what is no field becomes a custom property.
 * @throws Failure of kind usage for a word or a value that cannot be understood
 */
export function parseDraft(args: readonly string[], purpose: Purpose): DraftWithNotices {
  const values: Record<string, unknown> = {}
  // As a map, in which `__proto__` is a name like any other.
  const properties = new Map<string, string>()
  const notices: string[] = []
  for (const arg of parseFieldArgs(args)) {
    const field = findField(arg.key)
    if (arg.key === 'copy_from') values.copyFrom = arg.value
    else if (arg.key === 'store') values.store = arg.value
    else if (field === undefined) {
      properties.set(arg.key, arg.value)
      notices.push(...propertyNotices(arg))
    } else if (canSet(field, purpose)) values[field.attribute] = parseFieldValue(field, arg.value)
    else
      notices.push(`Found non-${purpose === 'add' ? 'settable' : 'modifiable'} field ${arg.key}. Removing.`)
  }
  return {draft: {...values, properties: Object.fromEntries(properties)}, notices}
}

/** Whether a draft may name the field. */
export function canSet({settable}: Field, purpose: Purpose): boolean {
  return settable === 'always' || (settable === 'on-add' && purpose === 'add')
}

function parseFieldValue(field: Field, text: string): unknown {
  if (field.choices) return parseChoice(field.choices, field.name, text)
  if (field.name === 'checksum') return parseMd5(text)
  const clearsField = field.kind === 'text' && text === ''
  return clearsField ? null : parseValue(field.kind, field.name, text)
}

function propertyNotices({key}: FieldArg): string[] {
  const hint = didYouMean(key, FIELDS.map(field => field.name).concat(TRANSFER_KEYS))
  return hint === '' ? [] : [`'${key}' is not an image field and is stored as a custom property.${hint}`]
}

const AMAZON_FORMATS = ['ami', 'aki', 'ari']

/**
 * The draft of a new image with the defaults of the tool filled in: not public unless it says who may use it, and the formats the service needs.
 * `ami`, `aki` and `ari` are both a disk and a container format, so one implies the other.
 * @param defaultContainer the container format where none is given: `ovf` on v1, `bare` on v2
 */
export function applyDefaults(draft: Draft, defaultContainer: string): Draft {
  const implied = findAmazonFormat(draft)
  return {
    ...(draft.visibility === undefined ? {isPublic: false} : {}),
    ...draft,
    diskFormat: draft.diskFormat ?? implied ?? 'raw',
    containerFormat: draft.containerFormat ?? implied ?? defaultContainer,
  }
}

function findAmazonFormat({diskFormat, containerFormat}: Draft): string | undefined {
  return [diskFormat, containerFormat].find(format => AMAZON_FORMATS.includes(format ?? '')) ?? undefined
}

/** The disk format that a draft names, if only by its container format. */
export function inferDiskFormat(draft: Draft): string | undefined {
  return draft.diskFormat ?? findAmazonFormat(draft)
}
