/** The properties of a field: how it is typed, parsed, sent, printed and filtered. */
import type {Image} from './image.js'

/**
 * On the command line, the items of a `list` are separated by commas. A `url` may hold a password, which is masked in
 * the output of a dry run.
 */
export type FieldKind = 'text' | 'url' | 'boolean' | 'count' | 'time' | 'list'

/**
 * Times at which the user may set the field: always, when adding the image, or never, because the service sets it. For
 * `size` and `checksum` the user announces the values that the data must have.
 */
export type Settable = 'always' | 'on-add' | 'never'

interface CommonRow {
  readonly kind: FieldKind
  readonly settable: Settable
  /** An empty text clears the field. */
  readonly clearable?: true
  /** Usable as a filter; a number is the first API version that supports it. */
  readonly filter: boolean | 2
  /** First API version with this field; every version if absent. */
  readonly since?: 2
  /** The allowed values. */
  readonly choices?: readonly string[]
  /** The values that services accept and report, of a field whose values are texts. */
  readonly known?: readonly string[]
  readonly help: string
  /** Help of the filter; absent if the field is not one. */
  readonly filterHelp?: string
}

/** A field that images have. */
interface ImageRow extends CommonRow {
  readonly attribute: Exclude<keyof Image, 'properties' | 'uri'>
  readonly draftOnly?: never
  readonly isLocal?: never
  /** Condition for a line in the output of `show` and `details`. */
  readonly shown: 'always' | 'if-set' | 'if-true'
  /** The line follows the custom properties instead of preceding them. */
  readonly afterProperties?: true
  /** The text before the value in that line. */
  readonly label: string
}

/** A field that only drafts have: no server returns it. */
interface DraftRow extends CommonRow {
  readonly attribute: 'copyFrom' | 'store' | 'sha256' | 'sha512'
  readonly draftOnly: true
  /** Compared with the data here, and never sent. */
  readonly isLocal?: true
}

/** A row of FIELDS. */
export type FieldRow = ImageRow | DraftRow

interface NamedField {
  /** The name in arguments and on the wire. */
  readonly name: string
}

/** A field that images have, with its name. */
export type ImageField = ImageRow & NamedField
/** A field with its name. */
export type Field = ImageField | (DraftRow & NamedField)
