/** The properties of a field: how it is typed, parsed, sent, printed and filtered. */
import type {Image} from './image.js'

/** A `list` has commas between its items where people type it; a `url` may hold a password, which is masked in plans. */
export type FieldKind = 'text' | 'url' | 'boolean' | 'count' | 'time' | 'list'

/**
 * Who gives a field its value: the user at any time, only when the image is added, or the server. Of `size` and `checksum`
 * the user says what they must be, whenever there is data.
 */
export type Settable = 'always' | 'on-add' | 'never'

interface CommonRow {
  readonly kind: FieldKind
  readonly settable: Settable
  /** An empty text clears the field. */
  readonly clearable?: true
  /** May narrow a list; a number is the version of the Image API from which it may. */
  readonly filter: boolean | 2
  /** The version of the Image API that brought the field; without it, every version has it. */
  readonly since?: 2
  /** The only values there are. */
  readonly choices?: readonly string[]
  readonly help: string
}

/** A field that images have. */
interface ImageRow extends CommonRow {
  readonly attribute: Exclude<keyof Image, 'properties' | 'uri'>
  readonly draftOnly?: never
  /** When `show` and `details` print a line for the field. */
  readonly shown: 'always' | 'if-set' | 'if-true'
  /** The line follows the custom properties instead of preceding them. */
  readonly afterProperties?: true
  /** The text before the value in that line. */
  readonly label: string
}

/** A field that only drafts have: no server returns it. */
interface DraftRow extends CommonRow {
  readonly attribute: 'copyFrom' | 'store'
  readonly draftOnly: true
}

export type FieldRow = ImageRow | DraftRow

interface Named {
  /** As users and the wire write it. */
  readonly name: string
}

export type ImageField = ImageRow & Named
export type Field = ImageField | (DraftRow & Named)
