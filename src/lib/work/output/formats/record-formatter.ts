/** The interface that turns records into the text of a format, as they arrive. */
import type {OutputTraits} from '../../../io/output-traits.js'
import type {JsonObject} from '../../../model/json-object.js'

/** The output that a formatter formats for. */
export interface FormatterSink {
  readonly traits: OutputTraits
  /** The record without secrets. */
  mask(record: JsonObject): JsonObject
  /** False for the JSON of a record that may have a secret in it. */
  isClean(json: string): boolean
}

/** Formats one list, part by part. Holds nothing of the parts. */
export interface RecordFormatter {
  /** The text of the next records, after the beginning of the list if they are the first ones. */
  format(records: readonly JsonObject[]): string
  /** The text after the last record, or that of an empty list. */
  end(): string
}
