/** The properties of a field: how it is typed, set, printed and filtered. */
import type {Image} from './image.js'

/** On the command line, the items of a `list` are separated by commas. */
export type FieldKind = 'text' | 'boolean' | 'count' | 'time' | 'list'

/**
 * Who sets the field: the user at any time, the user when adding the image, or the service. For `size` and `checksum`
 * the user announces the values that the data must have.
 */
export type Settable = 'always' | 'on-add' | 'never'

export interface Field {
  /** The name in arguments and on the wire. */
  readonly name: string
  readonly attribute: Exclude<keyof Image, 'properties' | 'uri'>
  readonly kind: FieldKind
  readonly settable: Settable
  /** Usable as a filter; a number is the first API version that supports it. */
  readonly filter: boolean | 2
  /** First API version with this field; every version if absent. */
  readonly since?: 2
  /** The allowed values. */
  readonly choices?: readonly string[]
  /** Label in the output of `show` and `details`. */
  readonly label: string
  readonly help: string
  /** Help of the filter. */
  readonly filterHelp?: string
}
