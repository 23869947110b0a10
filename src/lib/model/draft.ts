/** Drafts: the metadata that a user gives for an image, before it is sent. */

import {suggestField} from './did-you-mean.js'
import {usageError} from './errors.js'
import type {Field} from './field.js'
import {type FieldArg, parseFieldArgs, toDigestArgs} from './field-args.js'
import {FIELDS, findField, type KnownField} from './fields.js'
import type {Image} from './image.js'
import {isDigestName, parseChoice, parseDigest, parseValue} from './values.js'

/** Source and destination of the data. */
interface TransferAttributes {
  /** URL to copy the data from. */
  readonly copyFrom?: string
  /** Store to upload the data to. */
  readonly store?: string
  /** SHA-256 that the data must have, in lower-case hexadecimal. */
  readonly sha256?: string
  /** SHA-512 that the data must have, in lower-case hexadecimal. */
  readonly sha512?: string
}

type Attributes = Image & TransferAttributes
type SettableField = Exclude<KnownField, {settable: 'never'}>
type Settables = Pick<Attributes, SettableField['attribute']>

type DraftValue<Row> = Row extends {choices: readonly (infer Choice)[]}
  ? Choice
  : Row extends {clearable: true}
    ? string | null
    : Row extends KnownField
      ? NonNullable<Attributes[Row['attribute']]>
      : never

/**
 * Typed values of the fields that a user may set, by the table of FIELDS. The server chooses an absent one; null clears
 * it. `visibility` overrides `isPublic`; the data must have this `size` (bytes) and `checksum` (MD5).
 */
export type Draft = {
  readonly [Attribute in keyof Settables]?: DraftValue<Extract<SettableField, {attribute: Attribute}>>
} & {readonly properties: Readonly<Record<string, string>>}

/** A draft, and notices about arguments that were dropped or may be misspelt. */
export interface DraftWithNotices {
  readonly draft: Draft
  readonly notices: readonly string[]
}

/** The use of a draft: some fields can be given only to a new image. */
export type Purpose = 'add' | 'update'

/**
 * Parses `field=value` arguments by the table of FIELDS; any other name becomes a custom property.
 * @throws Failure of kind usage for an invalid argument or value
 */
export function parseDraft(args: readonly string[], purpose: Purpose): DraftWithNotices {
  const values: Record<string, unknown> = {}
  // As a map, in which `__proto__` is a name like any other.
  const properties = new Map<string, string>()
  const notices: string[] = []
  for (const arg of toDigestArgs(parseFieldArgs(args))) {
    rejectReserved(arg)
    const field = findField(arg.key)
    if (field === undefined) {
      properties.set(arg.key, arg.value)
      notices.push(...propertyNotices(arg))
    } else if (canSet(field, purpose)) values[field.attribute] = parseFieldValue(field, arg.value)
    else
      notices.push(`Found non-${purpose === 'add' ? 'settable' : 'modifiable'} field ${arg.key}. Removing.`)
  }
  return {draft: {...values, properties: Object.fromEntries(properties)}, notices}
}

/** The fields that a draft names, each with its value, in the order of FIELDS. */
export function draftEntries(draft: Draft): (readonly [Field, unknown])[] {
  const values: Partial<Record<Field['attribute'], unknown>> = draft
  const named = FIELDS.filter(
    ({attribute, settable}) => settable !== 'never' && values[attribute] !== undefined,
  )
  return named.map(field => [field, values[field.attribute]])
}

/** True if a draft for this purpose may have the field. */
export function canSet({settable}: Field, purpose: Purpose): boolean {
  return settable === 'always' || (settable === 'on-add' && purpose === 'add')
}

const NO_ID_ADVICE = 'Leave out id= to let the service choose one.'

/** The value of a field from its text. @throws Failure of kind usage for an invalid one */
export function parseFieldValue(field: Field, text: string): unknown {
  if (field.choices) return parseChoice(field.choices, field.name, text)
  if (isDigestName(field.name)) return parseDigest(field.name, text)
  if (field.clearable && text === '') return null
  if (field.name === 'id' && text === '')
    throw usageError("invalid id '': expected a UUID", {advice: NO_ID_ADVICE})
  return field.known ? parseChoice(field.known, field.name, text) : parseValue(field.kind, field.name, text)
}

/** Fields that the service sets, and that are easily mistaken for one of a draft. */
const PLURALS = ['stores', 'locations']

function rejectReserved({key, value}: FieldArg): void {
  const advice = PLURALS.includes(key) ? `Did you mean '${key.slice(0, -1)}'?` : `Write --file ${value}`
  if (key !== 'file' && !PLURALS.includes(key)) return
  throw usageError(`invalid property name '${key}'`, {why: 'Image API v2 reserves this name', advice})
}

function propertyNotices({key}: FieldArg): string[] {
  const hint = suggestField(
    key,
    FIELDS.map(field => field.name),
  )
  return hint === '' ? [] : [`'${key}' is not an image field and is stored as a custom property.${hint}`]
}

/** @throws Failure of kind `usage` for a store without data to put into it */
export function requireDataForStore({store}: Draft, hasData: boolean): void {
  if (store === undefined || hasData) return
  throw usageError(`cannot use the store '${store}'`, {why: 'store= requires data to upload'})
}

const AMAZON_FORMATS = ['ami', 'aki', 'ari']

/**
 * The draft of a new image with the defaults of the tool: not public, and with the formats that the service requires.
 * `ami`, `aki` and `ari` are both a disk and a container format, so one implies the other.
 * @param defaultContainer default container format: `ovf` on v1, `bare` on v2
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

/**
 * Refuses one of `ami`, `aki` and `ari` together with another format. Version 1 of the API does too (wire/v1.md#f26);
 * version 2 stores it.
 * @throws Failure of kind usage
 */
export function requireMatchingFormats(draft: Draft): void {
  const {diskFormat, containerFormat} = draft
  const implied = findAmazonFormat(draft)
  if (implied === undefined || !diskFormat || !containerFormat || diskFormat === containerFormat) return
  throw usageError(`disk_format ${diskFormat} and container_format ${containerFormat} exclude each other`, {
    why: 'ami, aki and ari are both a disk and a container format',
    advice: `Give disk_format=${implied} alone.`,
  })
}

function findAmazonFormat({diskFormat, containerFormat}: Draft): string | undefined {
  return [diskFormat, containerFormat].find(format => AMAZON_FORMATS.includes(format ?? '')) ?? undefined
}

/** The disk format of a draft, which its container format may imply. */
export function inferDiskFormat(draft: Draft): string | undefined {
  return draft.diskFormat ?? findAmazonFormat(draft)
}
