/** The interface that turns records into the text of a format, as they arrive. */
import type {JsonObject} from '../../../model/json-object.js'

/** Formats one list, part by part. Holds nothing of the parts. */
export interface RecordFormatter {
  /** The text of the next records, after the beginning of the list if they are the first ones. */
  format(records: readonly JsonObject[]): string
  /** The text after the last record, or that of an empty list. */
  end(): string
}
